#include "session/finding_collector.hpp"

#include <gtest/gtest.h>

namespace kloom::session {
namespace {

using trace::Severity;

trace::Finding finding(Severity severity) {
    trace::Finding finding;
    finding.id = "lock-order";
    finding.severity = severity;
    finding.sites = {{.pc = 64}, {.pc = 128}};
    return finding;
}

TEST(FindingCollector, KeepsTheMoreSevereOfTwoEqualFindings) {
    FindingCollector collector([] {});
    collector.begin_execution();

    collector.report(finding(Severity::Warning));
    EXPECT_TRUE(collector.wants("lock-order", Severity::Error, 64, 128, 0));
    collector.report(finding(Severity::Error));

    ASSERT_EQ(collector.found().size(), 1u);
    EXPECT_EQ(collector.found()[0].finding.severity, Severity::Error);
    EXPECT_FALSE(collector.wants("lock-order", Severity::Warning, 64, 128, 0));
}

TEST(FindingCollector, SeesItsTargetOnlyAsSevereAsItWas) {
    FindingCollector collector([] {});
    collector.begin_execution();
    collector.report(finding(Severity::Error));
    const FoundOnce target = collector.found()[0];

    collector.set_target(target, FindingCollector::AfterTarget::GoOn);
    collector.begin_execution();
    EXPECT_FALSE(collector.wants("lock-order", Severity::Warning, 64, 128, 0));
    collector.report(finding(Severity::Warning));
    EXPECT_FALSE(collector.target_seen().has_value());
    collector.report(finding(Severity::Error));

    EXPECT_TRUE(collector.target_seen().has_value());
}

}  // namespace
}  // namespace kloom::session
