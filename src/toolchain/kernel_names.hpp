// KernelNames: which header of Linux declares a name, so that a module that needs what kloom lacks gets one clear line.
//
// The table (kernel_names.inc) holds the names that real modules use. It says nothing about what kloom supports: that is
// whatever include/kernel declares.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kloom::toolchain {

enum class NameKind : uint8_t { Function, Macro, Type, Struct, Constant, Variable };

struct KernelName {
    std::string_view name;
    std::string_view header;  // as it is included: "linux/slab.h"
    NameKind kind;
};

// The table's row for `name`; null for a name that is not the kernel's.
const KernelName* find_kernel_name(std::string_view name);

// "function", "macro", "type", "structure", "constant" or "variable".
std::string_view to_string(NameKind kind);

// Whether `header` (as it is included) is one of Linux rather than of a module: linux/..., asm/..., net/... .
bool is_kernel_header(std::string_view header);

}  // namespace kloom::toolchain
