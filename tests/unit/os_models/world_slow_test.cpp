#include <gtest/gtest.h>

#include "unit/os_models/run_laws.hpp"

namespace kloom::os_models {
namespace {

TEST(WorldSlow, NothingIsLostInManyRandomWorkloads) { tests::expect_laws_in_random_runs(401, 15'000); }

}  // namespace
}  // namespace kloom::os_models
