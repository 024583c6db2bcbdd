// Messages of the program itself, on stderr.
#pragma once

#include <string>

#include "base/result.hpp"

namespace kloom::cli {

// "kloom: what went wrong" and, on the next line, what to do.
void print_error(const base::Error& error);
void print_note(const std::string& text);
// To stdout, as it is.
void print_text(const std::string& text);

}  // namespace kloom::cli
