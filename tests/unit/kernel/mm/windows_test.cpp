#include "kernel/mm/windows.hpp"

#include <gtest/gtest.h>

#include "trace/memory_map.hpp"

namespace kloom::kernel {
namespace {

constexpr uintptr_t kBegin = 0x100000000;
constexpr size_t kWindow = 1 << 20;
constexpr uintptr_t kRedZone = trace::kHeapRedZone;

class AddressWindowsTest : public ::testing::Test {
  protected:
    AddressWindows windows{kBegin, kWindow, 4};
};

TEST_F(AddressWindowsTest, RangesKeepTheirRedZonesApart) {
    const AddressRange first = windows.take(1, 24, 16);
    const AddressRange second = windows.take(1, 24, 16);

    EXPECT_EQ(first.address, kBegin + kWindow + kRedZone);
    EXPECT_GE(second.address - kRedZone, first.address + first.bytes + kRedZone);
}

TEST_F(AddressWindowsTest, AddressesOfAWindowDoNotDependOnOthers) {
    const AddressRange alone = windows.take(2, 100, 16);
    windows.reset();
    windows.take(1, 5000, 16);
    windows.take(3, 64, 64);

    EXPECT_EQ(windows.take(2, 100, 16).address, alone.address);
}

TEST_F(AddressWindowsTest, AlignmentIsKept) {
    windows.take(0, 8, 16);
    EXPECT_EQ(windows.take(0, 8192, 4096).address % 4096, 0u);
}

TEST_F(AddressWindowsTest, FreedRangesAreNotReusedWhileThereIsRoom) {
    const AddressRange first = windows.take(0, 64, 16);
    windows.give_back(first);

    EXPECT_NE(windows.take(0, 64, 16).address, first.address);
}

TEST_F(AddressWindowsTest, FullWindowReusesWhatWasFreedFirst) {
    AddressRange first;
    AddressRange second;
    for (AddressRange range = windows.take(0, 4000, 16); range.address != 0; range = windows.take(0, 4000, 16)) {
        if (first.address == 0)
            first = range;
        else if (second.address == 0)
            second = range;
    }
    windows.give_back(first);
    windows.give_back(second);

    EXPECT_EQ(windows.take(0, 100, 16).address, first.address);
    EXPECT_EQ(windows.take(0, 4000, 16).address, second.address);
    EXPECT_EQ(windows.take(0, 4000, 16).address, 0u);
}

TEST_F(AddressWindowsTest, LargerThanAWindowIsRefused) {
    EXPECT_EQ(windows.take(0, kWindow, 16).address, 0u);
    EXPECT_EQ(windows.take(0, ~size_t{0} - 100, 16).address, 0u);
}

}  // namespace
}  // namespace kloom::kernel
