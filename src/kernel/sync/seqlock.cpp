#include "machine/machine.hpp"

#include <linux/seqlock.h>

using kloom::machine::Path;

namespace {

// Linux's KCSAN_SEQLOCK_REGION_MAX.
constexpr uint32_t kReadsMax = 1000;

}  // namespace

extern "C" {

void kloom_sequence_read_begin() {
    Path& path = kloom::machine::machine().current();
    ++path.sequence_readers;
    path.sequence_reads_left = kReadsMax;
}

// A reader may ask more than once whether it must retry.
void kloom_sequence_read_end() {
    Path& path = kloom::machine::machine().current();
    if (path.sequence_readers != 0) --path.sequence_readers;
}

}  // extern "C"
