#include "report/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/report/recording_script.hpp"

namespace kloom::report {
namespace {

using nlohmann::json;
using tests::FakeSymbols;
using tests::RecordingScript;

constexpr uintptr_t kV = 0x100000;

trace::Outcome racing() {
    RecordingScript script;
    auto& a = script.task(1, "kthread/0", 0);
    auto& b = script.task(2, "kthread/1", 1);
    const uint64_t read = script.read(a, 14, kV, 1);
    const uint64_t write = script.write(b, 15, kV, 2);
    trace::Finding& finding = script.finding("data-race", "data race on {object}");
    finding.address = kV;
    finding.size = 4;
    script.site(write, "writes");
    script.site(read, "reads");
    script.shown().schedule = {{.position = 23,
                                .choice = {.kind = trace::ChoiceKind::Step, .cpu = trace::CpuId(1)},
                                .cost = 1}};
    trace::Outcome outcome;
    outcome.program = "dir/a.c";
    outcome.program_hash = "6f1c";
    outcome.findings = {script.shown()};
    outcome.notes = {"a remark"};
    return outcome;
}

json rendered(const trace::Outcome& outcome) {
    FakeSymbols symbols;
    symbols.objects = {{kV, "V"}};
    return json::parse(render_json({.outcome = outcome,
                                    .symbols = symbols,
                                    .replays = {{"a-1.trace", "kloom replay a-1.trace"}},
                                    .exit_code = 1}));
}

TEST(Json, FindingHasPlaceScheduleAndSteps) {
    const json report = rendered(racing());
    const json& finding = report["findings"][0];

    EXPECT_EQ(report["kloom"], 1);
    EXPECT_EQ(report["verdict"], "findings");
    EXPECT_EQ(report["exit"], 1);
    EXPECT_EQ(report["notes"], json({"a remark"}));
    EXPECT_EQ(finding["id"], "data-race");
    EXPECT_EQ(finding["severity"], "error");
    EXPECT_EQ(finding["message"], "data race on V");
    EXPECT_EQ(finding["file"], "dir/a.c");
    EXPECT_EQ(finding["line"], 15);
    EXPECT_EQ(finding["needs"], json({"smp"}));
    EXPECT_EQ(finding["cost"], 1);
    EXPECT_EQ(finding["schedule"], json({"23 step cpu1"}));
    EXPECT_EQ(finding["trace"], "a-1.trace");
    ASSERT_EQ(finding["steps"].size(), 2u);
    EXPECT_EQ(finding["steps"][1]["what"], "writes V = 2");
    EXPECT_EQ(finding["steps"][1]["value"], "2");
    EXPECT_EQ(finding["steps"][1]["cpu"], 1);
    EXPECT_EQ(finding["steps"][1]["path"], "kthread/1 (pid 102)");
}

TEST(Json, VerdictFollowsErrorsAndClaim) {
    trace::Outcome outcome = racing();
    outcome.findings[0].finding.severity = trace::Severity::Warning;
    outcome.claim.reached_goal = true;

    EXPECT_EQ(rendered(outcome)["verdict"], "clean");
    outcome.claim.reached_goal = false;
    EXPECT_EQ(rendered(outcome)["verdict"], "incomplete");
}

TEST(Json, TextThatIsNoUnicodeDoesNotBreakTheDocument) {
    trace::Outcome outcome = racing();
    outcome.notes = {"\xff\xfe"};

    EXPECT_EQ(rendered(outcome)["notes"].size(), 1u);
}

}  // namespace
}  // namespace kloom::report
