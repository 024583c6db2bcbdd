// Static per-CPU variables.
//
//     // requests.cpp                                        // requests.hpp
//     constinit percpu::variable<uint64_t> requests;         extern constinit percpu::variable<uint64_t> requests;
//
//     void on_request() { requests.inc(); }
//     uint64_t total() { return requests.sum(); }
//
// A variable is an ordinary object with static storage: defined, declared and made inline or a static member as any other,
// in the program and in shared objects. It is initialised before any code runs, so constructors of other objects and other
// translation units can use it. The copies are made when it is used for the first time.
//
// Memory: sizeof(T), rounded up to 8, for each CPU that used it, in pages that the variables of all translation units share;
// and once in the program's image 8 bytes and the initial value (a pointer for types that are not trivially copyable).
//
// The initial value: zero bytes cost nothing. Any other value, and a constructor, is put into every possible CPU's copy at the
// first use; that makes a page exist for each of them, which all initialised variables share.
//
// Unloading: when the shared object that defines a variable is unloaded, its copies are destroyed and freed. When the
// program ends they are not: other threads may be counting still. Nor are those of a variable that is placed into static storage of the
// program and ended by hand, as in a std::optional: use percpu::owned there.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <new>
#include <type_traits>

#include "percpu/operations.hpp"
#include "percpu/pointer.hpp"

namespace percpu {
namespace detail {

bool is_zero(const void* bytes, std::size_t size);

// What the copies of a T start as: a value, copied byte by byte ...
template <class T, bool kIsTriviallyCopyable>
struct Initial {
    using Element = std::remove_extent_t<T>;

    constexpr Initial() = default;
    constexpr Initial(const T& initial)
        requires(!std::is_array_v<T>)
        : value(initial) {}
    constexpr Initial(std::initializer_list<Element> elements)
        requires(std::is_array_v<T> && !std::is_array_v<Element>)
    {
        std::size_t index = 0;
        for (const Element& element : elements) value[index++] = element;  // too many: not a constant expression
    }
    template <class... Members>
        requires(sizeof...(Members) > 1 && std::is_aggregate_v<T> && !std::is_array_v<T>)
    constexpr Initial(const Members&... members) : value{members...} {}

    Construction construction() const {
        return {sizeof(T), alignof(T), is_zero(&value, sizeof(T)) ? nullptr : &construct, nullptr};
    }
    static void construct(void* copy, const void* self) {
        std::memcpy(copy, &static_cast<const Initial*>(self)->value, sizeof(T));
    }

    T value{};
};

// ... or what a constructor or a function makes of each.
template <class T>
struct Initial<T, false> {
    constexpr Initial() = default;
    constexpr Initial(T (*function)())
        requires(!std::is_array_v<T>)
        : make(function) {}

    Construction construction() const { return {sizeof(T), alignof(T), &construct, &destroy_copy<T>}; }
    static void construct(void* copy, const void* self) {
        if constexpr (!std::is_array_v<T>) {
            if (const auto make = static_cast<const Initial*>(self)->make; make != nullptr) {
                new (copy) T(make());
                return;
            }
        }
        new (copy) T();
    }

    using Function = std::conditional_t<std::is_array_v<T>, void*, T (*)()>;
    Function make = nullptr;
};

}  // namespace detail

template <class T>
class variable : public operations<variable<T>, T> {
    static_assert(sizeof(T) <= detail::kUnitBytes, "a per-CPU variable has at most 64 KiB");
    static_assert(alignof(T) <= detail::kAlignmentMax, "a per-CPU variable is aligned to at most 4 KiB");
    using Initial = detail::Initial<T, std::is_trivially_copyable_v<T>>;

  public:
    using element_type = T;

    // Every copy starts as T{}.
    constexpr variable() = default;

    // Every copy starts as told: a value; the elements of an array; the members of an aggregate; or, for a type that is not
    // trivially copyable, what a function returns: percpu::variable<Parser> parser([] { return Parser(kLimit); });
    template <class... Arguments>
        requires(sizeof...(Arguments) > 0 && std::constructible_from<Initial, const Arguments&...>)
    constexpr variable(const Arguments&... arguments) : initial_(arguments...) {}
    template <class Element>
        requires std::constructible_from<Initial, std::initializer_list<Element>>
    constexpr variable(std::initializer_list<Element> elements) : initial_(elements) {}

    variable(const variable&) = delete;
    variable& operator=(const variable&) = delete;
    ~variable() { detail::destroy_static(handle_, initial_.construction()); }

    // Makes the copies, if that is still to be done. Operations do it themselves; it is for signal handlers, in which the first
    // use must not happen, and for measurements.
    // Context: threads; takes a mutex and runs T's constructors. Aborts when there is no memory.
    void prepare() const { handle(); }

    [[gnu::always_inline]] pointer<T> get() const { return pointer<T>::from_handle(handle()); }
    [[gnu::always_inline]] operator pointer<T>() const { return get(); }

    [[gnu::always_inline]] detail::Handle handle() const {
        // Pairs with the release in create_static(): whoever sees the handle sees the copies' initial values.
        const detail::Handle handle = handle_.load(std::memory_order_acquire);
        if (handle != 0) [[likely]] return handle;
        return create_copies();
    }

  private:
    [[gnu::noinline, gnu::cold]] detail::Handle create_copies() const {
        return detail::create_static(handle_, initial_.construction(), &initial_);
    }

    mutable std::atomic<detail::Handle> handle_{0};
    Initial initial_;
};

}  // namespace percpu
