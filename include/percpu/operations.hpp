// The operations on a per-CPU variable; percpu::variable, percpu::pointer and percpu::owned all have them.
//
// "This CPU's copy" is the copy of the CPU on which the thread runs when the operation takes effect. Every operation takes
// effect at one moment, whole or not at all: another thread on the CPU, a migration to another CPU or a signal handler that
// uses the same variable comes before or after it, never in between. Threads without restartable sequences share one
// further copy, on which the same operations are locked instructions; sums count it.
//
// Operations order nothing between CPUs (as with std::memory_order_relaxed); what one thread does, its signal handlers and
// the other threads of its CPU see in program order.
//
// An operation and a guard (percpu/guard.hpp) do not exclude each other: a copy that is changed under guards is not changed
// by operations meanwhile.
//
// Context of all operations: anywhere, signal handlers included; they neither block nor fail. The first use of a static
// variable (percpu/variable.hpp) is the exception.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "percpu/detail/memory.hpp"
#include "percpu/detail/sequence.hpp"
#include "percpu/runtime.hpp"

namespace percpu {

// What fits a register: may be read, written, exchanged and compared.
template <class T>
concept word =
    std::is_trivially_copyable_v<T> && !std::is_array_v<T> && (sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8);

// What can be counted with.
template <class T>
concept number = std::integral<T> && !std::same_as<std::remove_cv_t<T>, bool>;

template <class T>
class pointer;

namespace detail {

template <std::size_t kBytes>
struct WordOf;
template <>
struct WordOf<1> {
    using Type = std::uint8_t;
};
template <>
struct WordOf<2> {
    using Type = std::uint16_t;
};
template <>
struct WordOf<4> {
    using Type = std::uint32_t;
};
template <>
struct WordOf<8> {
    using Type = std::uint64_t;
};

template <class T>
using Word = typename WordOf<sizeof(T)>::Type;

template <class T>
[[gnu::always_inline]] inline Word<T> to_word(T value) {
    return std::bit_cast<Word<T>>(value);
}

}  // namespace detail

// The operations are mixins of Self, which has handle(); operations<Self, T>, at the end, puts together what T has.

// ---- of every T: its copies and its parts --------------------------------------------------------------------------

template <class Self, class T>
class copy_operations {
  public:
    // The copy of `cpu`, 0 to possible_cpus() - 1, or -1 for that of threads without restartable sequences. What it may be
    // used for is the caller's to arrange: while threads work on it, plain accesses are data races.
    [[nodiscard]] T* on(int cpu) const { return reinterpret_cast<T*>(detail::copy_address(self_handle(), cpu)); }

    // Calls function(cpu, copy) for each copy, -1 first. The caller sees to it that nobody works on them.
    template <class Function>
    void for_each(Function function) const {
        for (int cpu = detail::kNoCpu; cpu < possible_cpus(); ++cpu) function(cpu, *on(cpu));
    }

    // A member of the structure; for instance errors.member(&Errors::timeouts).inc().
    template <class Member, std::same_as<T> Class>
    [[gnu::always_inline]] pointer<Member> member(Member Class::*which) const {
        // Nothing is accessed: the handle's address only takes part in the computation.
        auto* const self = reinterpret_cast<T*>(self_handle());
        return pointer<Member>::from_handle(reinterpret_cast<detail::Handle>(__builtin_addressof(self->*which)));
    }

    // An element of the array.
    [[gnu::always_inline]] auto operator[](std::size_t index) const
        requires std::is_array_v<T>
    {
        using Element = std::remove_extent_t<T>;
        return pointer<Element>::from_handle(self_handle() + index * sizeof(Element));
    }

  protected:
    [[gnu::always_inline]] detail::Handle self_handle() const { return static_cast<const Self&>(*this).handle(); }
};

// ---- of words ------------------------------------------------------------------------------------------------------

template <class Self, class T>
class word_operations : public copy_operations<Self, T> {
  public:
    [[gnu::always_inline]] T read() const {
        return std::bit_cast<T>(detail::sequence::read<detail::Word<T>>(self_handle()));
    }

    [[gnu::always_inline]] void write(T value) const {
        detail::sequence::write(self_handle(), detail::to_word(value));
    }

    // Returns the old value.
    [[gnu::always_inline]] T exchange(T value) const {
        return std::bit_cast<T>(detail::sequence::exchange(self_handle(), detail::to_word(value)));
    }

    // Stores `desired` when the copy equals `expected`, byte for byte; else puts what it found into `expected`. Returns
    // whether it stored.
    [[gnu::always_inline]] bool compare_exchange(T& expected, T desired) const {
        const detail::Word<T> wanted = detail::to_word(expected);
        const detail::Word<T> found = detail::sequence::compare_exchange(self_handle(), wanted, detail::to_word(desired));
        if (found == wanted) return true;
        expected = std::bit_cast<T>(found);
        return false;
    }

    // Reads the copy of `cpu` whole, whatever its threads do (relaxed).
    [[nodiscard]] T read_on(int cpu) const {
        const auto* const copy = reinterpret_cast<detail::Word<T>*>(detail::copy_address(self_handle(), cpu));
        return std::bit_cast<T>(__atomic_load_n(copy, __ATOMIC_RELAXED));
    }

  protected:
    using copy_operations<Self, T>::self_handle;
};

// ---- of numbers ----------------------------------------------------------------------------------------------------

template <class Self, class T>
class number_operations : public word_operations<Self, T> {
  public:
    // Arithmetic wraps around, signed types too.
    [[gnu::always_inline]] void add(T value) const {
        detail::sequence::add(self_handle(), detail::to_word(value));
    }
    [[gnu::always_inline]] void sub(T value) const {
        detail::sequence::add(self_handle(), negated(value));
    }
    [[gnu::always_inline]] void inc() const {
        add(T{1});
    }
    [[gnu::always_inline]] void dec() const {
        sub(T{1});
    }

    [[gnu::always_inline]] void bit_and(T value) const {
        detail::sequence::bit_and(self_handle(), detail::to_word(value));
    }
    [[gnu::always_inline]] void bit_or(T value) const {
        detail::sequence::bit_or(self_handle(), detail::to_word(value));
    }
    [[gnu::always_inline]] void bit_xor(T value) const {
        detail::sequence::bit_xor(self_handle(), detail::to_word(value));
    }

    // Returns the new value.
    [[gnu::always_inline]] T add_return(T value) const {
        return std::bit_cast<T>(detail::sequence::add_return(self_handle(), detail::to_word(value)));
    }
    [[gnu::always_inline]] T sub_return(T value) const {
        return std::bit_cast<T>(detail::sequence::add_return(self_handle(), negated(value)));
    }

    // The sum of all copies, each read whole, one after the other. Exact when nobody changes them meanwhile, and then wherever
    // and by whichever threads the additions were made; else between the sums before and after if only additions of one sign
    // go on.
    [[nodiscard]] T sum() const {
        detail::Word<T> total = 0;
        for (int cpu = detail::kNoCpu; cpu < possible_cpus(); ++cpu)
            total = static_cast<detail::Word<T>>(total + detail::to_word(this->read_on(cpu)));
        return std::bit_cast<T>(total);
    }

  private:
    using word_operations<Self, T>::self_handle;

    [[gnu::always_inline]] static detail::Word<T> negated(T value) {
        return static_cast<detail::Word<T>>(0 - detail::to_word(value));
    }
};

#if defined(PERCPU_HAS_COMPARE_EXCHANGE_16)

// ---- of two words at a multiple of 16 ------------------------------------------------------------------------------

template <class Self, class T>
class pair_operations : public copy_operations<Self, T> {
  public:
    // As for words; 16 bytes at once.
    [[gnu::always_inline]] bool compare_exchange(T& expected, T desired) const {
        using detail::sequence::Pair;
        const Pair wanted = std::bit_cast<Pair>(expected);
        const Pair found = detail::sequence::compare_exchange_16(this->self_handle(), wanted, std::bit_cast<Pair>(desired));
        if (found.low == wanted.low && found.high == wanted.high) return true;
        expected = std::bit_cast<T>(found);
        return false;
    }
};

template <class T>
concept word_pair = std::is_trivially_copyable_v<T> && sizeof(T) == 16 && alignof(T) == 16 && !std::is_array_v<T>;
#else
template <class Self, class T>
using pair_operations = copy_operations<Self, T>;
template <class T>
concept word_pair = false;
#endif

namespace detail {

template <class Self, class T>
auto operations_of() {
    if constexpr (number<T>) {
        return std::type_identity<number_operations<Self, T>>();
    } else if constexpr (word<T>) {
        return std::type_identity<word_operations<Self, T>>();
    } else if constexpr (word_pair<T>) {
        return std::type_identity<pair_operations<Self, T>>();
    } else {
        return std::type_identity<copy_operations<Self, T>>();
    }
}

}  // namespace detail

template <class Self, class T>
using operations = typename decltype(detail::operations_of<Self, T>())::type;

}  // namespace percpu
