// Text that lies in the module's memory, as a view, after it was measured and reported as read.
#pragma once

#include <string_view>

#include "kernel/module_access.hpp"

namespace kloom::kernel {

inline std::string_view module_text(const char* text) {
    return {text, module_strlen(text)};
}

inline std::string_view module_text(const char* text, size_t size_max) {
    return {text, module_strnlen(text, size_max)};
}

}  // namespace kloom::kernel
