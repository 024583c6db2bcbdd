// The end of a program that misuses the library.
#pragma once

namespace percpu::detail {

// Prints "percpu: " and the message, which is printf-style, to stderr and aborts.
[[noreturn]] void fatal(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace percpu::detail
