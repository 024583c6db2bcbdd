#include "percpu/fatal.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

namespace percpu::detail {

// On the stack and with one write(): it is called in processes whose heap may be broken.
void fatal(const char* format, ...) {
    char message[256] = "percpu: ";
    const std::size_t prefix = std::strlen(message);
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(message + prefix, sizeof message - prefix - 1, format, arguments);
    va_end(arguments);
    std::strcat(message, "\n");
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message, std::strlen(message));
    std::abort();
}

}  // namespace percpu::detail
