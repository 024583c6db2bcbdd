// Calls from the kernel into functions that a module gave it.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernel/kernel.hpp"

namespace kloom::kernel {

// Calls `function`, which may belong to the module or be one of the kernel's own (seq_read). `kind`
// names it in reports
// ("read", "show"). The call may step, sleep, or never return.
template <class Result, class... Parameters, class... Arguments>
Result call_operation(const char* kind, Result (*function)(Parameters...), Arguments... arguments) {
    const auto address = reinterpret_cast<uintptr_t>(function);
    if (!kernel().module.contains_text(address)) return function(arguments...);
    emit_callback_enter(reinterpret_cast<const void*>(address), kind);
    if constexpr (std::is_void_v<Result>) {
        function(arguments...);
        emit_callback_return(reinterpret_cast<const void*>(address), kind);
    } else {
        Result result = function(arguments...);
        emit_callback_return(reinterpret_cast<const void*>(address), kind);
        return result;
    }
}

}  // namespace kloom::kernel
