#include "machine/fiber.hpp"

#include <sys/mman.h>

#include <boost/context/detail/fcontext.hpp>

#include "base/check.hpp"

namespace kloom::machine {
namespace {

namespace context = boost::context::detail;

// Every switch carries the Fiber that was left, because its context is known only on the other side.
void store_left_context(context::transfer_t transfer) {
    static_cast<Fiber*>(transfer.data)->context = transfer.fctx;
}

// Where a fiber begins. Its entry function lies in the last word of its stack; stacks end at multiples of their stride.
constexpr size_t kEntryBytes = 16;

template <size_t kStrideBytes>
void begin(context::transfer_t transfer) {
    store_left_context(transfer);
    const uintptr_t frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
    const uintptr_t stack_top = (frame / kStrideBytes + 1) * kStrideBytes;
    void (*entry)() = *reinterpret_cast<void (**)()>(stack_top - kEntryBytes);
    entry();
    CHECK(false, "a fiber's entry function returned");
}

template <size_t kStrideBytes>
void prepare(Fiber& fiber, uintptr_t stack_top, size_t stack_bytes, void (*entry)()) {
    CHECK(stack_top % kStrideBytes == 0);
    const uintptr_t usable_top = stack_top - kEntryBytes;
    *reinterpret_cast<void (**)()>(usable_top) = entry;
    fiber.context = context::make_fcontext(reinterpret_cast<void*>(usable_top), stack_bytes - kEntryBytes, begin<kStrideBytes>);
}

}  // namespace

StackPool::StackPool(int count) : count_(count) {
    const size_t bytes = static_cast<size_t>(count) * kStrideBytes;
    void* window = mmap(reinterpret_cast<void*>(kBegin), bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    CHECK(window == reinterpret_cast<void*>(kBegin), "cannot map the stack window");
}

StackPool::~StackPool() { munmap(reinterpret_cast<void*>(kBegin), static_cast<size_t>(count_) * kStrideBytes); }

void StackPool::guard(int index) {
    for (; guarded_ <= index; ++guarded_) {
        void* begin = reinterpret_cast<void*>(bottom(guarded_) - kGuardBytes);
        CHECK(mprotect(begin, kGuardBytes, PROT_NONE) == 0, "cannot protect the guard of stack %d", guarded_);
    }
}

int StackPool::guard_of(uintptr_t address) const {
    if (address < kBegin || address >= kBegin + static_cast<size_t>(count_) * kStrideBytes) return -1;
    const size_t offset = address - kBegin;
    return offset % kStrideBytes < kGuardBytes ? static_cast<int>(offset / kStrideBytes) : -1;
}

void prepare_fiber(Fiber& fiber, uintptr_t stack_top, size_t stack_bytes, void (*entry)()) {
    static_assert(StackPool::kBegin % StackPool::kStrideBytes == 0);
    prepare<StackPool::kStrideBytes>(fiber, stack_top, stack_bytes, entry);
}

void prepare_small_fiber(Fiber& fiber, uintptr_t stack_top, void (*entry)()) {
    prepare<kSmallStackBytes>(fiber, stack_top, kSmallStackBytes, entry);
}

void switch_fiber(Fiber& from, Fiber& to) {
    store_left_context(context::jump_fcontext(to.context, &from));
}

}  // namespace kloom::machine
