// Diagnostics: what a person should read when a module does not compile.
//
// A compiler answers a missing kernel function with a page of errors. Here every error is asked whether it comes down to
// something of Linux that include/kernel lacks; if one does, that is the message, in one line. Otherwise the module is
// wrong, and the compiler's own first lines say it best.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kloom::toolchain {

// What include/kernel declares, as text; read once, when an error needs it.
class SupportedNames {
  public:
    explicit SupportedNames(std::string kernel_headers) : folder_(std::move(kernel_headers)) {}

    // Whether some kernel header of kloom uses the word `name`.
    bool mentions(std::string_view name) const;
    // Whether some kernel header of kloom defines `struct name { ... }`.
    bool defines_struct(std::string_view name) const;
    bool has_header(std::string_view header) const;

  private:
    const std::string& text() const;

    std::string folder_;
    mutable std::string text_;
};

// Headers that declare the names which the failed compiler run `output` did not know, as they are included. Linux's headers
// include one another so widely that modules leave many out; ours do so less.
std::vector<std::string> headers_left_out(const std::string& output, const SupportedNames& supported);

// The message for a compiler run that failed with `output`.
base::Error explain_compile_failure(const std::string& output, const std::string& source, const SupportedNames& supported);

// The message for a module that compiles but needs `symbols`, which the running program does not define.
// Requires: symbols is not empty.
base::Error explain_undefined_symbols(const std::vector<std::string>& symbols, const std::vector<std::string>& sources);

}  // namespace kloom::toolchain
