// What the machine's hot paths cost: a step, a fiber switch, a restore, an execution with all detectors.
//
// Times are minima over rounds of one run; ratios to an indirect call of the same run are what to compare between runs.

#include <algorithm>

#include "explore/bounded.hpp"
#include "explore/replay.hpp"
#include "kernel/module/module.hpp"
#include "machine/machine.hpp"
#include "report.hpp"
#include "session/program.hpp"
#include "session/search.hpp"

namespace kloom {
namespace {

using bench::Measurement;
using bench::best_seconds_per_operation;

constexpr int kRounds = 7;
constexpr double kNanoseconds = 1e9;

// ---- baseline ------------------------------------------------------------------------------------------------------------

__attribute__((noinline)) void called(volatile uint64_t& counter) { counter = counter + 1; }

double indirect_call_ns() {
    constexpr uint64_t kCalls = 5'000'000;
    volatile uint64_t counter = 0;
    void (*volatile function)(volatile uint64_t&) = called;
    return kNanoseconds * best_seconds_per_operation(kRounds, kCalls, [&] {
        for (uint64_t call = 0; call < kCalls; ++call) function(counter);
    });
}

// ---- fibers --------------------------------------------------------------------------------------------------------------

machine::Fiber ping, pong;

[[noreturn]] void pong_main() {
    for (;;) machine::switch_fiber(pong, ping);
}

double fiber_switch_ns() {
    constexpr uint64_t kRoundTrips = 1'000'000;
    machine::StackPool stacks(1);
    machine::prepare_fiber(pong, stacks.top(0), machine::StackPool::kStrideBytes - machine::StackPool::kGuardBytes, pong_main);
    return kNanoseconds * best_seconds_per_operation(kRounds, 2 * kRoundTrips, [] {
        for (uint64_t trip = 0; trip < kRoundTrips; ++trip) machine::switch_fiber(ping, pong);
    });
}

// ---- steps ---------------------------------------------------------------------------------------------------------------

struct NoEnvironment final : machine::Environment {
    void handle_irq(uint32_t) override {}
    void handle_softirq(int) override {}
    void wake_softirq_thread(trace::CpuId) override {}
};

constexpr uint64_t kAccesses = 500'000;
int accessed = 0;

void access_often(void*) {
    for (uint64_t i = 0; i < kAccesses; ++i)
        machine::machine().access(reinterpret_cast<uintptr_t>(&accessed), sizeof accessed, trace::kRead, 1);
    machine::machine().end_program();
}

void other_task(void*) {
    for (;;) machine::machine().access(reinterpret_cast<uintptr_t>(&accessed), sizeof accessed, trace::kRead, 1);
}

void access_often_beside_another(void*) {
    machine::Machine& machine = machine::machine();
    machine.wake(machine.create_task({.name = "other", .entry = other_task, .pid = 2}));
    access_often(nullptr);
}

// Nanoseconds per access of one task, with a choice between two CPUs at each when the location is visible.
double step_ns(bool is_visible) {
    machine::MachineConfig config;
    config.slice_events = ~uint64_t{0};
    config.lockup_events = ~uint64_t{0};
    machine::Machine machine(config);
    NoEnvironment environment;
    machine.set_environment(environment);
    if (is_visible) machine.visible().insert(reinterpret_cast<uintptr_t>(&accessed), sizeof accessed);
    return kNanoseconds * best_seconds_per_operation(kRounds, kAccesses, [&] {
        explore::Replay defaults({});
        defaults.begin_execution();
        machine.run({.name = "bench", .entry = is_visible ? access_often_beside_another : access_often, .pid = 1}, defaults);
    });
}

// ---- a module ------------------------------------------------------------------------------------------------------------

base::Result<std::unique_ptr<session::Program>> load_lost_update() {
    session::ProgramOptions options;
    options.sources = {KLOOM_SOURCE_DIR "/examples/05_lost_update/lost_update.c"};
    options.run_for_ns = 0;
    toolchain::BuildRequest request;
    request.inputs = options.sources;
    const toolchain::BuiltModule module = TRY(toolchain::build_module(request));
    return session::Program::load(options, module);
}

double restore_ns(session::Program& program) {
    constexpr uint64_t kRestores = 20'000;
    return kNanoseconds * best_seconds_per_operation(kRounds, kRestores, [&] {
        for (uint64_t i = 0; i < kRestores; ++i) program.kernel().modules->begin_execution();
    });
}

struct SearchSpeed {
    double executions_per_second;
    double steps_per_second;
};

SearchSpeed search_speed(session::Program& program) {
    SearchSpeed best{};
    for (int round = 0; round < kRounds; ++round) {
        explore::BoundedSearch search(1);
        uint64_t executions = 0;
        uint64_t steps = 0;
        const auto begin = std::chrono::steady_clock::now();
        while (search.begin_execution()) {
            program.findings().begin_execution();
            const trace::ExecutionSummary summary = program.run(search);
            search.end_execution(summary);
            program.findings().end_execution(search.schedule(), ++executions);
            steps += summary.steps;
        }
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        best.executions_per_second = std::max(best.executions_per_second, static_cast<double>(executions) / seconds);
        best.steps_per_second = std::max(best.steps_per_second, static_cast<double>(steps) / seconds);
    }
    return best;
}

int run(bool as_json) {
    std::vector<Measurement> measurements;
    const auto add = [&](std::string name, double value, std::string unit) {
        measurements.push_back({.name = std::move(name), .value = value, .unit = std::move(unit), .goal = {}, .met = false});
    };
    const double call = indirect_call_ns();
    const double fiber = fiber_switch_ns();
    const double invisible = step_ns(false);
    const double visible = step_ns(true);
    add("indirect call", call, "ns");
    add("fiber switch", fiber, "ns");
    add("fiber switch / indirect call", fiber / call, "ratio");
    add("access at an invisible location, no detectors", invisible, "ns");
    add("step: access at a visible location, two CPUs, no detectors", visible, "ns");
    add("step / indirect call", visible / call, "ratio");

    auto program = load_lost_update();
    if (!program) {
        fmt::print(stderr, "bench machine: {}\n", program.error().message);
        return 2;
    }
    explore::Replay once({});
    once.begin_execution();
    (*program)->run(once);
    const SearchSpeed speed = search_speed(**program);
    add("restore of the module's memory, lost_update.c", restore_ns(**program), "ns");
    add("executions of lost_update.c, all detectors", speed.executions_per_second, "1/s");
    add("choice points of lost_update.c, all detectors", speed.steps_per_second, "1/s");
    bench::print(measurements, as_json);
    return 0;
}

}  // namespace
}  // namespace kloom

int main(int argc, char** argv) { return kloom::run(kloom::bench::wants_json(argc, argv)); }
