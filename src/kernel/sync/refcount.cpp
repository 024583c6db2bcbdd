// What Linux says when a refcount_t is misused: each kind once from boot to shutdown.
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/refcount.h>

using namespace kloom::kernel;

extern "C" void kloom_refcount_warn(enum refcount_saturation_type type) {
    KLOOM_API();
    static constexpr const char* kMessages[] = {
        "refcount_t: saturated; leaking memory.\n",        "refcount_t: saturated; leaking memory.\n",
        "refcount_t: addition on 0; use-after-free.\n",    "refcount_t: underflow; use-after-free.\n",
        "refcount_t: decrement hit 0; leaking memory.\n",
    };
    static_assert(std::size(kMessages) == REFCOUNT_DEC_LEAK + 1);
    if (!kernel().log->is_first_warning(static_cast<unsigned>(type))) return;
    kloom_warn("refcount_t", "lib/refcount.c", 0, kMessages[type]);
    asm volatile("");  // no tail call: the report names this function
}
