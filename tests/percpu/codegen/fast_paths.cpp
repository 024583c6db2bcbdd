// The fast paths whose instructions are counted, each as a function. See codegen_slow.py.
#include "percpu/counter.hpp"
#include "percpu/freelist.hpp"
#include "percpu/guard.hpp"
#include "percpu/refcount.hpp"
#include "percpu/rwlock.hpp"
#include "percpu/variable.hpp"

extern constinit percpu::variable<std::uint64_t> variable;
extern percpu::counter counted;

extern "C" {
void path_add() { variable.add(1); }
void path_add_by_pointer(percpu::pointer<std::uint64_t> p) { p.add(1); }
std::uint64_t path_add_return(percpu::pointer<std::uint64_t> p) { return p.add_return(1); }
std::uint64_t path_exchange(percpu::pointer<std::uint64_t> p, std::uint64_t value) { return p.exchange(value); }
bool path_compare_exchange(percpu::pointer<std::uint64_t> p, std::uint64_t a, std::uint64_t b) { return p.compare_exchange(a, b); }
std::uint64_t path_read(percpu::pointer<std::uint64_t> p) { return p.read(); }
void path_guard() {
    const percpu::guard mine(variable);
    ++*mine;
}
void path_counter() { counted.inc(); }
void path_refcount_get(percpu::refcount& r) { r.get(); }
void path_rwlock_reader(percpu::rwlock& lock) { lock.lock_shared(); }
void path_rwlock_reader_out(percpu::rwlock& lock) { lock.unlock_shared(); }
void path_freelist_push(percpu::freelist<std::uint64_t>& list, std::uint64_t* node) { list.push(node); }
}
