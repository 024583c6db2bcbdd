// What the library finds out about the process.
#include "percpu/runtime.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "percpu/possible.hpp"
#include "unit/percpu/without_rseq.hpp"

namespace percpu {
namespace {

struct ListCase {
    const char* name;
    const char* text;
    int cpus;
};

TEST(PossibleCpus, AreCountedToTheHighestNumber) {
    const ListCase cases[] = {
        {"one", "0\n", 1},          {"a range", "0-3\n", 4},        {"sparse", "0,2,5-7\n", 8},
        {"unordered", "8-9,0", 10}, {"large", "0-1023\n", 1024},    {"empty", "\n", 0},
        {"no list", "none\n", 0},   {"far too large", "0-99999", 0},
    };
    for (const ListCase& c : cases) EXPECT_EQ(detail::cpus_in_list(c.text), c.cpus) << c.name;
}

TEST(PossibleCpus, DoNotDependOnTheAffinity) {
    const int before = possible_cpus();
    EXPECT_GT(before, allowed_cpus().back());
    std::thread([&] {
        pin_to(first_allowed_cpu());
        EXPECT_EQ(possible_cpus(), before);
    }).join();
}

TEST(Status, NamesTheReason) {
    std::thread([] {
        give_up_rseq();
        EXPECT_FALSE(status().active);
        EXPECT_STRNE(status().reason, "");
        EXPECT_EQ(this_cpu(), -1);
    }).join();
    if (status().active) {
        EXPECT_STREQ(status().reason, "");
        EXPECT_GE(this_cpu(), 0);
        EXPECT_LT(this_cpu(), possible_cpus());
    }
}

}  // namespace
}  // namespace percpu
