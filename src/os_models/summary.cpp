#include "os_models/summary.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

#include "os_models/theory.hpp"
#include "os_models/timed/world.hpp"

namespace kloom::os_models {

using trace::Estimate;

namespace {

constexpr double kNsPerUs = 1e3;
constexpr double kNsPerSecond = 1e9;
// No run is so long that a slice of this length would end.
constexpr uint64_t kEndlessSliceNs = 1'000'000'000'000;
// Twice as many CPUs are worth it when they give at least so much more.
constexpr double kWorthwhile = 1.10;

constexpr const char* kLockNames[OS_REGIONS] = {"big lock", "scheduler lock", "memory lock", "files lock"};

// `figure` of each run, as a mean with its confidence interval.
template <class Figure>
Estimate estimate(std::span<const Figures> runs, Figure figure) {
    std::vector<double> values;
    double sum = 0;
    for (const Figures& run : runs) {
        values.push_back(figure(run));
        sum += values.back();
    }
    const auto count = static_cast<uint32_t>(values.size());
    return {sum / count, confidence_half_width(values.data(), count)};
}

double share(uint64_t part, uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Estimate share_of_cpu_time(const PointSetup& setup, std::span<const Figures> runs, CpuTime kind) {
    return estimate(runs, [&](const Figures& run) {
        return share(run.cpu_ns[static_cast<size_t>(kind)], run.measured_ns * setup.cpus);
    });
}

Estimate per_second(std::span<const Figures> runs, uint64_t Figures::* count) {
    return estimate(runs, [&](const Figures& run) { return share(run.*count, run.measured_ns) * kNsPerSecond; });
}

// `meter` and `busy_ns` find the queue's figures in those of a run.
template <class Meter, class Busy>
void add_queue(trace::ScalingPoint& point, const char* name, std::span<const Figures> runs, Meter meter, Busy busy_ns) {
    const bool is_used = std::any_of(runs.begin(), runs.end(), [&](const Figures& run) { return meter(run).arrivals != 0; });
    if (!is_used) return;
    point.queues.push_back(
        {.name = name,
         .waiting = estimate(runs, [&](const Figures& run) { return share(meter(run).length_ns, run.measured_ns); }),
         .wait_us = estimate(runs, [&](const Figures& run) { return share(meter(run).waited_ns, meter(run).arrivals) / kNsPerUs; }),
         .utilisation = estimate(runs, [&](const Figures& run) { return share(busy_ns(run), run.measured_ns); })});
}

void add_queues(trace::ScalingPoint& point, const Workload& workload, std::span<const Figures> runs) {
    for (size_t i = 0; i < OS_REGIONS; ++i)
        add_queue(point, kLockNames[i], runs, [i](const Figures& run) -> const QueueMeter& { return run.lock_meters[i]; },
                  [i](const Figures& run) { return run.lock_held_ns[i]; });
    add_queue(point, "master", runs, [](const Figures& run) -> const QueueMeter& { return run.master; },
              [](const Figures& run) { return run.master_busy_ns; });
    add_queue(point, trace::kReadyQueue, runs, [](const Figures& run) -> const QueueMeter& { return run.ready; },
              [&](const Figures& run) { return run.measured_ns - run.cpu_ns[static_cast<size_t>(CpuTime::Idle)] / point.cpus; });
    // Without a limit of disks nothing waits for one.
    if (workload.disks != 0)
        add_queue(point, "disk", runs, [](const Figures& run) -> const QueueMeter& { return run.disk; },
                  [&](const Figures& run) { return run.disk_busy_ns / workload.disks; });
}

using Latencies = LatencyHistogram Figures::*;

std::unique_ptr<LatencyHistogram> all_latencies(std::span<const Figures> runs, Latencies latencies) {
    auto all = std::make_unique<LatencyHistogram>();
    for (const Figures& run : runs) all->add(run.*latencies);
    return all;
}

trace::LatencyFigures latency_figures(const LatencyHistogram& histogram) {
    return {.count = histogram.count(),
            .p50_us = static_cast<double>(histogram.percentile_ns(0.50)) / kNsPerUs,
            .p95_us = static_cast<double>(histogram.percentile_ns(0.95)) / kNsPerUs,
            .p99_us = static_cast<double>(histogram.percentile_ns(0.99)) / kNsPerUs,
            .max_us = static_cast<double>(histogram.max_ns()) / kNsPerUs};
}

// A column for each power of two microseconds, from the first that is not empty to the last.
std::vector<trace::LatencyColumn> columns_of(const LatencyHistogram& histogram) {
    std::vector<trace::LatencyColumn> columns;
    double up_to_us = 1;
    for (uint32_t column = 0; column < LatencyHistogram::kColumns; ++column) {
        const uint64_t count = histogram.count_in(column);
        if (count == 0) continue;
        const double us = static_cast<double>(LatencyHistogram::last_of(column)) / kNsPerUs;
        while (us > up_to_us) {
            up_to_us *= 2;
            if (!columns.empty()) columns.push_back({up_to_us, 0});
        }
        if (columns.empty()) columns.push_back({up_to_us, 0});
        columns.back().count += count;
    }
    return columns;
}

bool has_costs(const Workload& workload) {
    return workload.dispatch_ns + workload.migration_ns + workload.interrupt_ns + workload.lock_transfer_ns +
               workload.lock_waiter_ns != 0;
}

std::string line(const char* format, auto... values) {
    char text[160];
    snprintf(text, sizeof(text), format, values...);
    return text;
}

const char* name_of(Shape shape) {
    switch (shape) {
        case Shape::Constant:
            return "constant";
        case Shape::Uniform:
            return "uniform";
        case Shape::Exponential:
            return "exponential";
        case Shape::Heavy:
            return "heavy-tailed";
    }
    return "";
}

std::string in_us(const char* what, const Span& span) {
    return line("%s %.4g us (%s)", what, span.mean_ns / kNsPerUs, name_of(span.shape));
}

std::vector<std::string> settings_of(const Workload& workload) {
    std::vector<std::string> settings;
    settings.push_back(workload.processes != 0 ? line("%u processes", workload.processes)
                                               : line("%.4g process%s per CPU", workload.processes_per_cpu,
                                                      workload.processes_per_cpu == 1 ? "" : "es"));
    settings.push_back(in_us("computing", workload.compute) + ", " + in_us("system call", workload.call));
    settings.push_back(line("system calls: read %.4g, write %.4g, memory %.4g, process %.4g; %.4g %% of a call in its region",
                            workload.mix[0], workload.mix[1], workload.mix[2], workload.mix[3], 100 * workload.locked_share));
    if (workload.think.mean_ns > 0) settings.push_back(in_us("thinking", workload.think));
    if (workload.disk.mean_ns > 0)
        settings.push_back(in_us("disk", workload.disk) +
                           (workload.disks != 0 ? line(", %u of them", workload.disks) : std::string(", as many as needed")));
    if (has_costs(workload))
        settings.push_back(line("costs in ns: dispatch %lu, migration %lu, interrupt %lu, lock transfer %lu + %lu per CPU that waits",
                                workload.dispatch_ns, workload.migration_ns, workload.interrupt_ns, workload.lock_transfer_ns,
                                workload.lock_waiter_ns));
    if (workload.interactive.processes != 0)
        settings.push_back(line("%u interactive, ", workload.interactive.processes) + in_us("thinking", workload.interactive.think) +
                           ", " + in_us("computing", workload.interactive.compute));
    static constexpr const char* kPreempt[] = {"not preemptible", "preemptible at voluntary points", "preemptible"};
    const std::string slices = workload.slice_ns >= kEndlessSliceNs
                                   ? std::string("no time slices")
                                   : line("slices of %.4g us", static_cast<double>(workload.slice_ns) / kNsPerUs);
    settings.push_back(slices + ", kernel " + kPreempt[static_cast<size_t>(workload.preempt)]);
    return settings;
}

}  // namespace

double throughput_of(const Figures& figures) { return share(figures.rounds, figures.measured_ns) * kNsPerSecond; }

trace::ScalingResult describe(const Workload& workload) {
    return {.workload = workload.name,
            .settings = settings_of(workload),
            .time_us_per_round = (workload.compute.mean_ns + workload.call.mean_ns) / kNsPerUs,
            .system_share = workload.system_share()};
}

trace::ScalingPoint summarise(const PointSetup& setup, std::span<const Figures> runs,
                              std::span<const double> throughput_of_one_cpu) {
    const double cpus = setup.cpus;
    trace::ScalingPoint point;
    point.cpus = static_cast<int>(setup.cpus);
    point.processes = static_cast<int>(setup.workload.processes_with(computing_cpus(setup.workload, setup.organisation, setup.cpus)));
    point.throughput = estimate(runs, throughput_of);
    point.speed_up = estimate(runs, [&](const Figures& run) {
        const double one = throughput_of_one_cpu[static_cast<size_t>(&run - runs.data())];
        return one > 0 ? throughput_of(run) / one : 0;
    });
    point.efficiency = {point.speed_up.mean / cpus, point.speed_up.half_width / cpus};
    point.user = share_of_cpu_time(setup, runs, CpuTime::User);
    point.system = share_of_cpu_time(setup, runs, CpuTime::System);
    point.lock_wait = share_of_cpu_time(setup, runs, CpuTime::LockWait);
    point.idle = share_of_cpu_time(setup, runs, CpuTime::Idle);
    point.idle_beside_loaded =
        estimate(runs, [&](const Figures& run) { return share(run.idle_beside_loaded_ns, run.measured_ns * setup.cpus); });
    point.paging = per_second(runs, &Figures::page_outs);
    point.paging_beside_free = per_second(runs, &Figures::page_outs_beside_free);
    point.stale_reads = estimate(runs, [](const Figures& run) { return share(run.stale_reads, run.reads); });
    add_queues(point, setup.workload, runs);
    point.dispatch = latency_figures(*all_latencies(runs, &Figures::dispatch));
    const auto interactive = all_latencies(runs, &Figures::interactive);
    point.interactive = latency_figures(*interactive);
    point.interactive_histogram = columns_of(*interactive);
    point.theory = exact_throughput(setup);
    for (const Figures& run : runs) point.events += run.events;
    return point;
}

std::optional<double> exact_throughput(const PointSetup& setup) {
    const Workload& workload = setup.workload;
    const uint32_t computing = computing_cpus(workload, setup.organisation, setup.cpus);
    const uint32_t processes = workload.processes_with(computing);
    const bool is_one_server = &setup.organisation == &os_smp || &setup.organisation == &os_master_slave;
    const bool is_exponential = workload.compute.shape == Shape::Exponential && workload.call.shape == Shape::Exponential;
    const bool is_plain = workload.think.mean_ns == 0 && workload.interactive.processes == 0 &&
                          workload.disk.mean_ns == 0 && !has_costs(workload);
    // Where the master computes, too, it is one server and one computer at once.
    const bool master_serves_only = &setup.organisation != &os_master_slave || !workload.master_computes || setup.cpus == 1;
    if (!is_one_server || !is_exponential || !is_plain || !master_serves_only || processes > computing) return std::nullopt;
    return machine_repairman_throughput(processes, workload.compute.mean_ns, workload.call.mean_ns);
}

int saturation(std::span<const trace::ScalingPoint> points) {
    int saturated_from = 0;
    for (size_t i = points.size(); i-- > 0;)
        for (const trace::ScalingPoint& twice : points.subspan(i)) {
            if (twice.cpus != 2 * points[i].cpus) continue;
            if (twice.throughput.mean >= kWorthwhile * points[i].throughput.mean) return saturated_from;
            saturated_from = points[i].cpus;
        }
    return saturated_from;
}

}  // namespace kloom::os_models
