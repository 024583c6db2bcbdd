#include "percpu/runtime.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "percpu/detail/sequence.hpp"
#include "percpu/possible.hpp"

#if defined(PERCPU_GLIBC_HAS_RSEQ)
extern "C" const unsigned int __rseq_size;
#endif

namespace percpu {
namespace {

constexpr int kCpusMax = 1 << 16;

int cpus_of_sysfs() {
    const int file = open("/sys/devices/system/cpu/possible", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char text[4096];
    const ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size <= 0) return 0;
    text[size] = '\0';
    return detail::cpus_in_list(text);
}

// Without /sys: the kernel's CPU masks have a bit for each possible CPU, rounded up to whole words.
int cpus_of_affinity_mask() {
    static unsigned long mask[kCpusMax / 8 / sizeof(unsigned long)];
    const long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    return bytes > 0 ? static_cast<int>(bytes) * 8 : 1024;
}

int find_possible_cpus() {
    int cpus = cpus_of_sysfs();
    if (cpus == 0) cpus = cpus_of_affinity_mask();
    if (const char* wanted = std::getenv("PERCPU_POSSIBLE_CPUS")) {
        const long number = std::strtol(wanted, nullptr, 10);
        if (number > cpus && number <= kCpusMax) cpus = static_cast<int>(number);
    }
    return cpus;
}

}  // namespace

namespace detail {

int cpus_in_list(const char* text) {
    long highest = -1;
    while (*text >= '0' && *text <= '9') {
        char* end = nullptr;
        const long number = std::strtol(text, &end, 10);
        if (number > highest) highest = number;
        text = *end == '-' || *end == ',' ? end + 1 : end;
    }
    return highest >= 0 && highest < kCpusMax ? static_cast<int>(highest) + 1 : 0;
}

}  // namespace detail

int possible_cpus() {
    static std::atomic<int> known{0};  // relaxed: every thread finds the same number
    int cpus = known.load(std::memory_order_relaxed);
    if (cpus == 0) {
        cpus = find_possible_cpus();
        known.store(cpus, std::memory_order_relaxed);
    }
    return cpus;
}

int this_cpu() {
    const int cpu = detail::sequence::current_cpu();
    return cpu >= 0 ? cpu : detail::kNoCpu;
}

rseq_status status() {
#if PERCPU_ATOMIC
    return {false, "built without restartable sequences: not x86-64 or aarch64 with glibc 2.35 or later, or for ThreadSanitizer"};
#else
    if (detail::sequence::current_cpu() >= 0) return {true, ""};
    if (__rseq_size == 0)
        return {false, "the C library has not registered it: tunable glibc.pthread.rseq=0, a kernel before 4.18 or a filter"};
    return {false, "this thread is not registered: the C library did not start it, or it has unregistered itself"};
#endif
}

}  // namespace percpu
