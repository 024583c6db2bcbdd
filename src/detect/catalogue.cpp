#include "detect/catalogue.hpp"

#include <algorithm>
#include <array>

#include "detect/explain_pages.hpp"

namespace kloom::detect {

namespace {

constexpr std::array kCatalogue = std::to_array<CatalogueEntry>({
    {"assertion", "BUG(), panic() or WARN() of the code itself"},
    {"data-race", "two unordered accesses to the same memory, at least one a write"},
    {"deadlock", "paths wait for one another for ever"},
    {"divide-error", "division by zero"},
    {"double-free", "memory is freed twice"},
    {"hang", "a task waits for something that never comes"},
    {"held-lock-freed", "a lock is freed or initialised again while it is held"},
    {"invalid-free", "a pointer is freed that cannot be freed so"},
    {"invalid-instruction", "the processor cannot execute what it was sent to"},
    {"irq-imbalance", "interrupts or an interrupt line are left off, or enabled once too often"},
    {"irqs-off-too-long", "interrupts are off for more than a second"},
    {"leak", "memory is not freed when the module goes"},
    {"left-running", "something of the module outlives it"},
    {"lock-held-at-return", "code returns with a lock still held"},
    {"lock-misuse", "the interface of a lock is used wrongly"},
    {"lock-order", "locks are taken in an order, or in contexts, that can deadlock"},
    {"lost-update", "a write is overwritten by one that did not see it"},
    {"lost-wakeup", "a wake-up comes before the sleeper sleeps"},
    {"null-dereference", "a null or error pointer is used"},
    {"out-of-bounds", "an access outside its object"},
    {"out-of-memory", "the module uses up all memory"},
    {"percpu-template", "a per-CPU variable is used without choosing a CPU's copy"},
    {"preempt-imbalance", "preemption or softirqs are left off, or enabled once too often"},
    {"rcu-misuse",
     "RCU-protected data is used outside a read-side section, or sections do not balance"},
    {"remote-percpu", "another CPU's copy of a per-CPU variable is used without a lock"},
    {"sleep-in-atomic", "a function that may sleep is called where sleeping is forbidden"},
    {"soft-lockup", "a path keeps its CPU for ever"},
    {"stack-overflow", "the kernel stack is used up"},
    {"stale-cpu", "a per-CPU address is used after moving to another CPU"},
    {"timer-storm", "a timer expires again and again without time passing"},
    {"unlock-not-owner", "a lock is released by a path that does not hold it"},
    {"unsafe-smp-processor-id", "the CPU's number is asked for where it may change at once"},
    {"use-after-free", "memory is used after it was freed"},
    {"user-pointer", "user memory is accessed without copy_from_user or copy_to_user"},
    {"wild-access", "an access where there is no memory"},
});

static_assert(std::ranges::is_sorted(kCatalogue, {}, &CatalogueEntry::id));

}  // namespace

std::span<const CatalogueEntry> catalogue() {
    return kCatalogue;
}

std::string_view explain(std::string_view id) {
    for (const ExplainPage& page : explain_pages())
        if (page.id == id) return page.text;
    return {};
}

}  // namespace kloom::detect
