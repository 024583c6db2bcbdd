// References to modules, and names of symbols.

#include <algorithm>
#include <cstdarg>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/lib/format.hpp"
#include "kernel/module/module.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/kallsyms.h>
#include <linux/kmod.h>
#include <linux/module.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

// What modprobe's exit status 1 (not found) looks like to the caller.
constexpr int kModprobeFailed = 256;

void step_on(struct module* module, const char* function) {
    machine().step_object(OperationKind::Sync, &module->refcnt, 0);
    note_object(module, sizeof *module, function);
}

}  // namespace

extern "C" bool try_module_get(struct module* module) {
    KLOOM_API();
    if (module == nullptr) return true;
    step_on(module, "try_module_get");
    if (module->state == MODULE_STATE_GOING) return false;
    ++module->refcnt.counter;
    return true;
}

extern "C" void __module_get(struct module* module) {
    KLOOM_API();
    if (module == nullptr) return;
    step_on(module, "__module_get");
    ++module->refcnt.counter;
}

extern "C" void module_put(struct module* module) {
    KLOOM_API();
    if (module == nullptr) return;
    step_on(module, "module_put");
    if (module->refcnt.counter <= 0)
        kloom_warn("module_put() without a reference", "kernel/module/main.c", __LINE__, nullptr);
    else
        --module->refcnt.counter;
}

extern "C" int module_refcount(struct module* module) {
    KLOOM_API();
    step_on(module, "module_refcount");
    return module->refcnt.counter;
}

extern "C" int __request_module(bool wait, const char* name, ...) {
    KLOOM_API();
    note_read(name, module_strlen(name) + 1);
    emit_might_sleep("request_module", wait);
    return wait ? kModprobeFailed : 0;
}

extern "C" unsigned long kallsyms_lookup_name(const char* name) {
    KLOOM_API();
    note_read(name, module_strlen(name) + 1);
    return kernel().modules->find_symbol(name);
}

namespace {

// Formats into the module's buffer of KSYM_SYMBOL_LEN bytes.
int print_symbol(char* buffer, const char* format, ...) {
    char text[KSYM_SYMBOL_LEN];
    va_list arguments;
    va_start(arguments, format);
    const int size = format_text(text, sizeof text, format, arguments);
    va_end(arguments);
    const size_t bytes = std::min(static_cast<size_t>(size), sizeof text - 1) + 1;
    note_write(buffer, bytes);
    std::memcpy(buffer, text, bytes);
    return static_cast<int>(bytes - 1);
}

}  // namespace

extern "C" int sprint_symbol(char* buffer, unsigned long address) {
    KLOOM_API();
    return print_symbol(buffer, "%pS", reinterpret_cast<void*>(address));
}

extern "C" int sprint_symbol_no_offset(char* buffer, unsigned long address) {
    KLOOM_API();
    return print_symbol(buffer, "%ps", reinterpret_cast<void*>(address));
}
