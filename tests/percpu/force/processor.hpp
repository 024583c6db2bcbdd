// What the proof must know of the processor: how a process stops itself, breakpoints, registers, and which instruction of a
// listing touches a copy.
//
// A stopped process stands behind the breakpoint, on x86-64 by itself and on aarch64 because pass_trap() sees to it.
#pragma once

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace force {

#if defined(__x86_64__)

constexpr std::uintptr_t kTrapBytes = 1;

inline void stop() { asm volatile("int3"); }
inline long with_breakpoint(long word) { return (word & ~0xffL) | 0xcc; }

inline bool instruction_pointer(pid_t process, std::uintptr_t& address) {
    user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, process, nullptr, &registers) != 0) return false;
    address = registers.rip;
    return true;
}

inline bool set_instruction_pointer(pid_t process, std::uintptr_t address) {
    user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, process, nullptr, &registers) != 0) return false;
    registers.rip = address;
    registers.orig_rax = static_cast<unsigned long long>(-1);
    return ptrace(PTRACE_SETREGS, process, nullptr, &registers) == 0;
}

inline bool pass_trap(pid_t) { return true; }

// Follows a function's instructions, one call for each.
class Listing {
  public:
    bool is_between_functions(const char* line) const {
        return std::strstr(line, "\tnop") != nullptr || std::strstr(line, "\tdata16") != nullptr || std::strstr(line, "cs nop") != nullptr;
    }
    bool is_over() const { return false; }
    bool touches_copy(const char* line) {
        ++count_;
        // Of a lock that is taken, the jump behind the comparison still restarts, so what comes after it counts.
        if (std::strstr(line, "cmpq   $0x0,(") != nullptr) lock_store_ = count_ + 2;
        return std::strstr(line, "0x20000(") != nullptr || count_ == lock_store_;
    }

  private:
    std::size_t count_ = 0;
    std::size_t lock_store_ = 0;
};

#else

constexpr std::uintptr_t kTrapBytes = 4;

inline void stop() { asm volatile("brk #0"); }
inline long with_breakpoint(long word) { return (word & ~0xffffffffL) | 0xd4200000; }

inline bool registers_of(pid_t process, __ptrace_request request, user_regs_struct& registers) {
    iovec area = {&registers, sizeof registers};
    return ptrace(request, process, NT_PRSTATUS, &area) == 0;
}

inline bool instruction_pointer(pid_t process, std::uintptr_t& address) {
    user_regs_struct registers;
    if (!registers_of(process, PTRACE_GETREGSET, registers)) return false;
    address = registers.pc;
    return true;
}

inline bool set_instruction_pointer(pid_t process, std::uintptr_t address) {
    user_regs_struct registers;
    if (!registers_of(process, PTRACE_GETREGSET, registers)) return false;
    registers.pc = address;
    return registers_of(process, PTRACE_SETREGSET, registers);
}

inline bool pass_trap(pid_t process) {
    std::uintptr_t address;
    return instruction_pointer(process, address) && set_instruction_pointer(process, address + kTrapBytes);
}

// What follows the first return is for threads without rseq. A copy's address is the one register that is computed with a
// shift by 16.
class Listing {
  public:
    bool is_between_functions(const char* line) const { return std::strstr(line, "\tnop") != nullptr; }
    bool is_over() const { return is_over_; }
    bool touches_copy(const char* line) {
        is_over_ = std::strstr(line, "\tret") != nullptr;
        char name[8];
        const char* const addition = std::strstr(line, "\tadd\t");
        if (addition != nullptr && std::strstr(line, "lsl #16") != nullptr && std::sscanf(addition, " add %7[^,]", name) == 1)
            copy_ = std::string("[") + name;
        const char* const found = copy_.empty() ? nullptr : std::strstr(line, copy_.c_str());
        return found != nullptr && (found[copy_.size()] == ']' || found[copy_.size()] == ',');
    }

  private:
    std::string copy_;
    bool is_over_ = false;
};

#endif

}  // namespace force
