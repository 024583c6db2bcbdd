// Formatting of text with the formats of kernel messages (Documentation/core-api/printk-formats of
// Linux 6.1), for printk() and for every function that builds text.
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>

namespace kloom::kernel {

// vsnprintf() with the kernel's formats into memory of the kernel: returns the length that the
// whole text has, and always ends what it writes with a null byte when `size` is not 0. Arguments
// that point into module memory are reported as read. May step.
int format_text(char* buffer, size_t size, const char* format, va_list arguments);

// The symbol that an address lies in, for %pS and its relatives.
struct SymbolName {
    const char* name = nullptr;
    const char* module = nullptr;  // nullptr: the kernel itself
    size_t offset = 0;             // of the address from the symbol's begin
    size_t size = 0;               // of the symbol
};

// What formatting has to ask of others. Set once, when a module is loaded; without them addresses
// stay numbers.
struct FormatHooks {
    // False when no symbol is known at the address.
    bool (*symbol_name_of)(uintptr_t address, SymbolName& name) = nullptr;
    // A number for the address that is the same in every run of the program, for the hash that %p
    // prints.
    uintptr_t (*stable_address_of)(uintptr_t address) = nullptr;
    // A conversion that no format of the kernel has. May step.
    void (*on_unknown)(char conversion) = nullptr;
};
FormatHooks& format_hooks();

// "-EINVAL" for 22 or -22; nullptr when the number has no name.
const char* error_name(int error);

}  // namespace kloom::kernel
