#include "report/terminal.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/report/recording_script.hpp"

namespace kloom::report {
namespace {

using tests::FakeSymbols;
using tests::RecordingScript;
using trace::EventKind;

constexpr uintptr_t kV = 0x100000;
constexpr uintptr_t kPointer = 0x100100;
constexpr uintptr_t kHeap = 0x200000000000;

// A reads V, B reads V, A writes V, B writes V.
trace::ShownFinding lost_update() {
    RecordingScript script;
    auto& a = script.task(1, "kthread/0", 0);
    auto& b = script.task(2, "kthread/1", 1);
    const uint64_t read_a = script.read(a, 14, kV, 1);
    const uint64_t read_b = script.read(b, 14, kV, 1);
    const uint64_t write_a = script.write(a, 14, kV, 2);
    const uint64_t write_b = script.write(b, 14, kV, 2);
    script.event(a, EventKind::ModuleUnload);
    script.read(a, 31, kV, 2);
    script.say(a, EventKind::Assertion, 31, "V != 3");
    trace::Finding& finding = script.finding("lost-update", "lost update of {object}");
    finding.address = kV;
    finding.size = 4;
    script.site(write_b, "overwrites");
    script.site(write_a, "writes");
    script.site(read_b, "reads");
    script.site(read_a, "reads");
    return script.shown();
}

FakeSymbols symbols() {
    FakeSymbols symbols;
    symbols.lines = {{14, "V++;"},
                     {20, "if (!p)"},
                     {21, "p = kmalloc(8, GFP_KERNEL);"},
                     {25, "preempt_disable();"},
                     {31, "WARN_ON(V != 3);"}};
    symbols.objects = {{kV, "V"}, {kPointer, "p"}};
    return symbols;
}

trace::Outcome outcome_of(std::vector<trace::ShownFinding> findings) {
    trace::Outcome outcome;
    outcome.program = "dir/a.c";
    outcome.claim.kind = trace::ClaimKind::Bounded;
    outcome.claim.bound = 1;
    outcome.claim.executions = 34;
    outcome.claim.seconds = 0.0124;
    outcome.claim.reached_goal = true;
    outcome.findings = std::move(findings);
    return outcome;
}

std::string render(const trace::Outcome& outcome, TerminalOptions options = {}) {
    const FakeSymbols names = symbols();
    return render_terminal({.outcome = outcome,
                            .symbols = names,
                            .replays = {{"a-1.trace", "kloom replay a-1.trace"}}},
                           options);
}

// The part of a report that tells the interleaving.
std::string timeline_of(const std::string& report) {
    const size_t begin = report.find("\n\n") + 2;
    return report.substr(begin, report.find("  needs:") - begin);
}

TEST(Terminal, LostUpdateIsATableWithOneColumnPerCpu) {
    EXPECT_EQ(
        render(outcome_of({lost_update()})),
        R"(dir/a.c:14: error: lost update of V                                                    [lost-update]

      CPU 0  kthread/0 (pid 101)    CPU 1  kthread/1 (pid 102)
  1   V++;  reads V = 1   :14
  2                                 V++;  reads V = 1   :14
  3   V++;  writes V = 2  :14
  4                                 V++;  writes V = 2  :14       overwrites step 3

  at unload: WARN_ON(V != 3), V = 2   a.c:31
  needs:  smp
  proven: this interleaving was executed; bound 1 is complete (34 executions in 12 ms)
  replay: kloom replay a-1.trace
  why:    kloom explain lost-update
)");
}

// CPU 0 checks p, CPU 1 checks p, both allocate, CPU 1 overwrites the pointer of CPU 0.
TEST(Timeline, HeapObjectsAreNamedByLetters) {
    RecordingScript script;
    auto& a = script.task(1, "kthread/0", 0);
    auto& b = script.task(2, "kthread/1", 1);
    script.read(a, 20, kPointer, 0, 8);
    script.read(b, 20, kPointer, 0, 8);
    const uint64_t lost = script.allocate(a, 21, kHeap, 8);
    script.write(a, 21, kPointer, kHeap, 8);
    script.allocate(b, 21, kHeap + 64, 8);
    script.write(b, 21, kPointer, kHeap + 64, 8);
    const uint64_t unload = script.event(a, EventKind::ModuleGone);
    trace::Finding& finding = script.finding("leak", "{object} is never freed");
    finding.address = kHeap;
    finding.size = 8;
    script.site(lost, "allocates");
    script.site(unload, "module is gone");

    EXPECT_EQ(timeline_of(render(outcome_of({script.shown()}))),
              R"(      CPU 0  kthread/0 (pid 101)                       CPU 1  kthread/1 (pid 102)
  1   if (!p)              reads p = NULL       :20
  2                                                    if (!p)              reads p = NULL       :20
  3   p = kmalloc(8, G...  allocates object A   :21
  4   p = kmalloc(8, G...  writes p = object A  :21
  5                                                    p = kmalloc(8, G...  writes p = object B  :21
                                                       ^ overwrites step 4
  6   module is gone

  object A: 8 bytes, allocated at a.c:21 by kthread/0
  object B: 8 bytes, allocated at a.c:21 by kthread/1
)");
}

// A reads V; the interrupt on its CPU increments V; A writes V.
TEST(Timeline, InterruptArrivesInTheColumnOfItsCpu) {
    RecordingScript script;
    auto& a = script.task(2, "kthread/0", 0);
    auto& irq = script.hardirq(1, 19, 0);
    const uint64_t read = script.read(a, 14, kV, 1);
    irq.interrupted = a.id;
    script.event(irq, EventKind::PathBegin, 0, 0, 2);
    script.read(irq, 14, kV, 1);
    const uint64_t intruder = script.write(irq, 14, kV, 2);
    script.event(irq, EventKind::PathEnd);
    const uint64_t write = script.write(a, 14, kV, 2);
    trace::Finding& finding =
        script.finding("lost-update", "lost update of {object}: {0} overwrites what {1} wrote");
    finding.address = kV;
    finding.size = 4;
    script.site(write, "overwrites");
    script.site(intruder, "writes");
    script.site(read, "reads");

    EXPECT_EQ(
        render(outcome_of({script.shown()})),
        R"(dir/a.c:14: error: lost update of V: kthread/0 (pid 102) overwrites what irq 19 on CPU 0 wrote  [lost-update]

      CPU 0  kthread/0 (pid 102)
  1   V++;  reads V = 1   :14
  2   irq 19 interrupts kthread/0
  3   V++;  reads V = 1   :14
  4   V++;  writes V = 2  :14
  5   irq 19 returns to kthread/0
  6   V++;  writes V = 2  :14        overwrites step 4

  needs:  interrupt
  proven: this interleaving was executed; bound 1 is complete (34 executions in 12 ms)
  replay: kloom replay a-1.trace
  why:    kloom explain lost-update
)");
}

// A is preempted between its read and its write by B on the same CPU.
TEST(Timeline, PreemptionIsAStepOfItsOwn) {
    RecordingScript script;
    auto& a = script.task(1, "kthread/0", 0);
    auto& b = script.task(2, "kthread/1", 0);
    const uint64_t read = script.read(a, 14, kV, 1);
    script.event(b, EventKind::PathSwitch, 0, 0, 1);
    script.read(b, 14, kV, 1);
    const uint64_t intruder = script.write(b, 14, kV, 2);
    script.event(b, EventKind::PathEnd);
    script.event(a, EventKind::PathSwitch, 0, 0, 2);
    const uint64_t write = script.write(a, 14, kV, 2);
    trace::Finding& finding = script.finding("lost-update", "lost update of {object}");
    finding.address = kV;
    finding.size = 4;
    script.site(write, "overwrites");
    script.site(intruder, "writes");
    script.site(read, "reads");
    script.shown().schedule = {
        {.position = 3,
         .choice = {.kind = trace::ChoiceKind::Preempt, .cpu = trace::CpuId(0), .argument = 2},
         .cost = 1}};

    EXPECT_EQ(timeline_of(render(outcome_of({script.shown()}))), R"(      CPU 0  kthread/0 (pid 101)
  1   V++;  reads V = 1   :14
  2   kthread/1 preempts kthread/0
  3   V++;  reads V = 1   :14
  4   V++;  writes V = 2  :14
      kthread/0 (pid 101)
  5   V++;  writes V = 2  :14         overwrites step 4

)");
}

TEST(Timeline, NarrowTerminalGetsOneLinePerStepAndNothingIsWrapped) {
    const std::string text = timeline_of(render(outcome_of({lost_update()}), {.columns = 60}));

    EXPECT_EQ(text, R"(      CPU 0  kthread/0             CPU 1  kthread/1
  1   V++;  reads V = 1   :14
  2                                V++;  reads V = 1   :14
  3   V++;  writes V = 2  :14
  4                                V++;  writes V = 2  :14
                                   ^ overwrites step 3

  at unload: WARN_ON(V != 3), V = 2   a.c:31
)");
}

// The pointer was read as NULL, then used.
TEST(Timeline, BadPointerIsTracedToTheReadThatGaveIt) {
    RecordingScript script;
    auto& a = script.task(1, "kthread/0", 0);
    auto& b = script.task(2, "kthread/1", 1);
    script.allocate(a, 21, kHeap, 16);
    script.write(a, 21, kPointer, kHeap, 8);
    script.read(b, 20, kPointer, kHeap, 8);
    script.write(a, 22, kPointer, 0, 8);
    script.read(b, 23, kPointer, 0, 8);
    const uint64_t use = script.read(b, 23, 8, 0);
    trace::Finding& finding = script.finding("null-dereference", "{0} dereferences a null pointer");
    finding.address = 8;
    finding.size = 4;
    script.site(use, "");

    EXPECT_EQ(timeline_of(render(outcome_of({script.shown()}))),
              R"(      CPU 0  kthread/0 (pid 101)                       CPU 1  kthread/1 (pid 102)
  1   p = kmalloc(8,...  writes p = the object  :21
  2                                                    if (!p)            reads p = the object   :20
  3                      writes p = NULL        :22
  4                                                                       reads p = NULL         :23
  5                                                                       reads NULL + 8         :23

  the object: 16 bytes, allocated at a.c:21 by kthread/0
)");
}

TEST(Timeline, PreemptionOffIsShownBeforeTheSleep) {
    RecordingScript script;
    auto& a = script.task(1, "insmod", 0);
    script.change_context(a, 25, 1);
    const uint64_t sleep = script.say(a, EventKind::MightSleep, 21, "__kmalloc");
    script.finding("sleep-in-atomic", "{0} may sleep in kmalloc with preemption off");
    script.site(sleep, "may sleep");

    EXPECT_EQ(timeline_of(render(outcome_of({script.shown()}))), R"(      CPU 0  insmod (pid 101)
  1   preempt_disable();           preemption off       :25
  2   p = kmalloc(8, GFP_KERNEL);  __kmalloc may sleep  :21

)");
}

// B writes in a loop between A's read and A's write: its last write is the one that is lost.
TEST(Timeline, LoopsAreToldByTheirLastRound) {
    RecordingScript script;
    auto& a = script.task(1, "kthread/0", 0);
    auto& b = script.task(2, "kthread/1", 1);
    const uint64_t read = script.read(a, 14, kV, 0);
    for (uint64_t value = 1; value < 200; ++value) {
        script.read(b, 14, kV, value - 1);
        script.write(b, 14, kV, value);
    }
    const uint64_t write = script.write(a, 14, kV, 1);
    trace::Finding& finding = script.finding("lost-update", "lost update of {object}");
    finding.address = kV;
    finding.size = 4;
    script.site(write, "overwrites");
    script.site(read, "reads");

    EXPECT_EQ(timeline_of(render(outcome_of({script.shown()}))), R"(      CPU 0  kthread/0 (pid 101)      CPU 1  kthread/1 (pid 102)
  1   V++;  reads V = 0     :14
                                      ... 396 steps like these ...
  2                                   V++;  reads V = 198   :14
  3                                   V++;  writes V = 199  :14
  4   V++;  writes V = 1    :14                                       overwrites step 3

)");
}

TEST(Terminal, CleanProgramSaysWhatWasProven) {
    trace::Outcome outcome = outcome_of({});
    outcome.claim.limits = {"memory is sequentially consistent"};

    EXPECT_EQ(render(outcome), R"(dir/a.c: no defect found
  proven: all interleavings with at most 1 preemption, interrupt or migration (34 executions in 12 ms)
  limits: memory is sequentially consistent
)");
}

TEST(Terminal, IncompleteSearchIsNotCalledClean) {
    trace::Outcome outcome = outcome_of({});
    outcome.claim.kind = trace::ClaimKind::Partial;
    outcome.claim.reached_goal = false;

    EXPECT_EQ(render(outcome), R"(dir/a.c: no defect found so far, but the search is incomplete
  search: no part is complete: the search stopped after 34 executions in 12 ms
  next:   more time: --budget 60s, or a smaller claim: --bound 1
)");
}

TEST(Terminal, WarningsTakeOneLineEach) {
    trace::ShownFinding warning = lost_update();
    warning.finding.id = "data-race";
    warning.finding.severity = trace::Severity::Warning;
    warning.finding.message = "unordered access to {object}";

    EXPECT_EQ(
        render(outcome_of({warning})),
        R"(dir/a.c:14: warning: unordered access to V                                               [data-race]
  (--all shows each with its interleaving)

dir/a.c: no error found
  proven: all interleavings with at most 1 preemption, interrupt or migration (34 executions in 12 ms)
)");
}

TEST(Terminal, ManyErrorsAreListedAfterTheFirst) {
    const trace::Outcome outcome =
        outcome_of({lost_update(), lost_update(), lost_update(), lost_update()});

    const std::string brief = render(outcome);
    const std::string all = render(outcome, {.shows_all = true});

    EXPECT_EQ(brief.find("CPU 0"), brief.rfind("CPU 0"));
    EXPECT_NE(all.find("CPU 0"), all.rfind("CPU 0"));
}

TEST(Terminal, ColourIsUsedOnlyWhenAsked) {
    EXPECT_EQ(render(outcome_of({lost_update()})).find('\033'), std::string::npos);
    EXPECT_NE(render(outcome_of({lost_update()}), {.is_coloured = true}).find("\033["),
              std::string::npos);
}

TEST(Terminal, ControlCharactersOfTheSourceDoNotReachTheTerminal) {
    FakeSymbols names = symbols();
    names.lines[14] = "V++; /* \033[2J */";
    const trace::Outcome outcome = outcome_of({lost_update()});

    EXPECT_EQ(render_terminal({.outcome = outcome, .symbols = names}, {}).find('\033'),
              std::string::npos);
}

}  // namespace
}  // namespace kloom::report
