#include "hooks/privileged.hpp"

#include <cstdint>

#include "machine/machine.hpp"

namespace {

using kloom::machine::machine;

enum Effect : int { kEffectInterrupt, kEffectDisable, kEffectEnable, kEffectHalt };

int pending_effect = kEffectHalt;
uint32_t pending_line = 0;

}  // namespace

// Called by the trampoline on the fiber of the module, with all registers saved.
extern "C" __attribute__((used)) void kloom_privileged_effect() {
    const int effect = pending_effect;
    const uint32_t line = pending_line;
    switch (effect) {
        case kEffectInterrupt: machine().interrupt_now(line); break;
        case kEffectDisable:
            machine().step_local(0);
            machine().set_irqs_disabled(true);
            break;
        case kEffectEnable:
            machine().step_local(0);
            machine().set_irqs_disabled(false);
            break;
        default: machine().yield(); break;
    }
}

// The module's code is left between two instructions, so every register is live. The return address lies below the red
// zone; `ret 128` drops both.
extern "C" void kloom_privileged_trampoline();
asm(R"(
.text
.globl kloom_privileged_trampoline
.type kloom_privileged_trampoline, @function
kloom_privileged_trampoline:
    pushfq
    pushq %rax
    pushq %rcx
    pushq %rdx
    pushq %rbx
    pushq %rbp
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, %rbp
    andq $-64, %rsp
    subq $512, %rsp
    fxsave64 (%rsp)
    cld
    call kloom_privileged_effect
    fxrstor64 (%rsp)
    movq %rbp, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rbp
    popq %rbx
    popq %rdx
    popq %rcx
    popq %rax
    popfq
    ret $128
.size kloom_privileged_trampoline, .-kloom_privileged_trampoline
)");

namespace kloom::hooks {
namespace {

constexpr uint64_t kRedZoneBytes = 128;

// Continues in the trampoline, which returns behind the instruction of `length` bytes.
void defer(ucontext_t& registers, int effect, int length) {
    auto& gregs = registers.uc_mcontext.gregs;
    pending_effect = effect;
    const uint64_t back = static_cast<uint64_t>(gregs[REG_RIP]) + static_cast<uint64_t>(length);
    uint64_t stack = static_cast<uint64_t>(gregs[REG_RSP]) - kRedZoneBytes - sizeof back;
    *reinterpret_cast<uint64_t*>(stack) = back;
    gregs[REG_RSP] = static_cast<greg_t>(stack);
    gregs[REG_RIP] = reinterpret_cast<greg_t>(&kloom_privileged_trampoline);
}

// Port reads give zero, writes go nowhere: no device is attached to the machine's ports behind inline assembly.
bool emulate_port(ucontext_t& registers, uint8_t opcode) {
    auto& gregs = registers.uc_mcontext.gregs;
    const bool is_immediate = opcode >= 0xe4 && opcode <= 0xe7;
    const bool is_dx = opcode >= 0xec && opcode <= 0xef;
    if (!is_immediate && !is_dx) return false;
    const bool is_read = (opcode & 2) == 0;
    if (is_read) gregs[REG_RAX] &= (opcode & 1) != 0 ? ~greg_t{0xffffffff} : ~greg_t{0xff};
    gregs[REG_RIP] += is_immediate ? 2 : 1;
    return true;
}

}  // namespace

bool emulate_privileged(ucontext_t& registers) {
    const auto* code = reinterpret_cast<const uint8_t*>(registers.uc_mcontext.gregs[REG_RIP]);
    switch (code[0]) {
        case 0xcd:
            pending_line = static_cast<uint32_t>(code[1]) - kIsaVectorBase;
            defer(registers, kEffectInterrupt, 2);
            return true;
        case 0xfa: defer(registers, kEffectDisable, 1); return true;
        case 0xfb: defer(registers, kEffectEnable, 1); return true;
        case 0xf4: defer(registers, kEffectHalt, 1); return true;
        default: return emulate_port(registers, code[0]);
    }
}

}  // namespace kloom::hooks
