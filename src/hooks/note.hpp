// What all hooks share: telling the machine about an access that instrumented code is about to make.
//
// Hooks run on the fiber of the code under test. Outside an execution (constructors while the module is loaded, or no
// machine at all) they tell nobody.
#pragma once

#include <cstdint>

#include "machine/machine.hpp"

// The address of the instruction that called the hook. One byte before the return address lies inside the call, so that
// it maps to the call's source line.
#define KLOOM_CALLER_PC (reinterpret_cast<uintptr_t>(__builtin_return_address(0)) - 1)

namespace kloom::hooks {

// The machine while one executes code under test, else null.
inline machine::Machine* running_machine() {
    machine::Machine* machine = machine::machine_or_null();
    return machine != nullptr && machine->is_running() ? machine : nullptr;
}

inline void note(uintptr_t address, uint32_t size, uint16_t flags, uintptr_t pc) {
    if (machine::Machine* machine = running_machine()) [[likely]]
        machine->access(address, size, flags, pc);
}

inline uintptr_t address_of(const volatile void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

}  // namespace kloom::hooks
