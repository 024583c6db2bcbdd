// BUG, WARN and panic: what Linux prints, the Assertion event, and the end of the execution where Linux cannot go on.

#include <cstdarg>

#include "kernel/kernel.hpp"
#include "kernel/lib/format.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sched.h>

using namespace kloom::kernel;

namespace {

enum AssertionKind : uint16_t { kWarning = 0, kBug = 1, kPanic = 2 };

void emit_assertion(const char* text, AssertionKind kind) {
    machine().emit({.kind = kloom::trace::EventKind::Assertion, .flags = kind, .text = text});
}

// The length of `text` without the newlines at its end, which become the end of the text.
void trim_newlines(char* text, int size) {
    while (size > 0 && text[size - 1] == '\n') text[--size] = '\0';  // ends: the text gets shorter
}

}  // namespace

extern "C" void kloom_bug(const char* condition, const char* file, int line) {
    KLOOM_API();
    log_message(KERN_DEFAULT "------------[ cut here ]------------\n");
    log_message(KERN_CRIT "kernel BUG at %s:%d!\n", file, line);
    log_message(KERN_DEFAULT "invalid opcode: 0000 [#1] PREEMPT SMP\n");
    dump_stack();
    emit_assertion(condition, kBug);
    machine().stop_execution();
}

extern "C" void kloom_warn(const char* condition, const char* file, int line, const char* format, ...) {
    KLOOM_API();
    char message[256] = "";
    if (format != nullptr) {
        va_list arguments;
        va_start(arguments, format);
        const int size = format_text(message, sizeof message, format, arguments);
        va_end(arguments);
        trim_newlines(message, size < static_cast<int>(sizeof message) ? size : static_cast<int>(sizeof message) - 1);
    }
    log_message(KERN_WARNING "------------[ cut here ]------------\n");
    if (message[0] != '\0') log_message(KERN_WARNING "%s\n", message);
    log_message(KERN_WARNING "WARNING: CPU: %d PID: %d at %s:%d %pS\n", machine().cpu().value, get_current()->pid, file, line,
                __builtin_return_address(0));
    dump_stack();
    log_message(KERN_WARNING "---[ end trace 0000000000000000 ]---\n");
    emit_assertion(message[0] != '\0' ? message : condition, kWarning);
}

extern "C" void panic(const char* format, ...) {
    KLOOM_API();
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    const int size = format_text(message, sizeof message, format, arguments);
    va_end(arguments);
    trim_newlines(message, size < static_cast<int>(sizeof message) ? size : static_cast<int>(sizeof message) - 1);
    log_message(KERN_EMERG "Kernel panic - not syncing: %s\n", message);
    emit_assertion(message, kPanic);
    machine().stop_execution();
}
