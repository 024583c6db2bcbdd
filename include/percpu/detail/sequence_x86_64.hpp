// The restartable sequences of x86-64: one for each operation and size.
//
// A sequence is a stretch of code that the kernel restarts when its thread is preempted, migrated or given a signal before the
// last instruction, the commit:
//
//     90: lea   descriptor, t          the descriptor names 91, 92 and 94
//         mov   t, rseq_cs             armed: from here on the kernel restarts what it interrupts between 91 and 92
//     91: mov   cpu_id, t
//         test  t, t                   negative: this thread has no rseq
//         js    95
//         shl   $16, t                 the CPU's number is read inside, so no later check against it is needed
//         add   handle, t
//         ...                          loads and computations
//         add   v, 131072(t)           the commit, one instruction on a base-only address
//     92:
//     94: jmp   90                     in another section, behind the signature that the kernel asks for
//     95: lock add v, 65536(handle)    the same on the copy that threads without rseq share
//         jmp   92
//
// What keeps it correct:
// - No call, no write to the stack and no second store that others could see between 91 and 92.
// - Operands are "r", never "m": gcc and clang would otherwise choose an address with an index, which is four times slower
//   to update (store forwarding needs the plain form), or one on the stack.
// - No `asm goto` with outputs: gcc 12 and clang 14 miscompile it. Results are registers.
// - The sections carry the flag "?", which makes them part of the COMDAT group of the function around them; without it a
//   template instantiated in two translation units does not link.
// - rseq_cs stays armed after the commit. The kernel ignores and clears a descriptor whose range does not hold the
//   instruction pointer. Code that may be unloaded disarms (PERCPU_DISARM), lest a descriptor that is gone be read.
//
// Only rseq_cs is written, never the rest of glibc's area. `area` below is its offset from the thread pointer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "percpu/detail/layout.hpp"

extern "C" const std::ptrdiff_t __rseq_offset;  // glibc 2.35 and later; constant, so compilers keep it in a register

// Code of shared objects disarms by default, since they may be unloaded: one store more. -DPERCPU_DISARM=0 leaves it
// out for objects that stay.
#ifndef PERCPU_DISARM
#if defined(__PIC__) && !defined(__PIE__)
#define PERCPU_DISARM 1
#else
#define PERCPU_DISARM 0
#endif
#endif

#if PERCPU_DISARM
#define PERCPU_SEQ_DISARM "movq $0, %%fs:8(%[area])\n"
#else
#define PERCPU_SEQ_DISARM ""
#endif

// Everything up to the address of this CPU's copy, less 131072, in t.
#define PERCPU_SEQ_BEGIN                   \
    ".pushsection __rseq_cs, \"aw?\"\n"    \
    ".balign 32\n"                         \
    "93: .long 0, 0\n"                     \
    ".quad 91f, 92f - 91f, 94f\n"          \
    ".popsection\n"                        \
    "90: leaq 93b(%%rip), %[t]\n"          \
    "movq %[t], %%fs:8(%[area])\n"         \
    "91: movl %%fs:4(%[area]), %k[t]\n"    \
    "testl %k[t], %k[t]\n"                 \
    "js 95f\n"                             \
    "shlq $16, %[t]\n"                     \
    "addq %[handle], %[t]\n"

// After the commit: the way back after an abort, and `no_rseq`, what a thread without rseq does instead.
#define PERCPU_SEQ_END(no_rseq)                      \
    "92: " PERCPU_SEQ_DISARM                         \
    ".pushsection __percpu_text, \"ax?\"\n"          \
    ".byte 0x0f, 0xb9, 0x3d\n"                       \
    ".long 0x53053053\n"                             \
    "94: jmp 90b\n"                                  \
    "95: " no_rseq                                   \
    "jmp 92b\n"                                      \
    ".popsection\n"

#define PERCPU_SEQ_COPY "131072(%[t])"
#define PERCPU_SEQ_NO_CPU_COPY "65536(%[handle])"

// One sequence. `outputs` follow the scratch register t, `inputs` the handle and the area.
#define PERCPU_SEQ(body, no_rseq, outputs, inputs)                                               \
    do {                                                                                         \
        std::uintptr_t t;                                                                        \
        asm volatile(PERCPU_SEQ_BEGIN body PERCPU_SEQ_END(no_rseq)                               \
                     : [t] "=&r"(t)outputs                                                       \
                     : [handle] "r"(handle), [area] "r"(__rseq_offset)inputs                     \
                     : "memory", "cc");                                                          \
    } while (false)

// Calls `one` with the instruction suffix and the operand modifier of W's size.
#define PERCPU_SEQ_BY_SIZE(one)                \
    if constexpr (sizeof(W) == 1) one("b", "b") \
    else if constexpr (sizeof(W) == 2) one("w", "w") \
    else if constexpr (sizeof(W) == 4) one("l", "k") \
    else one("q", "q")

#define PERCPU_SEQ_COMMA ,

namespace percpu::detail::sequence {

// W is an unsigned integer of 1, 2, 4 or 8 bytes in all of these.

#define PERCPU_SEQ_UPDATE_SIZED(instruction, suffix, modifier)                                        \
    {                                                                                                 \
        PERCPU_SEQ(instruction suffix " %" modifier "[value], " PERCPU_SEQ_COPY "\n",                 \
                   "lock " instruction suffix " %" modifier "[value], " PERCPU_SEQ_NO_CPU_COPY "\n",  \
                   , PERCPU_SEQ_COMMA[value] "er"(value));                                            \
    }

template <class W>
[[gnu::always_inline]] inline void add(Handle handle, W value) {
#define PERCPU_SEQ_ADD(suffix, modifier) PERCPU_SEQ_UPDATE_SIZED("add", suffix, modifier)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_ADD)
}

// Who sees the sum sees what this thread did before: x86 shows stores in the order in which they are made.
[[gnu::always_inline]] inline void add_release(Handle handle, std::uint64_t value) { add(handle, value); }

template <class W>
[[gnu::always_inline]] inline void bit_and(Handle handle, W value) {
#define PERCPU_SEQ_AND(suffix, modifier) PERCPU_SEQ_UPDATE_SIZED("and", suffix, modifier)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_AND)
}

template <class W>
[[gnu::always_inline]] inline void bit_or(Handle handle, W value) {
#define PERCPU_SEQ_OR(suffix, modifier) PERCPU_SEQ_UPDATE_SIZED("or", suffix, modifier)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_OR)
}

template <class W>
[[gnu::always_inline]] inline void bit_xor(Handle handle, W value) {
#define PERCPU_SEQ_XOR(suffix, modifier) PERCPU_SEQ_UPDATE_SIZED("xor", suffix, modifier)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_XOR)
}

template <class W>
[[gnu::always_inline]] inline void write(Handle handle, W value) {
#define PERCPU_SEQ_WRITE(suffix, modifier)                                                   \
    {                                                                                        \
        PERCPU_SEQ("mov" suffix " %" modifier "[value], " PERCPU_SEQ_COPY "\n",              \
                   "mov" suffix " %" modifier "[value], " PERCPU_SEQ_NO_CPU_COPY "\n",       \
                   , PERCPU_SEQ_COMMA[value] "er"(value));                                   \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_WRITE)
}

template <class W>
[[gnu::always_inline]] inline W read(Handle handle) {
    W value;
#define PERCPU_SEQ_READ(suffix, modifier)                                                    \
    {                                                                                        \
        PERCPU_SEQ("mov" suffix " " PERCPU_SEQ_COPY ", %" modifier "[value]\n",              \
                   "mov" suffix " " PERCPU_SEQ_NO_CPU_COPY ", %" modifier "[value]\n",       \
                   PERCPU_SEQ_COMMA[value] "=&r"(value), );                                  \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_READ)
    return value;
}

// Returns the new value.
template <class W>
[[gnu::always_inline]] inline W add_return(Handle handle, W addend) {
    W value;
#define PERCPU_SEQ_ADD_RETURN(suffix, modifier)                                              \
    {                                                                                        \
        PERCPU_SEQ("mov" suffix " " PERCPU_SEQ_COPY ", %" modifier "[value]\n"               \
                   "add" suffix " %" modifier "[addend], %" modifier "[value]\n"             \
                   "mov" suffix " %" modifier "[value], " PERCPU_SEQ_COPY "\n",              \
                   "mov" suffix " %" modifier "[addend], %" modifier "[value]\n"             \
                   "lock xadd" suffix " %" modifier "[value], " PERCPU_SEQ_NO_CPU_COPY "\n"  \
                   "add" suffix " %" modifier "[addend], %" modifier "[value]\n",            \
                   PERCPU_SEQ_COMMA[value] "=&r"(value), PERCPU_SEQ_COMMA[addend] "er"(addend)); \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_ADD_RETURN)
    return value;
}

// Returns the old value. Load and store, since `xchg` with memory is always locked.
template <class W>
[[gnu::always_inline]] inline W exchange(Handle handle, W desired) {
    W value;
#define PERCPU_SEQ_EXCHANGE(suffix, modifier)                                                \
    {                                                                                        \
        PERCPU_SEQ("mov" suffix " " PERCPU_SEQ_COPY ", %" modifier "[value]\n"               \
                   "mov" suffix " %" modifier "[desired], " PERCPU_SEQ_COPY "\n",            \
                   "mov" suffix " %" modifier "[desired], %" modifier "[value]\n"            \
                   "xchg" suffix " %" modifier "[value], " PERCPU_SEQ_NO_CPU_COPY "\n",      \
                   PERCPU_SEQ_COMMA[value] "=&r"(value), PERCPU_SEQ_COMMA[desired] "er"(desired)); \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_EXCHANGE)
    return value;
}

// Returns the old value; `desired` is stored when it equals `expected`.
template <class W>
[[gnu::always_inline]] inline W compare_exchange(Handle handle, W expected, W desired) {
#define PERCPU_SEQ_COMPARE_EXCHANGE(suffix, modifier)                                              \
    {                                                                                              \
        PERCPU_SEQ("cmpxchg" suffix " %" modifier "[desired], " PERCPU_SEQ_COPY "\n",              \
                   "lock cmpxchg" suffix " %" modifier "[desired], " PERCPU_SEQ_NO_CPU_COPY "\n",  \
                   PERCPU_SEQ_COMMA "+a"(expected), PERCPU_SEQ_COMMA[desired] "r"(desired));       \
    }
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_COMPARE_EXCHANGE)
    return expected;
}

#define PERCPU_HAS_COMPARE_EXCHANGE_16 1

using detail::Pair;

// The same on 16 bytes, which lie at a multiple of 16. Every x86-64 CPU since 2006 has the instruction.
[[gnu::always_inline]] inline Pair compare_exchange_16(Handle handle, Pair expected, Pair desired) {
    PERCPU_SEQ("cmpxchg16b " PERCPU_SEQ_COPY "\n", "lock cmpxchg16b " PERCPU_SEQ_NO_CPU_COPY "\n",
               PERCPU_SEQ_COMMA "+a"(expected.low) PERCPU_SEQ_COMMA "+d"(expected.high),
               PERCPU_SEQ_COMMA "b"(desired.low) PERCPU_SEQ_COMMA "c"(desired.high));
    return expected;
}

// What follows returns false when it did nothing: the sequence leaves through its end with `done` cleared.

#define PERCPU_SEQ_LEAVE "xorl %k[done], %k[done]\n"

// Adds unless *flag is not 0 or the thread has no rseq. Once a flag is set and every CPU has restarted its sequences
// (membarrier), no further addition happens: what refcount, rwlock and exclusive access are built on.
[[gnu::always_inline]] inline bool add_unless(Handle handle, std::uint64_t value, const std::uint32_t* flag) {
    std::uint32_t done = 1;
    PERCPU_SEQ("cmpl $0, (%[flag])\n"
               "jne 95f\n"
               "addq %[value], " PERCPU_SEQ_COPY "\n",
               PERCPU_SEQ_LEAVE,
               PERCPU_SEQ_COMMA[done] "+&r"(done),
               PERCPU_SEQ_COMMA[value] "er"(value) PERCPU_SEQ_COMMA[flag] "r"(flag));
    return done != 0;
}

// Stores `owner` into this CPU's 8-byte lock word if that is 0. *address is the word's, 0 when the thread has no rseq.
[[gnu::always_inline]] inline bool acquire(Handle handle, std::uint64_t owner, std::uintptr_t* address) {
    std::uint32_t done = 1;
    std::uintptr_t where;
    PERCPU_SEQ("leaq " PERCPU_SEQ_COPY ", %[where]\n"
               "cmpq $0, (%[where])\n"
               "jne 96f\n"
               "movq %[owner], (%[where])\n",
               "xorl %k[where], %k[where]\n"
               "96: " PERCPU_SEQ_LEAVE,
               PERCPU_SEQ_COMMA[done] "+&r"(done) PERCPU_SEQ_COMMA[where] "=&r"(where),
               PERCPU_SEQ_COMMA[owner] "r"(owner));
    *address = where;
    return done != 0;
}

// A stack of 8-byte items in the copy: their number, then `capacity` places. False: full, or no rseq.
[[gnu::always_inline]] inline bool stack_push(Handle handle, std::uint64_t item, std::uint64_t capacity) {
    std::uint32_t done = 1;
    std::uint64_t count;
    PERCPU_SEQ("movq " PERCPU_SEQ_COPY ", %[count]\n"
               "cmpq %[capacity], %[count]\n"
               "jae 95f\n"
               "movq %[item], 131080(%[t], %[count], 8)\n"  // above the top: nobody's until the commit
               "addq $1, %[count]\n"
               "movq %[count], " PERCPU_SEQ_COPY "\n",
               PERCPU_SEQ_LEAVE,
               PERCPU_SEQ_COMMA[done] "+&r"(done) PERCPU_SEQ_COMMA[count] "=&r"(count),
               PERCPU_SEQ_COMMA[item] "r"(item) PERCPU_SEQ_COMMA[capacity] "er"(capacity));
    return done != 0;
}

// False: empty, or no rseq.
[[gnu::always_inline]] inline bool stack_pop(Handle handle, std::uint64_t* item) {
    std::uint32_t done = 1;
    std::uint64_t count;
    std::uint64_t popped;
    PERCPU_SEQ("movq " PERCPU_SEQ_COPY ", %[count]\n"
               "subq $1, %[count]\n"
               "jb 95f\n"
               "movq 131080(%[t], %[count], 8), %[popped]\n"
               "movq %[count], " PERCPU_SEQ_COPY "\n",
               PERCPU_SEQ_LEAVE,
               PERCPU_SEQ_COMMA[done] "+&r"(done) PERCPU_SEQ_COMMA[count] "=&r"(count)
                   PERCPU_SEQ_COMMA[popped] "=&r"(popped), );
    *item = popped;
    return done != 0;
}

// A list whose head is the 8-byte copy; the first word of each node links to the next. False: no rseq.
[[gnu::always_inline]] inline bool list_push(Handle handle, void* node) {
    std::uint32_t done = 1;
    std::uintptr_t head;
    PERCPU_SEQ("movq " PERCPU_SEQ_COPY ", %[head]\n"
               "movq %[head], (%[node])\n"  // the node is ours until the commit
               "movq %[node], " PERCPU_SEQ_COPY "\n",
               PERCPU_SEQ_LEAVE,
               PERCPU_SEQ_COMMA[done] "+&r"(done) PERCPU_SEQ_COMMA[head] "=&r"(head),
               PERCPU_SEQ_COMMA[node] "r"(node));
    return done != 0;
}

// Takes the first node, or null when the list is empty. False: no rseq.
[[gnu::always_inline]] inline bool list_pop(Handle handle, void** node) {
    std::uint32_t done = 1;
    std::uintptr_t head;
    std::uintptr_t next;
    PERCPU_SEQ("movq " PERCPU_SEQ_COPY ", %[head]\n"
               "testq %[head], %[head]\n"
               "je 92f\n"
               "movq (%[head]), %[next]\n"
               "movq %[next], " PERCPU_SEQ_COPY "\n",
               PERCPU_SEQ_LEAVE,
               PERCPU_SEQ_COMMA[done] "+&r"(done) PERCPU_SEQ_COMMA[head] "=&r"(head)
                   PERCPU_SEQ_COMMA[next] "=&r"(next), );
    *node = reinterpret_cast<void*>(head);
    return done != 0;
}

// This thread's CPU at some moment during the call; negative without rseq.
[[gnu::always_inline]] inline int current_cpu() {
    int cpu;
    asm volatile("movl %%fs:4(%[area]), %[cpu]" : [cpu] "=r"(cpu) : [area] "r"(__rseq_offset));
    return cpu;
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
#undef PERCPU_SEQ_ADD_RETURN
#undef PERCPU_SEQ_EXCHANGE
#undef PERCPU_SEQ_COMPARE_EXCHANGE
#undef PERCPU_SEQ_BY_SIZE
#undef PERCPU_SEQ_LEAVE
#undef PERCPU_SEQ
#undef PERCPU_SEQ_BEGIN
#undef PERCPU_SEQ_END
#undef PERCPU_SEQ_COPY
#undef PERCPU_SEQ_NO_CPU_COPY
#undef PERCPU_SEQ_COMMA
#undef PERCPU_SEQ_DISARM
