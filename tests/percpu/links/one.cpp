// Usage: one [plugin.so]. Counts in two translation units from several threads; with a plugin also loads and unloads that,
// while a thread that used it last sleeps.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "shared.hpp"

namespace {

void expect(bool is_right, const char* what) {
    if (is_right) return;
    std::printf("wrong: %s\n", what);
    std::exit(1);
}

// The descriptor of the last sequence lies in the plugin. When the thread wakes up the plugin is gone.
void use_plugin(const char* path) {
    for (int round = 0; round < 3; ++round) {
        void* const plugin = dlopen(path, RTLD_NOW);
        if (plugin == nullptr) std::printf("%s\n", dlerror());
        expect(plugin != nullptr, "dlopen");
        const auto count = reinterpret_cast<long (*)()>(dlsym(plugin, "plugin_count"));
        expect(count != nullptr, "dlsym");
        int used[2], gone[2];
        expect(pipe(used) == 0 && pipe(gone) == 0, "pipe");
        std::thread sleeper([&] {
            char byte = 0;
            expect(write(used[1], &byte, 1) == 1, "write");  // resolves write() and read()
            expect(count() == 8, "the plugin starts with its initial value each time it is loaded");
            expect(read(gone[0], &byte, 1) == 1, "read");
        });
        char byte;
        expect(read(used[0], &byte, 1) == 1, "read");
        usleep(20000);  // the sleeper sleeps; if it should not yet, the test is weaker, not wrong
        dlclose(plugin);
        expect(dlopen(path, RTLD_NOW | RTLD_NOLOAD) == nullptr, "the plugin is unloaded");
        expect(write(gone[1], "", 1) == 1, "write");
        sleeper.join();
        for (const int file : {used[0], used[1], gone[0], gone[1]}) close(file);
    }
}

}  // namespace

int main(int argc, char** argv) {
    constexpr int kThreads = 4, kRounds = 5000;
    percpu::counter counter;
    percpu::rwlock lock;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            work(kRounds);
            work_in_two(kRounds);
            lock.lock_shared();
            counter.add(3);
            lock.unlock_shared();
        });
    }
    for (std::thread& thread : threads) thread.join();
    Totals<std::uint8_t>::add(7);
    lock.lock();
    expect(counter.sum() == 3 * kThreads, "counter");
    lock.unlock();
    expect(in_a_header.sum() == 2 * kThreads * kRounds, "inline variable");
    const auto copies = static_cast<std::uint64_t>(percpu::possible_cpus() + 1);
    expect(defined_in_two.sum() == 1000 * copies + 4 * kThreads * kRounds, "variable of the other translation unit");
    expect(Totals<std::int16_t>::total.sum() == static_cast<std::int16_t>(2 * kThreads * kRounds), "guarded variable");
    expect(Totals<std::uint8_t>::total.sum() == 7, "a template's variable");
    if (argc > 1) use_plugin(argv[1]);
    std::printf("%s\n", percpu::status().active ? "rseq" : "atomic");
    return 0;
}
