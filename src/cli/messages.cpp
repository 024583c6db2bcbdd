#include "cli/messages.hpp"

#include <cstdio>

namespace kloom::cli {

void print_error(const base::Error& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "kloom: %s\n", error.message.c_str());
    if (!error.hint.empty()) std::fprintf(stderr, "  next: %s\n", error.hint.c_str());
}

void print_note(const std::string& text) {
    std::fprintf(stderr, "kloom: %s\n", text.c_str());
}

void print_text(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace kloom::cli
