// Per-CPU variables made at run time.
//
//     struct Connection { percpu::owned<uint64_t> bytes = percpu::allocate<uint64_t>(); };
//
// Cost: making and freeing a small one that starts as zero bytes is a few nanoseconds, whatever the number of possible CPUs;
// a mutex is taken once for sixteen, and for variables of more than 64 bytes or an alignment above 8.
// Memory: sizeof(T), rounded up to 8, for each CPU that used it, and an eighth of that once for bookkeeping. Nothing is padded to
// cache lines: the copies of one CPU lie together, those of others in pages of their own.
// The initial value: as for static variables, zero bytes cost nothing, and anything else is written for every possible CPU.
// Fork: the child has its own copies of everything, and may go on allocating.
#pragma once

#include <concepts>
#include <new>
#include <type_traits>
#include <utility>

#include "percpu/operations.hpp"
#include "percpu/pointer.hpp"

namespace percpu {

// Owns a per-CPU variable; moves like std::unique_ptr. Empty when moved from, or when there was no memory.
template <class T>
class owned : public operations<owned<T>, T> {
  public:
    using element_type = T;

    constexpr owned() = default;
    constexpr explicit owned(pointer<T> variable) : pointer_(variable) {}
    owned(owned&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
    owned& operator=(owned&& other) noexcept {
        if (this != &other) reset(std::exchange(other.pointer_, nullptr));
        return *this;
    }
    ~owned() { reset(); }

    [[gnu::always_inline]] explicit operator bool() const { return static_cast<bool>(pointer_); }
    [[gnu::always_inline]] pointer<T> get() const { return pointer_; }
    [[gnu::always_inline]] operator pointer<T>() const { return pointer_; }
    [[gnu::always_inline]] detail::Handle handle() const { return pointer_.handle(); }

    // Gives the variable to the caller, who passes it to percpu::deallocate().
    [[nodiscard]] pointer<T> release() { return std::exchange(pointer_, nullptr); }
    void reset(pointer<T> variable = nullptr);

  private:
    pointer<T> pointer_;
};

namespace detail {

template <class T>
constexpr Construction construction_of(void (*construct)(void*, const void*)) {
    static_assert(sizeof(T) <= kUnitBytes, "a per-CPU variable has at most 64 KiB");
    static_assert(alignof(T) <= kAlignmentMax, "a per-CPU variable is aligned to at most 4 KiB");
    return {sizeof(T), alignof(T), construct, std::is_trivially_destructible_v<T> ? nullptr : &destroy_copy<T>};
}

}  // namespace detail

// A T whose copies all start as T(), which for plain types is zero. Empty when there is no memory.
// Context: threads; may take a mutex.
template <class T>
[[nodiscard]] owned<T> allocate() {
    constexpr auto construct = [](void* copy, const void*) { new (copy) T(); };
    constexpr bool is_plain = std::is_trivially_default_constructible_v<T>;
    const detail::Construction construction = detail::construction_of<T>(is_plain ? nullptr : +construct);
    return owned<T>(pointer<T>::from_handle(detail::create(construction, nullptr)));
}

// A T whose copies are copies of `initial`.
template <class T>
    requires std::copy_constructible<T>
[[nodiscard]] owned<T> allocate(const std::type_identity_t<T>& initial) {
    constexpr auto construct = [](void* copy, const void* value) { new (copy) T(*static_cast<const T*>(value)); };
    return owned<T>(pointer<T>::from_handle(detail::create(detail::construction_of<T>(construct), &initial)));
}

// Ends a variable of allocate(). Aborts with a message when it is not one, or no longer. Null is ignored.
// Requires: no thread uses it.
template <class T>
void deallocate(pointer<T> variable) {
    detail::destroy(detail::construction_of<T>(nullptr), variable.handle());
}

template <class T>
void owned<T>::reset(pointer<T> variable) {
    deallocate(std::exchange(pointer_, variable));
}

}  // namespace percpu
