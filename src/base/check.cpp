#include "base/check.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace kloom::base {
namespace {
ContextPrinter context_printer = nullptr;
}

void set_check_context_printer(ContextPrinter printer) { context_printer = printer; }

void check_failed(const char* condition, const char* file, int line, const char* format, ...) {
    std::fprintf(stderr, "kloom: internal error: %s:%d: CHECK(%s) failed", file, line, condition);
    if (format[0] != '\0') {
        std::fputs(": ", stderr);
        va_list arguments;
        va_start(arguments, format);
        std::vfprintf(stderr, format, arguments);
        va_end(arguments);
    }
    std::fputs("\nkloom: this is a bug of kloom; please report it with the command line\n", stderr);
    if (context_printer != nullptr) context_printer();
    std::fflush(stderr);
    std::abort();
}

}  // namespace kloom::base
