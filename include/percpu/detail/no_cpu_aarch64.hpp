// What threads without rseq do on aarch64, on the copy that they share: a load and a store that succeeds when nobody else
// stored in between. Spelled out, since compilers would call a function of their library that chooses the instruction, and what
// is called costs the code around it its registers.
//
// A loop ends when its store succeeds, or as said; the processor sees to it that one of those who try gets on.
#pragma once

#include <cstdint>

#include "percpu/detail/layout.hpp"

// Calls `one` with the suffix of loads and stores, the register's letter and the extension of W's size.
#define PERCPU_SEQ_BY_SIZE(one)                           \
    if constexpr (sizeof(W) == 1) one("b", "w", ", uxtb") \
    else if constexpr (sizeof(W) == 2) one("h", "w", ", uxth") \
    else if constexpr (sizeof(W) == 4) one("", "w", "") \
    else one("", "x", "")

#define PERCPU_SEQ_COMMA ,

#define PERCPU_SEQ_NO_CPU(outputs, inputs, ...)                                                \
    do {                                                                                       \
        std::uint32_t failed;                                                                  \
        asm volatile(__VA_ARGS__                                                               \
                     : [failed] "=&r"(failed), outputs                                         \
                     : [copy] "r"(copy_address(handle, kNoCpu)), inputs                        \
                     : "memory", "cc");                                                        \
    } while (false)

namespace percpu::detail::sequence::no_cpu {

// W is an unsigned integer of 1, 2, 4 or 8 bytes in all of these.

#define PERCPU_SEQ_NO_CPU_UPDATE(instruction, suffix, r)                                       \
    {                                                                                          \
        W result;                                                                              \
        PERCPU_SEQ_NO_CPU([result] "=&r"(result), [value] "r"(value),                          \
                          "1: ldaxr" suffix " %" r "[result], [%[copy]]\n"                     \
                          instruction " %" r "[result], %" r "[result], %" r "[value]\n"       \
                          "stlxr" suffix " %w[failed], %" r "[result], [%[copy]]\n"            \
                          "cbnz %w[failed], 1b\n");                                            \
        return result;                                                                         \
    }

// These return the new value.
template <class W>
[[gnu::always_inline]] inline W add(Handle handle, W value) {
#define PERCPU_SEQ_NO_CPU_ADD(suffix, r, extension) PERCPU_SEQ_NO_CPU_UPDATE("add", suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_NO_CPU_ADD)
}

template <class W>
[[gnu::always_inline]] inline W bit_and(Handle handle, W value) {
#define PERCPU_SEQ_NO_CPU_AND(suffix, r, extension) PERCPU_SEQ_NO_CPU_UPDATE("and", suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_NO_CPU_AND)
}

template <class W>
[[gnu::always_inline]] inline W bit_or(Handle handle, W value) {
#define PERCPU_SEQ_NO_CPU_OR(suffix, r, extension) PERCPU_SEQ_NO_CPU_UPDATE("orr", suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_NO_CPU_OR)
}

template <class W>
[[gnu::always_inline]] inline W bit_xor(Handle handle, W value) {
#define PERCPU_SEQ_NO_CPU_XOR(suffix, r, extension) PERCPU_SEQ_NO_CPU_UPDATE("eor", suffix, r)
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_NO_CPU_XOR)
}

template <class W>
[[gnu::always_inline]] inline void write(Handle handle, W value) {
    __atomic_store_n(reinterpret_cast<W*>(copy_address(handle, kNoCpu)), value, __ATOMIC_RELAXED);
}

template <class W>
[[gnu::always_inline]] inline W read(Handle handle) {
    return __atomic_load_n(reinterpret_cast<W*>(copy_address(handle, kNoCpu)), __ATOMIC_RELAXED);
}

// These return the old value.
template <class W>
[[gnu::always_inline]] inline W exchange(Handle handle, W desired) {
    W value;
#define PERCPU_SEQ_NO_CPU_EXCHANGE(suffix, r, extension)                                       \
    PERCPU_SEQ_NO_CPU([value] "=&r"(value), [desired] "r"(desired),                            \
                      "1: ldaxr" suffix " %" r "[value], [%[copy]]\n"                          \
                      "stlxr" suffix " %w[failed], %" r "[desired], [%[copy]]\n"               \
                      "cbnz %w[failed], 1b\n");
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_NO_CPU_EXCHANGE)
    return value;
}

// Ends, too, when the copy is not `expected`.
template <class W>
[[gnu::always_inline]] inline W compare_exchange(Handle handle, W expected, W desired) {
    W value;
#define PERCPU_SEQ_NO_CPU_COMPARE_EXCHANGE(suffix, r, extension)                               \
    PERCPU_SEQ_NO_CPU([value] "=&r"(value), [expected] "r"(expected) PERCPU_SEQ_COMMA[desired] "r"(desired), \
                      "1: ldaxr" suffix " %" r "[value], [%[copy]]\n"                          \
                      "cmp %" r "[value], %" r "[expected]" extension "\n"                     \
                      "b.ne 2f\n"                                                              \
                      "stlxr" suffix " %w[failed], %" r "[desired], [%[copy]]\n"               \
                      "cbnz %w[failed], 1b\n"                                                  \
                      "2:\n");
    PERCPU_SEQ_BY_SIZE(PERCPU_SEQ_NO_CPU_COMPARE_EXCHANGE)
    return value;
}

// What was found is stored again when it is not `expected`: only a store that succeeds tells that both halves were loaded at
// one moment.
[[gnu::always_inline]] inline Pair compare_exchange_16(Handle handle, Pair expected, Pair desired) {
    Pair value;
    std::uint64_t low, high;
    PERCPU_SEQ_NO_CPU(
        [value_low] "=&r"(value.low) PERCPU_SEQ_COMMA[value_high] "=&r"(value.high) PERCPU_SEQ_COMMA[low] "=&r"(low)
            PERCPU_SEQ_COMMA[high] "=&r"(high),
        [expected_low] "r"(expected.low) PERCPU_SEQ_COMMA[expected_high] "r"(expected.high)
            PERCPU_SEQ_COMMA[desired_low] "r"(desired.low) PERCPU_SEQ_COMMA[desired_high] "r"(desired.high),
        "1: ldaxp %[value_low], %[value_high], [%[copy]]\n"
        "cmp %[value_low], %[expected_low]\n"
        "ccmp %[value_high], %[expected_high], #0, eq\n"
        "csel %[low], %[desired_low], %[value_low], eq\n"
        "csel %[high], %[desired_high], %[value_high], eq\n"
        "stlxp %w[failed], %[low], %[high], [%[copy]]\n"
        "cbnz %w[failed], 1b\n");
    return value;
}

}  // namespace percpu::detail::sequence::no_cpu

#undef PERCPU_SEQ_NO_CPU
#undef PERCPU_SEQ_NO_CPU_UPDATE
#undef PERCPU_SEQ_NO_CPU_ADD
#undef PERCPU_SEQ_NO_CPU_AND
#undef PERCPU_SEQ_NO_CPU_OR
#undef PERCPU_SEQ_NO_CPU_XOR
#undef PERCPU_SEQ_NO_CPU_EXCHANGE
#undef PERCPU_SEQ_NO_CPU_COMPARE_EXCHANGE
#undef PERCPU_SEQ_BY_SIZE
#undef PERCPU_SEQ_COMMA
