#include "toolchain/content_hash.hpp"

#include <gtest/gtest.h>

namespace kloom::toolchain {
namespace {

TEST(ContentHash, EqualContentsHaveEqualHashes) { EXPECT_EQ(hash_of("int x;"), hash_of("int x;")); }

TEST(ContentHash, OneBitMakesAnotherHash) { EXPECT_NE(hash_of("int x;"), hash_of("int y;")); }

TEST(ContentHash, PartsAreKeptApart) {
    ContentHash left;
    left.add("ab");
    left.add("c");
    ContentHash right;
    right.add("a");
    right.add("bc");

    EXPECT_NE(left.hex(), right.hex());
}

TEST(ContentHash, IsThirtyTwoHexadecimalDigits) {
    const std::string hash = hash_of("");

    EXPECT_EQ(hash.size(), 32u);
    EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos);
}

}  // namespace
}  // namespace kloom::toolchain
