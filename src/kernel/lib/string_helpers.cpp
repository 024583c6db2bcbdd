// Sizes for people: three significant digits and a unit.
#include <array>
#include <cstdint>

#include "kernel/lib/format_spec.hpp"
#include "kernel/module_access.hpp"

#include <linux/string_helpers.h>

namespace kloom::kernel {
namespace {

constexpr std::array<const char*, 9> kUnits10 = {"B",  "kB", "MB", "GB", "TB",
                                                 "PB", "EB", "ZB", "YB"};
constexpr std::array<const char*, 9> kUnits2 = {"B",   "KiB", "MiB", "GiB", "TiB",
                                                "PiB", "EiB", "ZiB", "YiB"};

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" void string_get_size(u64 size, u64 blk_size, enum string_size_units units, char* buf,
                                int len) {
    KLOOM_API();
    const unsigned divisor = units == STRING_UNITS_10 ? 1000 : 1024;
    unsigned __int128 value = static_cast<unsigned __int128>(size) * blk_size;
    unsigned __int128 fraction = 0, unit_size = 1;
    size_t unit = 0;
    while (value / unit_size >= divisor && unit + 1 < kUnits10.size()) {
        unit_size *= divisor;
        ++unit;
    }

    // As many decimals as make three digits, rounded.
    auto whole = static_cast<uint64_t>(value / unit_size);
    int decimals = size == 0 || whole >= 100 ? 0 : whole >= 10 ? 1 : 2;
    unsigned scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
    fraction = (value % unit_size * scale + unit_size / 2) / unit_size;
    if (fraction >= scale) {
        ++whole;
        fraction -= scale;
    }

    TextWriter out(buf, static_cast<size_t>(len), TextOwner::Module);
    FormatSpec number;
    write_number(out, whole, number);
    if (decimals > 0) {
        out.put('.');
        number.pads_with_zero = true;
        number.width = decimals;
        write_number(out, static_cast<uint64_t>(fraction), number);
    }
    out.put(' ');
    out.put(units == STRING_UNITS_10 ? kUnits10[unit] : kUnits2[unit]);
    out.finish();
}
