// A server that counts its requests, measures how long they take and keeps freed buffers, all on the CPU where it happens.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <percpu/cache.hpp>
#include <percpu/counter.hpp>
#include <percpu/guard.hpp>
#include <percpu/histogram.hpp>
#include <percpu/variable.hpp>

struct Buffer {
    char bytes[4096];
};
struct Longest {
    std::uint64_t nanoseconds;
    std::uint64_t request;
};

static constinit percpu::variable<std::uint64_t> requests;
static constinit percpu::counter bytes_sent;
static constinit percpu::variable<Longest> longest;  // two words that belong together: under a guard

static void serve(percpu::cache<Buffer>& buffers, percpu::histogram<>& latencies, std::uint64_t number) {
    const auto begin = std::chrono::steady_clock::now();
    Buffer* const buffer = buffers.make();
    if (buffer == nullptr) return;
    const int length = std::snprintf(buffer->bytes, sizeof buffer->bytes, "answer to request %llu",
                                     static_cast<unsigned long long>(number));
    buffers.destroy(buffer);
    const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin);
    const auto nanoseconds = static_cast<std::uint64_t>(elapsed.count());

    requests.inc();
    bytes_sent.add(length);
    latencies.record(nanoseconds);
    const percpu::guard here(longest);
    if (nanoseconds > here->nanoseconds) *here = {nanoseconds, number};
}

int main() {
    constexpr std::uint64_t kThreads = 4, kRequests = 50000;
    percpu::cache<Buffer> buffers;
    percpu::histogram latencies;
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            for (std::uint64_t k = 0; k < kRequests; ++k) serve(buffers, latencies, i * kRequests + k);
        });
    }
    for (std::thread& thread : threads) thread.join();

    Longest worst = {};
    longest.for_each([&](int, const Longest& one) {
        if (one.nanoseconds > worst.nanoseconds) worst = one;
    });
    std::printf("%llu requests, %lld bytes\n", static_cast<unsigned long long>(requests.sum()),
                static_cast<long long>(bytes_sent.sum()));
    std::printf("99 %% within %llu ns; the longest was request %llu\n", static_cast<unsigned long long>(latencies.quantile(0.99)),
                static_cast<unsigned long long>(worst.request));
    const percpu::rseq_status status = percpu::status();
    std::printf("restartable sequences: %s%s\n", status.active ? "active" : "not active: ", status.reason);
    return requests.sum() == kThreads * kRequests && latencies.count() == kThreads * kRequests ? 0 : 1;
}
