#include "os_models/simulate.hpp"

#include <gtest/gtest.h>

#include "unit/os_models/agreement.hpp"

namespace kloom::os_models {
namespace {

// 96 points, as long as `kloom simulate` measures; 20 seeds, since few rounds are finished where all wait.
TEST(SimulateSlow, ThroughputIsThatOfQueueingTheory) {
    for (const os_organisation* organisation : {&os_smp, &os_master_slave})
        for (const double system_share : {0.01, 0.05, 0.1, 0.3})
            for (const uint32_t cpus : {1u, 2u, 3u, 4u, 6u, 8u, 12u, 16u, 24u, 32u, 48u, 64u})
                tests::expect_agreement({tests::textbook(system_share), *organisation, cpus}, {.seeds = 20});
}

}  // namespace
}  // namespace kloom::os_models
