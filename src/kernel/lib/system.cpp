// What the system is called, and who may do what.
#include <cstdint>

#include "kernel/module_access.hpp"

#include <generated/utsrelease.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/utsname.h>

namespace kloom::kernel {
namespace {

constexpr uid_t kRoot = 0;

struct new_utsname g_names = {"Linux", "kloom", UTS_RELEASE, "#1 SMP kloom", "x86_64", "(none)"};

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" struct new_utsname* utsname(void) {
    return &g_names;
}
extern "C" struct new_utsname* init_utsname(void) {
    return &g_names;
}

// Root has every capability, nobody else has any.
extern "C" bool capable(int) {
    KLOOM_API();
    return current_euid().val == kRoot;
}
