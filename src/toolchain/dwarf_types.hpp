// Names for parts of variables, from the types in the debug information.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>

namespace kloom::toolchain {

// The path from a variable to the `size` bytes at `offset` in it: "", "[3]", ".queue.count". `variable` is the DIE of the
// variable. See SourceMap::describe_data for what is left out.
std::string member_path(Dwarf_Die* variable, uint64_t offset, uint64_t size);

}  // namespace kloom::toolchain
