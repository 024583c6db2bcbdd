#include "os_models/simulate.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "os_models/theory.hpp"
#include "unit/os_models/agreement.hpp"

namespace kloom::os_models {
namespace {

using tests::cpu_time;
using tests::Interval;
using tests::interval;
using tests::share_of;
using tests::simulated;
using tests::textbook;
using tests::time_for;

const std::vector<const os_organisation*> kSmp = {&os_smp, &os_smp_regions, &os_smp_percpu};

double mean_length(const QueueMeter& meter, const Figures& figures) { return share_of(meter.length_ns, figures); }

double idle_beside_loaded(const Figures& figures, uint32_t cpus) { return share_of(figures.idle_beside_loaded_ns, figures) / cpus; }

// simulate_slow_test.cpp has all points.
TEST(Simulate, ThroughputIsThatOfQueueingTheory) {
    const std::pair<double, uint32_t> points[] = {{0.01, 32}, {0.05, 1}, {0.1, 4}, {0.1, 12}, {0.3, 64}};
    for (const os_organisation* organisation : {&os_smp, &os_master_slave})
        for (const auto& [system_share, cpus] : points) {
            const Workload workload = textbook(system_share);
            tests::expect_agreement({workload, *organisation, cpus},
                                    {.measured_ns = time_for(10'000, {workload, *organisation, cpus})});
        }
}

TEST(Simulate, TheoryHasAnAnswerOnlyForOneExponentialServerWithoutOtherCosts) {
    const auto answer = [](auto change, const os_organisation& organisation = os_smp, uint32_t cpus = 4) {
        Workload workload = textbook(0.1);
        change(workload);
        return exact_throughput({workload, organisation, cpus});
    };
    const auto nothing = [](Workload&) {};

    EXPECT_DOUBLE_EQ(answer(nothing).value(), machine_repairman_throughput(4, 9e4, 1e4));
    EXPECT_DOUBLE_EQ(answer(nothing, os_master_slave).value(), machine_repairman_throughput(3, 9e4, 1e4));
    EXPECT_DOUBLE_EQ(answer(nothing, os_master_slave, 1).value(), machine_repairman_throughput(1, 9e4, 1e4));
    EXPECT_DOUBLE_EQ(answer([](Workload& w) { w.processes = 2; }).value(), machine_repairman_throughput(2, 9e4, 1e4));
    EXPECT_FALSE(answer(nothing, os_smp_regions));
    EXPECT_FALSE(answer(nothing, os_smp_percpu));
    EXPECT_FALSE(answer(nothing, os_per_cpu));
    EXPECT_FALSE(answer([](Workload& w) { w.master_computes = true; }, os_master_slave));
    EXPECT_FALSE(answer([](Workload& w) { w.compute.shape = Shape::Constant; }));
    EXPECT_FALSE(answer([](Workload& w) { w.call.shape = Shape::Heavy; }));
    EXPECT_FALSE(answer([](Workload& w) { w.think.mean_ns = 1; }));
    EXPECT_FALSE(answer([](Workload& w) { w.disk.mean_ns = 1; }));
    EXPECT_FALSE(answer([](Workload& w) { w.interactive.processes = 1; }));
    EXPECT_FALSE(answer([](Workload& w) { w.processes = 5; }));
    for (uint64_t Workload::* cost : {&Workload::dispatch_ns, &Workload::migration_ns, &Workload::interrupt_ns,
                                      &Workload::lock_transfer_ns, &Workload::lock_waiter_ns})
        EXPECT_FALSE(answer([&](Workload& w) { w.*cost = 1; }));
}

// Of the time that one CPU needs for a round, the share that is in the kernel.
double measured_serial_share(std::span<const Figures> runs_of_one_cpu) {
    uint64_t system = 0, user = 0;
    for (const Figures& run : runs_of_one_cpu) {
        system += cpu_time(run, CpuTime::System);
        user += cpu_time(run, CpuTime::User);
    }
    return static_cast<double>(system) / static_cast<double>(system + user);
}

// Amdahl's bound, and where the queue is long it is reached. The interval is the 99.9 % one, the seeds are fixed.
TEST(Simulate, SpeedUpStaysBelowItsBoundAndReachesIt) {
    for (const os_organisation* organisation : {&os_smp, &os_master_slave})
        for (const double system_share : {0.01, 0.05, 0.1, 0.3}) {
            const Workload workload = textbook(system_share);
            const auto of_one = simulated(workload, *organisation, 1, {.measured_ns = 200'000'000});
            const double serial = measured_serial_share(of_one);
            for (const uint32_t cpus : {2u, 10u, 50u}) {
                const auto runs = simulated(workload, *organisation, cpus,
                                            {.measured_ns = time_for(2'000, {workload, *organisation, cpus})});
                const Interval speed_up = interval(runs, [&](const Figures& run) {
                    return throughput_of(run) / throughput_of(of_one[static_cast<size_t>(&run - runs.data())]);
                });

                const double bound = speed_up_bound(cpus, serial);
                EXPECT_LE(speed_up.mean - speed_up.half_width, bound) << organisation->name << " " << system_share << " " << cpus;
                if (cpus * system_share > 2) {
                    EXPECT_GE(speed_up.mean + speed_up.half_width, 0.97 * bound) << organisation->name << " " << system_share;
                }
            }
        }
}

TEST(Simulate, AnOsPerCpuScalesWithoutEnd) {
    const double one = throughput_of(simulate(textbook(0.3), os_per_cpu, 1, 1));
    const double hundred = throughput_of(simulate(textbook(0.3), os_per_cpu, 100, 1));

    EXPECT_NEAR(hundred / one, 100, 5);
}

// Tanenbaum's objections to it, in figures. Measured: 10 % of the time idle beside loaded CPUs, and most reads stale.
TEST(Simulate, AnOsPerCpuIdlesPagesAndReadsStaleBlocksBesideOthers) {
    const Figures figures = simulate(*find_preset("build-server"), os_per_cpu, 16, 1);

    EXPECT_GT(idle_beside_loaded(figures, 16), 0.03);
    EXPECT_GT(figures.page_outs_beside_free, 1000u);
    EXPECT_GT(figures.stale_reads, figures.reads / 4);
}

TEST(Simulate, OneKernelForAllHasNoneOfTheseFaults) {
    for (const Workload& workload : presets())
        for (const os_organisation* organisation : kSmp) {
            const Figures figures = simulate(workload, *organisation, 16, 1);

            // Not none: a process whose disk is done counts as ready until its CPU takes the interrupt.
            EXPECT_LT(idle_beside_loaded(figures, 16), 0.005) << workload.name << " " << organisation->name;
            EXPECT_EQ(figures.page_outs_beside_free, 0u) << workload.name << " " << organisation->name;
            EXPECT_EQ(figures.stale_reads, 0u) << workload.name << " " << organisation->name;
        }
}

// Half of the CPUs idle, and each process that becomes ready wakes one.
TEST(Simulate, IdleCpusAreWokenForReadyProcesses) {
    Workload workload = textbook(0.1);
    workload.think = {2 * tests::kRoundNs, Shape::Exponential};
    workload.processes_per_cpu = 1.5;
    for (const os_organisation* organisation : kSmp) {
        const Figures figures = simulate(workload, *organisation, 4, 1);

        EXPECT_GT(cpu_time(figures, CpuTime::Idle), figures.measured_ns) << organisation->name;
        EXPECT_LT(idle_beside_loaded(figures, 4), 0.01) << organisation->name << idle_beside_loaded(figures, 4);
    }
}

// Where one CPU alone lacks frames the kernel for all takes them from where they are.
TEST(Simulate, SharedFramesAreUsedWhereverTheyAre) {
    const Workload& workload = *find_preset("build-server");

    EXPECT_GT(simulate(workload, os_per_cpu, 16, 1).page_outs, 1000u);
    EXPECT_LT(simulate(workload, os_smp_percpu, 16, 1).page_outs, 10u);
}

TEST(Simulate, TenCpusKeepTheMasterBusyAndTwentyAreTooManyForIt) {
    const Figures ten = simulate(textbook(0.1), os_master_slave, 10, 1);
    const Figures twenty = simulate(textbook(0.1), os_master_slave, 20, 1);

    EXPECT_GT(share_of(ten.master_busy_ns, ten), 0.75);
    EXPECT_LT(mean_length(ten.master, ten), 3);
    EXPECT_GT(share_of(twenty.master_busy_ns, twenty), 0.98);
    EXPECT_GT(mean_length(twenty.master, twenty), 5);
}

TEST(Simulate, TwentyCpusQueueForTheBigLock) {
    const Figures figures = simulate(textbook(0.1), os_smp, 20, 1);

    EXPECT_GT(mean_length(figures.lock_meters[OS_WHOLE_KERNEL], figures), 5);
    EXPECT_GT(share_of(figures.lock_held_ns[OS_WHOLE_KERNEL], figures), 0.98);
}

// Files have 40 % of the calls, so their lock is full at 25 times the speed; structures of each CPU have no such limit.
TEST(Simulate, LocksForRegionsCarryFurtherAndPerCpuStructuresFurtherStill) {
    const double big_lock = throughput_of(simulate(textbook(0.1), os_smp, 48, 1));
    const double regions = throughput_of(simulate(textbook(0.1), os_smp_regions, 48, 1));
    const double per_cpu = throughput_of(simulate(textbook(0.1), os_smp_percpu, 48, 1));

    EXPECT_NEAR(regions / big_lock, 2.5, 0.15);
    EXPECT_GT(per_cpu / regions, 1.8);
}

LatencyHistogram interactive_waits(const os_organisation& organisation, uint32_t cpus, Preempt preempt) {
    Workload workload = *find_preset("desktop");
    workload.preempt = preempt;
    return simulate(workload, organisation, cpus, 1).interactive;
}

// Measured: from milliseconds to at most 45 us, 90 times less.
TEST(Simulate, PreemptionShortensTheWaitsOfTheInteractiveProcess) {
    for (const os_organisation* organisation : {&os_per_cpu, &os_smp_regions, &os_smp_percpu})
        for (const uint32_t cpus : {2u, 3u, 4u}) {
            SCOPED_TRACE(std::string(organisation->name) + ", " + std::to_string(cpus) + " CPUs");
            const LatencyHistogram none = interactive_waits(*organisation, cpus, Preempt::None);
            const LatencyHistogram voluntary = interactive_waits(*organisation, cpus, Preempt::Voluntary);
            const LatencyHistogram full = interactive_waits(*organisation, cpus, Preempt::Full);

            EXPECT_GT(none.count(), 1000u);
            EXPECT_LT(full.percentile_ns(0.99), none.percentile_ns(0.99) / 20);
            EXPECT_LE(full.percentile_ns(0.99), voluntary.percentile_ns(0.99));
            EXPECT_LE(voluntary.percentile_ns(0.99), none.percentile_ns(0.99));
        }
}

// All of its kernel is one critical region.
TEST(Simulate, PreemptionDoesNotHelpWhereTheWholeKernelIsLocked) {
    const LatencyHistogram none = interactive_waits(os_smp, 2, Preempt::None);
    const LatencyHistogram full = interactive_waits(os_smp, 2, Preempt::Full);

    EXPECT_GT(full.percentile_ns(0.99), none.percentile_ns(0.99) / 2);
}

int saturation_of(const std::vector<std::pair<int, double>>& throughputs) {
    std::vector<trace::ScalingPoint> points;
    for (const auto& [cpus, throughput] : throughputs) points.push_back({.cpus = cpus, .throughput = {throughput, 0}});
    return saturation(points);
}

TEST(Saturation, BeginsWhereTwiceAsManyCpusNeverPayAgain) {
    const struct {
        const char* name;
        std::vector<std::pair<int, double>> points;
        int saturates_at;
    } rows[] = {
        {"no points", {}, 0},
        {"one point", {{1, 5}}, 0},
        {"grows to the end", {{1, 10}, {2, 20}, {4, 40}, {8, 79}}, 0},
        {"bends at 4", {{1, 10}, {2, 20}, {4, 30}, {8, 31}, {16, 32}}, 4},
        {"from the start", {{1, 10}, {2, 10}, {4, 10}}, 1},
        {"falls", {{1, 10}, {2, 20}, {4, 19}}, 2},
        {"recovers", {{1, 10}, {2, 10.5}, {4, 20}}, 0},
        {"recovers, then bends", {{1, 10}, {2, 10.5}, {4, 20}, {8, 20}}, 4},
        {"a tenth is worth it", {{1, 10}, {2, 11.1}}, 0},
        {"less is not", {{1, 10}, {2, 10.9}}, 1},
        {"points between", {{1, 10}, {2, 20}, {3, 21}, {4, 21.5}, {6, 22}}, 2},
        {"nothing doubles", {{3, 10}, {5, 10}, {9, 10}}, 0},
    };
    for (const auto& row : rows) EXPECT_EQ(saturation_of(row.points), row.saturates_at) << row.name;
}

trace::ScalingResult small_sweep(std::vector<SweepProgress>* shown = nullptr) {
    return sweep(textbook(0.1), {.organisations = {&os_smp, &os_per_cpu}, .cpus = {2, 4}, .seeds = 2, .first_seed = 7, .measured_ns = 10'000'000},
                 [&](const SweepProgress& progress) {
                     if (shown) shown->push_back(progress);
                 });
}

TEST(Sweep, HasTheCurvesAndPointsThatWereAskedFor) {
    const trace::ScalingResult result = small_sweep();

    EXPECT_EQ(result.workload, "textbook");
    EXPECT_EQ(result.first_seed, 7u);
    EXPECT_EQ(result.seeds, 2);
    EXPECT_DOUBLE_EQ(result.system_share, 0.1);
    ASSERT_EQ(result.curves.size(), 2u);
    EXPECT_EQ(result.curves[0].id, "smp");
    EXPECT_EQ(result.curves[1].id, "per-cpu");
    for (const trace::ScalingCurve& curve : result.curves) {
        ASSERT_EQ(curve.points.size(), 2u);
        EXPECT_EQ(curve.points[0].cpus, 2);
        EXPECT_EQ(curve.points[1].cpus, 4);
    }
}

TEST(Sweep, SpeedUpRefersToOneCpuThoughItIsNotShown) {
    const auto one = simulated(textbook(0.1), os_smp, 1, {.seeds = 8, .measured_ns = 10'000'000});
    const auto four = simulated(textbook(0.1), os_smp, 4, {.seeds = 8, .measured_ns = 10'000'000});
    double expected = 0;  // of seeds 7 and 8
    for (const size_t seed : {7u, 8u}) expected += throughput_of(four[seed - 1]) / throughput_of(one[seed - 1]) / 2;

    const trace::ScalingResult result = small_sweep();

    EXPECT_DOUBLE_EQ(result.curves[0].points[1].speed_up.mean, expected);
    EXPECT_DOUBLE_EQ(result.curves[0].points[1].efficiency.mean, expected / 4);
}

TEST(Sweep, SharesOfCpuTimeAddUpToOne) {
    for (const trace::ScalingCurve& curve : small_sweep().curves)
        for (const trace::ScalingPoint& point : curve.points)
            EXPECT_NEAR(point.user.mean + point.system.mean + point.lock_wait.mean + point.idle.mean, 1, 1e-12);
}

TEST(Sweep, ProgressEndsWithAll) {
    std::vector<SweepProgress> shown;

    small_sweep(&shown);

    ASSERT_EQ(shown.size(), 2u * 3 * 2);  // organisations, numbers of CPUs with 1, seeds
    for (size_t i = 1; i < shown.size(); ++i) EXPECT_GT(shown[i].share_done, shown[i - 1].share_done);
    EXPECT_NEAR(shown.back().share_done, 1, 1e-9);
}

}  // namespace
}  // namespace kloom::os_models
