#include "kernel/irq/irq.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <string>

#include "explore/bounded.hpp"
#include "unit/kernel/sync/kernel_program.hpp"

#include <linux/errno.h>
#include <linux/interrupt.h>

namespace kloom::tests {
namespace {

using explore::BoundedSearch;
using kernel::IrqService;

constexpr unsigned kLine = 19;

irqreturn_t answer_handled(int, void*) { return IRQ_HANDLED; }

int g_devices[2];
int g_runs;
bool g_is_running;
tasklet_struct g_tasklet;

irqreturn_t run_for_a_while(int, void*) {
    g_is_running = true;
    machine::machine().step_object(trace::OperationKind::Sync, &g_runs, 0);
    ++g_runs;
    machine::machine().step_object(trace::OperationKind::Sync, &g_runs, 0);
    g_is_running = false;
    return IRQ_HANDLED;
}

KernelProgram::Count explore_bound(KernelProgram& program, int bound) {
    BoundedSearch search(bound);
    return program.explore(search);
}

// What request_threaded_irq() answers to a second request for a line.
struct RequestCase {
    const char* name;
    unsigned long first_flags;
    unsigned line;
    irq_handler_t handler;
    irq_handler_t thread;
    unsigned long flags;
    void* device;
    int expected;
};

const RequestCase kRequestCases[] = {
    {"SharedByBoth", IRQF_SHARED, kLine, answer_handled, nullptr, IRQF_SHARED, &g_devices[1], 0},
    {"NotSharedByTheFirst", 0, kLine, answer_handled, nullptr, IRQF_SHARED, &g_devices[1], -EBUSY},
    {"NotSharedByTheSecond", IRQF_SHARED, kLine, answer_handled, nullptr, 0, &g_devices[1], -EBUSY},
    {"SharedWithoutDevice", IRQF_SHARED, kLine, answer_handled, nullptr, IRQF_SHARED, nullptr, -EINVAL},
    {"OtherTrigger", IRQF_SHARED | IRQF_TRIGGER_RISING, kLine, answer_handled, nullptr, IRQF_SHARED | IRQF_TRIGGER_FALLING,
     &g_devices[1], -EBUSY},
    {"NoSuchLine", IRQF_SHARED, NR_IRQS, answer_handled, nullptr, 0, nullptr, -EINVAL},
    {"NoHandlerAtAll", IRQF_SHARED, 20, nullptr, nullptr, 0, nullptr, -EINVAL},
    {"OnlyAThreadWithoutOneshot", IRQF_SHARED, 20, nullptr, answer_handled, 0, nullptr, -EINVAL},
    {"OnlyAThreadWithOneshot", IRQF_SHARED, 20, nullptr, answer_handled, IRQF_ONESHOT, nullptr, 0},
    {"TimersLine", IRQF_SHARED, 0, answer_handled, nullptr, 0, nullptr, -EBUSY},
    {"KeyboardsLineShared", IRQF_SHARED, 1, answer_handled, nullptr, IRQF_SHARED, &g_devices[1], 0},
    {"KeyboardsLineAlone", IRQF_SHARED, 1, answer_handled, nullptr, 0, &g_devices[1], -EBUSY},
};

class Request : public ::testing::TestWithParam<RequestCase> {};

TEST_P(Request, AnswersAsLinux) {
    const RequestCase& test = GetParam();
    KernelProgram program;
    int first = -1;
    int second = -1;
    program.setup = [&] {
        first = request_irq(kLine, answer_handled, test.first_flags, "first", &g_devices[0]);
        second = request_threaded_irq(test.line, test.handler, test.thread, test.flags, "second", test.device);
    };

    explore_bound(program, 0);

    EXPECT_EQ(first, 0);
    EXPECT_EQ(second, test.expected);
}

INSTANTIATE_TEST_SUITE_P(Irqs, Request, ::testing::ValuesIn(kRequestCases),
                         [](const ::testing::TestParamInfo<RequestCase>& info) { return std::string(info.param.name); });

// The interrupt comes at any step, on either CPU.
TEST(Irqs, NoHandlerRunsAfterDisableIrq) {
    KernelProgram program;
    program.setup = [] {
        g_is_running = false;
        EXPECT_EQ(request_irq(kLine, run_for_a_while, 0, "device", g_devices), 0);
        machine::machine().raise_irq(kLine);
    };
    program.threads = {[] {
        disable_irq(kLine);
        EXPECT_FALSE(g_is_running);
        const int runs = g_runs;
        machine::machine().step_object(trace::OperationKind::Sync, &g_runs, 0);
        EXPECT_EQ(g_runs, runs);
        enable_irq(kLine);
    }};
    program.finish = [] { free_irq(kLine, g_devices); };

    const KernelProgram::Count count = explore_bound(program, 2);

    EXPECT_GT(count.executions, 10u);
    EXPECT_EQ(count.stuck, 0u);
}

TEST(Irqs, ADisabledLineRemembersOnlyThatItWasRaised) {
    KernelProgram program;
    program.setup = [] {
        EXPECT_EQ(request_irq(kLine, answer_handled, IRQF_NO_AUTOEN, nullptr, g_devices), 0);
        machine::machine().raise_irq(kLine);
        machine::machine().raise_irq(kLine);
        EXPECT_EQ(machine::machine().line(kLine).pending, 1u);
        EXPECT_EQ(free_irq(kLine, g_devices), nullptr) << "it was requested without a name";
    };

    explore_bound(program, 0);
}

// Scheduled on both CPUs at once, a tasklet runs on one of them at a time.
TEST(Tasklets, RunOnOneCpuAtATime) {
    KernelProgram program;
    program.share(g_tasklet);
    program.setup = [] {
        g_is_running = false;
        tasklet_setup(&g_tasklet, [](tasklet_struct*) {
            EXPECT_FALSE(g_is_running);
            run_for_a_while(0, nullptr);
        });
    };
    program.threads = {[] { tasklet_schedule(&g_tasklet); }, [] { tasklet_schedule(&g_tasklet); }};
    program.finish = [] { tasklet_kill(&g_tasklet); };

    const KernelProgram::Count count = explore_bound(program, 1);

    EXPECT_GT(count.executions, 10u);
    EXPECT_EQ(count.stuck, 0u);
}

TEST(Irqs, ProcInterruptsNamesHandlersAndCounts) {
    KernelProgram program;
    std::string text;
    program.setup = [&] {
        EXPECT_EQ(request_irq(kLine, answer_handled, IRQF_SHARED, "first", &g_devices[0]), 0);
        EXPECT_EQ(request_irq(kLine, answer_handled, IRQF_SHARED, "second", &g_devices[1]), 0);
        kernel::kernel().irqs->format_interrupts(text);
    };

    explore_bound(program, 0);

    EXPECT_NE(text.find("           CPU0       CPU1       \n"), std::string::npos) << text;
    EXPECT_NE(text.find(" 19:          0          0   IO-APIC   19-fasteoi      first, second\n"), std::string::npos) << text;
    EXPECT_NE(text.find("LOC: "), std::string::npos) << text;
}

}  // namespace
}  // namespace kloom::tests
