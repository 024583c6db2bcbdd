// The restartable sequences of aarch64: one for each operation and size. What a sequence is and what keeps it correct is told in
// sequence_x86_64.hpp; this is what is different here.
//
//     90: adrp  cpu, descriptor        the descriptor names 91, 92 and 94
//         add   cpu, cpu, :lo12:descriptor
//         str   cpu, [area, #8]        armed: from here on the kernel restarts what it interrupts between 91 and 92
//     91: ldrsw cpu, [area, #4]
//         tbnz  cpu, #63, 92f          negative: this thread has no rseq
//         add   copy, base, cpu, lsl #16
//         ldr   t, [copy]              loads and computations in registers
//         add   t, t, value
//         str   t, [copy]              the commit, always one store
//     92:
//     94: b     90b                    in another section, behind the signature that the kernel asks for
//
// - No instruction changes memory but a store, so every operation loads, computes and commits.
// - A conditional branch reaches 1 MiB at most, tbnz 32 KiB, and no linker extends them. So a thread without rseq leaves
//   through the end with `cpu` negative, and the compiler, which knows how far it is, branches to what is done instead.
// - The abort handler is reached by its address and goes back by a plain branch, which the linker may lead through a veneer
//   beyond 128 MiB; veneers change x16 and x17.
// - `base` is the handle with the distance to the first CPU's copy, since a store's offset is smaller than that; the addition
//   leaves loops. `area` is the address of glibc's area: aarch64 has no addressing relative to the thread pointer. Both addresses are
//   relative to the instruction (adrp, and the compiler's own), so the text is the same in static programs, PIE and shared objects.
// - Stores and loads of others may be seen in another order than they were made. Where x86's order is made use of, the load is
//   an acquire or the commit a release: acquire(), add_unless(), add_release().
#pragma once

#include <cstddef>
#include <cstdint>

#include "percpu/detail/layout.hpp"
#include "percpu/detail/no_cpu_aarch64.hpp"

extern "C" const std::ptrdiff_t __rseq_offset;  // glibc 2.35 and later; constant, so compilers keep it in a register

// As in sequence_x86_64.hpp.
#ifndef PERCPU_DISARM
#if defined(__PIC__) && !defined(__PIE__)
#define PERCPU_DISARM 1
#else
#define PERCPU_DISARM 0
#endif
#endif

#if PERCPU_DISARM
#define PERCPU_SEQ_DISARM "str xzr, [%[area], #8]\n"
#else
#define PERCPU_SEQ_DISARM ""
#endif

// Up to the address of this CPU's copy in `copy`. `first` is done again after an abort.
#define PERCPU_SEQ_BEGIN(first)             \
    ".pushsection __rseq_cs, \"aw?\"\n"     \
    ".balign 32\n"                          \
    "93: .long 0, 0\n"                      \
    ".quad 91f, 92f - 91f, 94f\n"           \
    ".popsection\n"                         \
    "90: " first                            \
    "adrp %[cpu], 93b\n"                    \
    "add %[cpu], %[cpu], :lo12:93b\n"       \
    "str %[cpu], [%[area], #8]\n"           \
    "91: ldrsw %[cpu], [%[area], #4]\n"     \
    "tbnz %[cpu], #63, 92f\n"               \
    "add %[copy], %[base], %[cpu], lsl #16\n"

// After the commit: what the operation does then, and the way back after an abort. The signature is the instruction
// brk #0x45e0, which is what glibc registers with.
#define PERCPU_SEQ_END(last)                     \
    "92: " last PERCPU_SEQ_DISARM                \
    ".pushsection __percpu_text, \"ax?\"\n"      \
    ".inst 0xd428bc00\n"                         \
    "94: b 90b\n"                                \
    ".popsection\n"

#define PERCPU_SEQ_BASE_AND_AREA [base] "r"(handle + kFirstCpuOffset), [area] "r"(rseq_area())
#define PERCPU_SEQ_CLOBBERS "memory", "cc", "x16", "x17"

// One sequence, which declares `cpu`: negative when it did nothing, since the thread has no rseq.
#define PERCPU_SEQ(body, outputs, inputs)                                \
    std::intptr_t cpu;                                                   \
    std::uintptr_t copy;                                                 \
    asm volatile(PERCPU_SEQ_BEGIN("") body PERCPU_SEQ_END("")            \
                 : [cpu] "=&r"(cpu), [copy] "=&r"(copy)outputs           \
                 : PERCPU_SEQ_BASE_AND_AREA inputs                       \
                 : PERCPU_SEQ_CLOBBERS)

// Calls `one` with the suffix of loads and stores, the register's letter and the extension of W's size.
#define PERCPU_SEQ_BY_SIZE(one)                     \
    if constexpr (sizeof(W) == 1) one("b", "w", ", uxtb") \
    else if constexpr (sizeof(W) == 2) one("h", "w", ", uxth") \
    else if constexpr (sizeof(W) == 4) one("", "w", "") \
    else one("", "x", "")

#define PERCPU_SEQ_COMMA ,

namespace percpu::detail::sequence {

// Constant in a thread, and so hoisted from loops like the address of a thread_local variable.
[[gnu::always_inline]] inline std::uintptr_t rseq_area() {
    return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer()) + static_cast<std::uintptr_t>(__rseq_offset);
}

// W is an unsigned integer of 1, 2, 4 or 8 bytes in all of these.

// The new value of the copy, however the thread came to it.
#define PERCPU_SEQ_UPDATE_SIZED(instruction, constraint, without_rseq, suffix, r)                     \
    {                                                                                                 \
        W result;                                                                                     \
        PERCPU_SEQ("ldr" suffix " %" r "[result], [%[copy]]\n"                                        \
                   instruction " %" r "[result], %" r "[result], %" r "[value]\n"                     \
                   "str" suffix " %" r "[result], [%[copy]]\n",                                       \
                   PERCPU_SEQ_COMMA[result] "=&r"(result), PERCPU_SEQ_COMMA[value] constraint(value)); \
        if (cpu < 0) [[unlikely]] return no_cpu::without_rseq(handle, value);                         \
        return result;                                                                                \
    }

// Returns the new value.
template <class W>
[[gnu::always_inline]] inline W add_return(Handle handle, W value) {
#define PERCPU_SEQ_ADD(suffix, r, extension) PERCPU_SEQ_UPDATE_SIZED("add", "rI", add, suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_ADD)
}

template <class W>
[[gnu::always_inline]] inline void add(Handle handle, W value) {
    add_return(handle, value);
}

template <class W>
[[gnu::always_inline]] inline W and_return(Handle handle, W value) {
#define PERCPU_SEQ_AND(suffix, r, extension) PERCPU_SEQ_UPDATE_SIZED("and", "r", bit_and, suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_AND)
}

template <class W>
[[gnu::always_inline]] inline void bit_and(Handle handle, W value) {
    and_return(handle, value);
}

template <class W>
[[gnu::always_inline]] inline W or_return(Handle handle, W value) {
#define PERCPU_SEQ_OR(suffix, r, extension) PERCPU_SEQ_UPDATE_SIZED("orr", "r", bit_or, suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_OR)
}

template <class W>
[[gnu::always_inline]] inline void bit_or(Handle handle, W value) {
    or_return(handle, value);
}

template <class W>
[[gnu::always_inline]] inline W xor_return(Handle handle, W value) {
#define PERCPU_SEQ_XOR(suffix, r, extension) PERCPU_SEQ_UPDATE_SIZED("eor", "r", bit_xor, suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_XOR)
}

template <class W>
[[gnu::always_inline]] inline void bit_xor(Handle handle, W value) {
    xor_return(handle, value);
}

// Who sees the sum sees what this thread did before.
[[gnu::always_inline]] inline void add_release(Handle handle, std::uint64_t value) {
    std::uint64_t result;
    PERCPU_SEQ("ldr %[result], [%[copy]]\n"
               "add %[result], %[result], %[value]\n"
               "stlr %[result], [%[copy]]\n",
               PERCPU_SEQ_COMMA[result] "=&r"(result), PERCPU_SEQ_COMMA[value] "rI"(value));
    if (cpu < 0) [[unlikely]] no_cpu::add(handle, value);
}

template <class W>
[[gnu::always_inline]] inline void write(Handle handle, W value) {
#define PERCPU_SEQ_WRITE(suffix, r, extension)                                                        \
    {                                                                                                 \
        PERCPU_SEQ("str" suffix " %" r "[value], [%[copy]]\n", , PERCPU_SEQ_COMMA[value] "rZ"(value)); \
        if (cpu < 0) [[unlikely]] no_cpu::write(handle, value);                                       \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_WRITE)
}

template <class W>
[[gnu::always_inline]] inline W read(Handle handle) {
#define PERCPU_SEQ_READ(suffix, r, extension)                                                         \
    {                                                                                                 \
        W value;                                                                                      \
        PERCPU_SEQ("ldr" suffix " %" r "[value], [%[copy]]\n", PERCPU_SEQ_COMMA[value] "=&r"(value), ); \
        if (cpu < 0) [[unlikely]] return no_cpu::read<W>(handle);                                     \
        return value;                                                                                 \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_READ)
}

// Returns the old value.
template <class W>
[[gnu::always_inline]] inline W exchange(Handle handle, W desired) {
#define PERCPU_SEQ_EXCHANGE(suffix, r, extension)                                                     \
    {                                                                                                 \
        W value;                                                                                      \
        PERCPU_SEQ("ldr" suffix " %" r "[value], [%[copy]]\n"                                         \
                   "str" suffix " %" r "[desired], [%[copy]]\n",                                      \
                   PERCPU_SEQ_COMMA[value] "=&r"(value), PERCPU_SEQ_COMMA[desired] "rZ"(desired));    \
        if (cpu < 0) [[unlikely]] return no_cpu::exchange(handle, desired);                           \
        return value;                                                                                 \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_EXCHANGE)
}

// Returns the old value; `desired` is stored when it equals `expected`. What is above a small operand in its register is
// anything, so the comparison extends it.
template <class W>
[[gnu::always_inline]] inline W compare_exchange(Handle handle, W expected, W desired) {
#define PERCPU_SEQ_COMPARE_EXCHANGE(suffix, r, extension)                                             \
    {                                                                                                 \
        W value;                                                                                      \
        PERCPU_SEQ("ldr" suffix " %" r "[value], [%[copy]]\n"                                         \
                   "cmp %" r "[value], %" r "[expected]" extension "\n"                               \
                   "b.ne 92f\n"                                                                       \
                   "str" suffix " %" r "[desired], [%[copy]]\n",                                      \
                   PERCPU_SEQ_COMMA[value] "=&r"(value),                                              \
                   PERCPU_SEQ_COMMA[expected] "r"(expected) PERCPU_SEQ_COMMA[desired] "rZ"(desired)); \
        if (cpu < 0) [[unlikely]] return no_cpu::compare_exchange(handle, expected, desired);         \
        return value;                                                                                 \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_COMPARE_EXCHANGE)
}

#define PERCPU_HAS_COMPARE_EXCHANGE_16 1

using detail::Pair;

// The same on 16 bytes, which lie at a multiple of 16. The commit is an exclusive store: an ordinary one of two registers may be
// interrupted between its halves. It may fail, having stored nothing, and then all is done again.
[[gnu::always_inline]] inline Pair compare_exchange_16(Handle handle, Pair expected, Pair desired) {
    Pair value;
    std::intptr_t cpu;
    std::uintptr_t copy;
    std::uint32_t failed;
    asm volatile(PERCPU_SEQ_BEGIN("mov %w[failed], wzr\n")
                 "ldxp %[low], %[high], [%[copy]]\n"
                 "cmp %[low], %[expected_low]\n"
                 "ccmp %[high], %[expected_high], #0, eq\n"
                 "b.ne 92f\n"
                 "stxp %w[failed], %[desired_low], %[desired_high], [%[copy]]\n"
                 PERCPU_SEQ_END("cbnz %w[failed], 90b\n")
                 : [cpu] "=&r"(cpu), [copy] "=&r"(copy), [low] "=&r"(value.low), [high] "=&r"(value.high), [failed] "=&r"(failed)
                 : PERCPU_SEQ_BASE_AND_AREA, [expected_low] "r"(expected.low), [expected_high] "r"(expected.high),
                   [desired_low] "r"(desired.low), [desired_high] "r"(desired.high)
                 : PERCPU_SEQ_CLOBBERS);
    if (cpu < 0) [[unlikely]] return no_cpu::compare_exchange_16(handle, expected, desired);
    return value;
}

// What follows returns false when it did nothing, which is found out again behind the sequence.

// Adds unless *flag is not 0 or the thread has no rseq. Once a flag is set and every CPU has restarted its sequences
// (membarrier), no further addition happens: what refcount, rwlock and exclusive access are built on. The load is an
// acquire: who finds the flag down sees what was done before it was put down.
[[gnu::always_inline]] inline bool add_unless(Handle handle, std::uint64_t value, const std::uint32_t* flag) {
    std::uint32_t is_set;
    std::uint64_t sum;
    PERCPU_SEQ("ldar %w[is_set], [%[flag]]\n"
               "cbnz %w[is_set], 92f\n"
               "ldr %[sum], [%[copy]]\n"
               "add %[sum], %[sum], %[value]\n"
               "str %[sum], [%[copy]]\n",
               PERCPU_SEQ_COMMA[is_set] "=&r"(is_set) PERCPU_SEQ_COMMA[sum] "=&r"(sum),
               PERCPU_SEQ_COMMA[value] "rI"(value) PERCPU_SEQ_COMMA[flag] "r"(flag));
    return cpu >= 0 && is_set == 0;
}

// Stores `owner` into this CPU's 8-byte lock word if that is 0. *address is the word's, 0 when the thread has no rseq. The
// load is an acquire: the last owner may have been elsewhere when it released.
[[gnu::always_inline]] inline bool acquire(Handle handle, std::uint64_t owner, std::uintptr_t* address) {
    std::uint64_t found;
    PERCPU_SEQ("ldar %[found], [%[copy]]\n"
               "cbnz %[found], 92f\n"
               "str %[owner], [%[copy]]\n",
               PERCPU_SEQ_COMMA[found] "=&r"(found), PERCPU_SEQ_COMMA[owner] "r"(owner));
    *address = cpu >= 0 ? copy : 0;
    return cpu >= 0 && found == 0;
}

// A stack of 8-byte items in the copy: their number, then `capacity` places. False: full, or no rseq.
[[gnu::always_inline]] inline bool stack_push(Handle handle, std::uint64_t item, std::uint64_t capacity) {
    std::uint64_t count;
    std::uint64_t next;
    PERCPU_SEQ("ldr %[count], [%[copy]]\n"
               "cmp %[count], %[capacity]\n"
               "b.hs 92f\n"
               "add %[next], %[copy], %[count], lsl #3\n"
               "str %[item], [%[next], #8]\n"  // above the top: nobody's until the commit
               "add %[next], %[count], #1\n"
               "str %[next], [%[copy]]\n",
               PERCPU_SEQ_COMMA[count] "=&r"(count) PERCPU_SEQ_COMMA[next] "=&r"(next),
               PERCPU_SEQ_COMMA[item] "r"(item) PERCPU_SEQ_COMMA[capacity] "rI"(capacity));
    return cpu >= 0 && count < capacity;
}

// False: empty, or no rseq.
[[gnu::always_inline]] inline bool stack_pop(Handle handle, std::uint64_t* item) {
    std::uint64_t count;
    std::uint64_t next;
    std::uint64_t popped;
    PERCPU_SEQ("ldr %[count], [%[copy]]\n"
               "cbz %[count], 92f\n"
               "ldr %[popped], [%[copy], %[count], lsl #3]\n"  // the last place: the number itself lies before the first
               "sub %[next], %[count], #1\n"
               "str %[next], [%[copy]]\n",
               PERCPU_SEQ_COMMA[count] "=&r"(count) PERCPU_SEQ_COMMA[next] "=&r"(next)
                   PERCPU_SEQ_COMMA[popped] "=&r"(popped), );
    *item = popped;
    return cpu >= 0 && count != 0;
}

// A list whose head is the 8-byte copy; the first word of each node links to the next. False: no rseq.
[[gnu::always_inline]] inline bool list_push(Handle handle, void* node) {
    std::uintptr_t head;
    PERCPU_SEQ("ldr %[head], [%[copy]]\n"
               "str %[head], [%[node]]\n"  // the node is ours until the commit
               "str %[node], [%[copy]]\n",
               PERCPU_SEQ_COMMA[head] "=&r"(head), PERCPU_SEQ_COMMA[node] "r"(node));
    return cpu >= 0;
}

// Takes the first node, or null when the list is empty. False: no rseq.
[[gnu::always_inline]] inline bool list_pop(Handle handle, void** node) {
    std::uintptr_t head;
    std::uintptr_t next;
    PERCPU_SEQ("ldr %[head], [%[copy]]\n"
               "cbz %[head], 92f\n"
               "ldr %[next], [%[head]]\n"
               "str %[next], [%[copy]]\n",
               PERCPU_SEQ_COMMA[head] "=&r"(head) PERCPU_SEQ_COMMA[next] "=&r"(next), );
    *node = reinterpret_cast<void*>(head);
    return cpu >= 0;
}

// This thread's CPU at some moment during the call; negative without rseq.
[[gnu::always_inline]] inline int current_cpu() {
    return *reinterpret_cast<const volatile int*>(rseq_area() + 4);
}

}  // namespace percpu::detail::sequence

// The macros above are spelled out in the functions; none is for users.
#undef PERCPU_SEQ_UPDATE_SIZED
#undef PERCPU_SEQ_ADD
#undef PERCPU_SEQ_AND
#undef PERCPU_SEQ_OR
#undef PERCPU_SEQ_XOR
#undef PERCPU_SEQ_WRITE
#undef PERCPU_SEQ_READ
#undef PERCPU_SEQ_EXCHANGE
#undef PERCPU_SEQ_COMPARE_EXCHANGE
#undef PERCPU_SEQ_BY_SIZE
#undef PERCPU_SEQ
#undef PERCPU_SEQ_BASE_AND_AREA
#undef PERCPU_SEQ_CLOBBERS
#undef PERCPU_SEQ_BEGIN
#undef PERCPU_SEQ_END
#undef PERCPU_SEQ_COMMA
#undef PERCPU_SEQ_DISARM
