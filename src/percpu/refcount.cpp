#include "percpu/refcount.hpp"

#include "percpu/detail/fence.hpp"
#include "percpu/fatal.hpp"

namespace percpu {
namespace {

// Keeps the shared number from zero while references are still in the copies.
constexpr std::uint64_t kBias = std::uint64_t{1} << 62;

}  // namespace

refcount::refcount() : local_(allocate<std::uint64_t>()), is_atomic_(0), shared_(kBias + 1) {
    if (!local_) detail::fatal("no memory for a reference count");
    if (!detail::can_restart_sequences()) is_atomic_ = 1;
}

void refcount::get_atomic() { shared_.fetch_add(1, std::memory_order_relaxed); }

// Release and acquire: who ends the object sees what the others did with it before they put it.
bool refcount::put_atomic() { return shared_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

bool refcount::try_get() {
    if (detail::sequence::add_unless(local_.handle(), 1, &is_atomic_)) return true;
    std::uint64_t references = shared_.load(std::memory_order_relaxed);
    while (references != 0)  // as long as others change it
        if (shared_.compare_exchange_weak(references, references + 1, std::memory_order_relaxed)) return true;
    return false;
}

bool refcount::kill() {
    if (is_killed_.exchange(true, std::memory_order_acq_rel)) detail::fatal("a reference count was killed twice");
    __atomic_store_n(&is_atomic_, 1, __ATOMIC_SEQ_CST);
    detail::restart_all_sequences();  // nobody changes the copies any more
    const std::uint64_t in_copies = local_.sum();
    shared_.fetch_add(in_copies - kBias, std::memory_order_acq_rel);
    return put_atomic();
}

std::uint64_t refcount::count() const {
    const std::uint64_t shared = shared_.load(std::memory_order_acquire);
    return shared >= kBias / 2 ? shared - kBias + local_.sum() : shared;
}

}  // namespace percpu
