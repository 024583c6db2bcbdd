// The library in the kernel's spelling.
//
//     DEFINE_PER_CPU(int, hits);                 static DEFINE_PER_CPU(int[3], sizes) = {1, 2, 3};
//     this_cpu_inc(hits);                        this_cpu_add(sizes[1], 5);
//     get_cpu_var(hits)++;  put_cpu_var(hits);   struct abc *p = alloc_percpu(struct abc);  this_cpu_inc(p->count);
//
// Differences from Linux:
// - Threads without rseq run on a CPU of their own, the last one: nr_cpu_ids is the number of possible CPUs plus one, and
//   for_each_possible_cpu() comes to it, so sums are complete.
// - get_cpu() and get_cpu_var() take the CPU's lock (percpu/guard.hpp): the thread can still be preempted, migrate and sleep, but
//   nobody else gets that CPU's copies. this_cpu operations are not excluded by it.
// - Members of a static structure are reached by member(): this_cpu_inc(stats.member(&Stats::lost)). Of an allocated
//   one they are as in Linux: this_cpu_inc(p->lost). Following such a pointer without this_cpu_*, per_cpu_ptr() or
//   get_cpu_ptr() faults.
// - alloc_percpu() gives zero bytes and runs no constructor; percpu::allocate<T>() does.
// - get_cpu_var(p) of a pointer from alloc_percpu() is get_cpu_ptr(p), as older texts have it.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "percpu/allocate.hpp"
#include "percpu/guard.hpp"
#include "percpu/variable.hpp"

#define DECLARE_PER_CPU(type, name) extern constinit ::percpu::variable<type> name
#define DEFINE_PER_CPU(type, name) constinit ::percpu::variable<type> name

#define alloc_percpu(type) ::percpu::kernel::allocate_for<type>()
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < ::percpu::kernel::number_of_cpus(); ++(cpu))
#define nr_cpu_ids (::percpu::kernel::number_of_cpus())

namespace percpu::kernel {

inline int number_of_cpus() { return possible_cpus() + 1; }

// The last CPU of this interface is that of threads without rseq.
inline int to_cpu(int number) { return number == possible_cpus() ? detail::kNoCpu : number; }
inline int to_number(int cpu) { return cpu == detail::kNoCpu ? possible_cpus() : cpu; }

template <class X>
concept has_handle = requires(const X& x) {
    typename X::element_type;
    { x.handle() } -> std::same_as<detail::Handle>;
};

// What a this_cpu operation is given: a variable, or an lvalue that is reached through a pointer of alloc_percpu().
template <has_handle X>
[[gnu::always_inline]] inline pointer<typename X::element_type> place(const X& x) {
    return pointer<typename X::element_type>::from_handle(x.handle());
}
template <class T>
    requires(!has_handle<T>)
[[gnu::always_inline]] inline pointer<T> place(T& x) {
    return pointer<T>::from_address(__builtin_addressof(x));
}

template <class X>
using Value = typename decltype(place(std::declval<X&>()))::element_type;

template <class T>
T* allocate_for() {
    static_assert(std::is_trivially_default_constructible_v<T> && std::is_trivially_destructible_v<T>,
                  "alloc_percpu runs no constructor: use percpu::allocate");
    return allocate<T>().release().address();
}

// ---- operations ----------------------------------------------------------------------------------------------------

// clang-format off
template <class X> [[gnu::always_inline]] inline auto this_cpu_read(X&& x) { return place(x).read(); }
template <class X> [[gnu::always_inline]] inline void this_cpu_write(X&& x, std::type_identity_t<Value<X>> value) { place(x).write(value); }
template <class X> [[gnu::always_inline]] inline void this_cpu_add(X&& x, std::type_identity_t<Value<X>> value) { place(x).add(value); }
template <class X> [[gnu::always_inline]] inline void this_cpu_sub(X&& x, std::type_identity_t<Value<X>> value) { place(x).sub(value); }
template <class X> [[gnu::always_inline]] inline void this_cpu_inc(X&& x) { place(x).inc(); }
template <class X> [[gnu::always_inline]] inline void this_cpu_dec(X&& x) { place(x).dec(); }
template <class X> [[gnu::always_inline]] inline void this_cpu_and(X&& x, std::type_identity_t<Value<X>> value) { place(x).bit_and(value); }
template <class X> [[gnu::always_inline]] inline void this_cpu_or(X&& x, std::type_identity_t<Value<X>> value) { place(x).bit_or(value); }
template <class X> [[gnu::always_inline]] inline void this_cpu_xor(X&& x, std::type_identity_t<Value<X>> value) { place(x).bit_xor(value); }
template <class X> [[gnu::always_inline]] inline auto this_cpu_add_return(X&& x, std::type_identity_t<Value<X>> value) { return place(x).add_return(value); }
template <class X> [[gnu::always_inline]] inline auto this_cpu_sub_return(X&& x, std::type_identity_t<Value<X>> value) { return place(x).sub_return(value); }
template <class X> [[gnu::always_inline]] inline auto this_cpu_inc_return(X&& x) { return place(x).add_return(1); }
template <class X> [[gnu::always_inline]] inline auto this_cpu_dec_return(X&& x) { return place(x).sub_return(1); }
template <class X> [[gnu::always_inline]] inline auto this_cpu_xchg(X&& x, std::type_identity_t<Value<X>> value) { return place(x).exchange(value); }
// clang-format on

// Returns the old value.
template <class X>
[[gnu::always_inline]] inline auto this_cpu_cmpxchg(X&& x, std::type_identity_t<Value<X>> old,
                                                    std::type_identity_t<Value<X>> value) {
    place(x).compare_exchange(old, value);
    return old;
}

// ---- copies --------------------------------------------------------------------------------------------------------

// Another CPU's copy. The caller sees to it that nobody works on it.
template <has_handle X>
auto& per_cpu(const X& x, int cpu) {
    return *place(x).on(to_cpu(cpu));
}
template <class T>
T* per_cpu_ptr(T* pointer_, int cpu) {
    return pointer<T>::from_address(pointer_).on(to_cpu(cpu));
}

// Takes the CPU and returns its number. Context: may sleep until another thread's put_cpu(). Nests.
inline int get_cpu() { return to_number(detail::cpu_of(detail::acquire<detail::Patience::kWait>())); }
inline void put_cpu() { detail::release_held(); }

// Takes the CPU and returns its copy, an lvalue.
template <has_handle X>
[[gnu::always_inline]] inline auto& get_cpu_var(const X& x) {
    const detail::Held held = detail::acquire<detail::Patience::kWait>();
    return *detail::guarded_copy<typename X::element_type>(held, x.handle());
}
template <has_handle X>
[[gnu::always_inline]] inline void put_cpu_var(const X&) {
    detail::release_held();
}

template <class T>
[[gnu::always_inline]] inline T* get_cpu_ptr(T* pointer) {
    const detail::Held held = detail::acquire<detail::Patience::kWait>();
    return detail::guarded_copy<T>(held, reinterpret_cast<detail::Handle>(pointer));
}
template <class T>
[[gnu::always_inline]] inline void put_cpu_ptr(T*) {
    detail::release_held();
}
template <class T>
[[gnu::always_inline]] inline T* get_cpu_var(T* pointer) {
    return get_cpu_ptr(pointer);
}
template <class T>
[[gnu::always_inline]] inline void put_cpu_var(T*) {
    detail::release_held();
}

}  // namespace percpu::kernel

// `size` zero bytes for each CPU, at a multiple of `align`. NULL when there is no memory, and for more than 64 KiB or an alignment
// above 4 KiB. Context: threads; may take a mutex.
inline void* __alloc_percpu(std::size_t size, std::size_t align) {
    return reinterpret_cast<void*>(percpu::detail::allocate_block(size, align, percpu::detail::Content::kZero));
}

// Aborts with a message on what is not an allocated per-CPU variable. NULL is ignored. Context: as __alloc_percpu().
inline void free_percpu(const void* pointer) { percpu::detail::free_block(reinterpret_cast<percpu::detail::Handle>(pointer)); }

using percpu::kernel::get_cpu;
using percpu::kernel::get_cpu_ptr;
using percpu::kernel::get_cpu_var;
using percpu::kernel::per_cpu;
using percpu::kernel::per_cpu_ptr;
using percpu::kernel::put_cpu;
using percpu::kernel::put_cpu_ptr;
using percpu::kernel::put_cpu_var;
using percpu::kernel::this_cpu_add;
using percpu::kernel::this_cpu_add_return;
using percpu::kernel::this_cpu_and;
using percpu::kernel::this_cpu_cmpxchg;
using percpu::kernel::this_cpu_dec;
using percpu::kernel::this_cpu_dec_return;
using percpu::kernel::this_cpu_inc;
using percpu::kernel::this_cpu_inc_return;
using percpu::kernel::this_cpu_or;
using percpu::kernel::this_cpu_read;
using percpu::kernel::this_cpu_sub;
using percpu::kernel::this_cpu_sub_return;
using percpu::kernel::this_cpu_write;
using percpu::kernel::this_cpu_xchg;
using percpu::kernel::this_cpu_xor;
