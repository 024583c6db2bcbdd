// CHECK for the program's own invariants.
//
// A failed CHECK is a bug of kloom, never of the code under test: it prints where and why, with whatever context the
// running session has registered (program, seed, schedule so far), and aborts. It stays on in release builds, because a
// checker that goes on with broken state reports nonsense.
#pragma once

namespace kloom::base {

// Prints the message and the registered context to stderr and aborts. `format` and what follows are printf-style.
[[noreturn]] void check_failed(const char* condition, const char* file, int line, const char* format, ...)
    __attribute__((format(printf, 4, 5)));

// Called by `check_failed` to print the context of the failure (seed, schedule prefix). One printer at a time.
using ContextPrinter = void (*)();
void set_check_context_printer(ContextPrinter printer);

}  // namespace kloom::base

#define CHECK(condition, ...)                                                                                  \
    do {                                                                                                       \
        if (!(condition)) [[unlikely]]                                                                         \
            ::kloom::base::check_failed(#condition, __FILE__, __LINE__, "" __VA_ARGS__);                      \
    } while (false)
