// What per-CPU data cost, as ratios to a thread_local increment: percpu [--json] [--svg FILE]
//
// All workloads run in turn, many times; a figure is the median over the rounds of the ratio within
// a round, so that what else the computer does meets all alike. The chart is written beside the program unless --svg says
// where.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "percpu/allocate.hpp"
#include "percpu/runtime.hpp"
#include "percpu/workloads.hpp"
#include "report.hpp"

namespace kloom::bench {
namespace {

constexpr int kRounds = 31;
constexpr std::uint64_t kOperations = 20000;

using Loop = void (*)(std::uint64_t operations);

double seconds_alone(Loop loop) {
    const auto begin = std::chrono::steady_clock::now();
    loop(kOperations);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Of the slowest of several threads that begin together.
double seconds_together(Loop loop, int threads) {
    std::atomic<int> ready{0};
    std::atomic<double> longest{0};
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
        all.emplace_back([&] {
            ++ready;
            while (ready != threads) {
            }
            const double mine = seconds_alone(loop);
            for (double seen = longest; seen < mine && !longest.compare_exchange_weak(seen, mine);) {
            }
        });
    }
    for (std::thread& thread : all) thread.join();
    return longest;
}

double seconds(const Workload& workload, int threads) {
    double best = 1e300;
    for (const Loop loop : workload.clones)
        best = std::min(best, threads == 1 ? seconds_alone(loop) : seconds_together(loop, threads));
    return best;
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

// In some processes the CPU never forwards the stores of the thread_local loop at once, though it does those of the same
// instruction on a plain variable: that would be a reference seven times too slow, and every ratio would flatter. So the
// faster of the two is the reference, which is what a thread_local increment costs in a program.
double reference_of(const std::vector<double>& times) { return std::min(times[0], times[1]); }

// The median ratio of each workload to the reference, and the reference's own time in ns.
struct Ratios {
    std::vector<double> of_each;
    double reference_ns;
};

Ratios measure(const std::vector<Workload>& workloads, int threads) {
    std::vector<std::vector<double>> ratios(workloads.size());
    std::vector<double> references;
    for (int round = -2; round < kRounds; ++round) {
        std::vector<double> times;
        for (const Workload& workload : workloads) times.push_back(seconds(workload, threads));
        if (round < 0) continue;  // the first ones make pages exist
        const double reference = reference_of(times);
        references.push_back(reference / kOperations * 1e9);
        for (std::size_t i = 0; i < workloads.size(); ++i) ratios[i].push_back(times[i] / reference);
    }
    Ratios result{{}, median(references)};
    for (const std::vector<double>& each : ratios) result.of_each.push_back(median(each));
    return result;
}

double ratio_of(const std::vector<Workload>& workloads, const Ratios& ratios, const std::string& name) {
    for (std::size_t i = 0; i < workloads.size(); ++i)
        if (workloads[i].name == name) return ratios.of_each[i];
    std::abort();
}

// ---- goals ---------------------------------------------------------------------------------------------------------

enum class Wanted { kAtMost, kAtLeast };

Measurement with_goal(std::string name, double value, std::string unit, Wanted wanted, double goal) {
    return {std::move(name), value, std::move(unit), goal, wanted == Wanted::kAtMost ? value <= goal : value >= goal};
}

constexpr const char* kUnit = "x thread_local";

// Goals of one compiler's code.
void judge(std::vector<Measurement>& results, const std::string& how, const std::vector<Workload>& workloads, const Ratios& ratios) {
    const auto ratio = [&](const char* name) { return ratio_of(workloads, ratios, name); };
    results.push_back(with_goal(how + ": percpu add", ratio("percpu add"), kUnit, Wanted::kAtMost, 2.05));
    results.push_back(with_goal(how + ": percpu add by pointer", ratio("percpu add by pointer"), kUnit, Wanted::kAtMost, 2.05));
    results.push_back(with_goal(how + ": percpu guard", ratio("percpu guard"), kUnit, Wanted::kAtMost, 3.2));
    results.push_back(with_goal(how + ": atomic refcount pair / percpu", ratio("atomic refcount pair") / ratio("percpu refcount pair"),
                                "x", Wanted::kAtLeast, 4));
    results.push_back(with_goal(how + ": std::shared_mutex reader pair / percpu rwlock",
                                ratio("std::shared_mutex reader pair") / ratio("percpu rwlock reader pair"), "x", Wanted::kAtLeast, 10));
}

// ---- allocation ----------------------------------------------------------------------------------------------------

constexpr int kAllocations = 1000;

// Of the fastest of many rounds, so many allocations each.
double allocation_ns() {
    std::vector<percpu::pointer<std::uint64_t>> variables(kAllocations);
    double best = 1e300;
    for (int round = 0; round < 300; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        for (auto& variable : variables) variable = percpu::allocate<std::uint64_t>().release();
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
        best = std::min(best, elapsed.count() / kAllocations * 1e9);
        for (auto& variable : variables) percpu::deallocate(variable);
    }
    return best;
}

// The same in processes that take this computer for one of `cpus` CPUs at least.
double allocation_ns_with(int cpus) {
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0) return 0;
    self[length] = '\0';
    const std::string command = fmt::format("PERCPU_POSSIBLE_CPUS={} '{}' --allocation", cpus, self);
    FILE* const output = popen(command.c_str(), "r");
    double ns = 0;
    if (output == nullptr || std::fscanf(output, "%lf", &ns) != 1) ns = 0;
    if (output != nullptr) pclose(output);
    return ns;
}

void judge_allocation(std::vector<Measurement>& results) {
    std::vector<double> few, many;
    for (int round = 0; round < 5; ++round) {
        few.push_back(allocation_ns_with(1));
        many.push_back(allocation_ns_with(256));
    }
    results.push_back(with_goal("allocation of 8 bytes", median(few), "ns", Wanted::kAtMost, 20));
    results.push_back(with_goal("allocation, 256 possible CPUs / as they are", median(many) / median(few), "x", Wanted::kAtMost, 1.25));
}

// ---- the chart -----------------------------------------------------------------------------------------------------

bool draw(const char* path, const std::vector<Workload>& workloads, const Ratios& one, const Ratios& two) {
    FILE* const file = std::fopen(path, "w");
    if (file == nullptr) return false;
    constexpr int kLeft = 230, kWidth = 520, kRow = 34;
    const int height = kRow * static_cast<int>(workloads.size()) + 60;
    const auto x_of = [](double ratio) { return std::max(0.0, std::log10(ratio * 2) / std::log10(400.0)) * kWidth; };
    fmt::print(file,
               "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} {}' font-family='sans-serif' font-size='13'>\n"
               "<rect width='100%' height='100%' fill='white'/>\n"
               "<text x='10' y='22'>Cost of one operation, thread_local increment = 1; logarithmic</text>\n"
               "<text x='{}' y='22' fill='#1f5fa8'>one thread</text><text x='{}' y='22' fill='#c2701c'>two threads</text>\n",
               kLeft + kWidth + 90, height, kLeft + kWidth - 100, kLeft + kWidth);
    for (std::size_t i = 0; i < workloads.size(); ++i) {
        const int y = 40 + kRow * static_cast<int>(i);
        fmt::print(file, "<text x='{}' y='{}' text-anchor='end'>{}</text>\n", kLeft - 8, y + 18, workloads[i].name);
        const auto bar = [&](double ratio, int offset, const char* colour) {
            fmt::print(file, "<rect x='{}' y='{}' width='{:.1f}' height='11' fill='{}'/><text x='{:.1f}' y='{}' font-size='11'>{:.2f}</text>\n",
                       kLeft, y + offset, x_of(ratio), colour, kLeft + x_of(ratio) + 5, y + offset + 10, ratio);
        };
        bar(one.of_each[i], 2, "#1f5fa8");
        bar(two.of_each[i], 15, "#c2701c");
    }
    fmt::print(file, "</svg>\n");
    return std::fclose(file) == 0;
}

std::string chart_path(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; ++i)
        if (std::strcmp(argv[i], "--svg") == 0) return argv[i + 1];
    return std::string(argv[0]) + ".svg";
}

bool has_option(int argc, char** argv, const char* option) {
    for (int i = 1; i < argc; ++i)
        if (std::strcmp(argv[i], option) == 0) return true;
    return false;
}

int run(int argc, char** argv) {
    if (has_option(argc, argv, "--allocation")) {
        fmt::print("{}\n", allocation_ns());
        return 0;
    }
    if (!percpu::status().active) fmt::print(stderr, "percpu: no restartable sequences: {}\n", percpu::status().reason);

    std::vector<Measurement> results;
    const std::vector<Workload> here = workloads_here();
    const Ratios one = measure(here, 1);
    const Ratios two = measure(here, 2);
    results.push_back({"increment of a thread_local or plain variable", one.reference_ns, "ns", {}, false});
    for (std::size_t i = 0; i < here.size(); ++i) results.push_back({here[i].name, one.of_each[i], kUnit, {}, false});
    for (std::size_t i = 0; i < here.size(); ++i)
        results.push_back({std::string("2 threads: ") + here[i].name, two.of_each[i], kUnit, {}, false});
    judge(results, KLOOM_COMPILER, here, one);
#if defined(KLOOM_HAS_CLANG)
    const std::vector<Workload> clang = workloads_clang();
    judge(results, "clang", clang, measure(clang, 1));
#endif
    const std::vector<Workload> shared = workloads_shared();
    const Ratios there = measure(shared, 1);
    results.push_back(with_goal("shared object: percpu add",
                                ratio_of(shared, there, "percpu add") / ratio_of(shared, there, "thread_local"),
                                "x thread_local there", Wanted::kAtMost, 1));

    judge_allocation(results);
    print(results, has_option(argc, argv, "--json"));

    const std::string chart = chart_path(argc, argv);
    if (!draw(chart.c_str(), here, one, two)) {
        fmt::print(stderr, "percpu: cannot write {}\n", chart);
        return 1;
    }
    fmt::print(stderr, "chart: {}\n", chart);
    return 0;
}

}  // namespace
}  // namespace kloom::bench

int main(int argc, char** argv) { return kloom::bench::run(argc, argv); }
