#include "report/paint.hpp"

namespace kloom::report {
namespace {

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

size_t width_of(std::string_view text) {
    size_t width = 0;
    for (char c : text) width += is_continuation(c) ? 0 : 1;
    return width;
}

std::string cut_to(std::string_view text, size_t columns) {
    constexpr std::string_view kMark = "...";
    if (width_of(text) <= columns) return std::string(text);
    const size_t room = columns > kMark.size() ? columns - kMark.size() : 0;
    size_t bytes = 0;
    for (size_t width = 0; bytes < text.size(); ++bytes)
        if (!is_continuation(text[bytes]) && width++ == room) break;
    while (bytes > 0 && text[bytes - 1] == ' ') --bytes;
    return std::string(text.substr(0, bytes)) + std::string(kMark.substr(0, columns));
}

std::string padded(std::string text, size_t columns) {
    const size_t width = width_of(text);
    if (width < columns) text.append(columns - width, ' ');
    return text;
}

std::string printable(std::string_view text) {
    std::string clean;
    for (char c : text) {
        const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (is_blank) {
            if (!clean.empty() && clean.back() != ' ') clean += ' ';
        } else {
            clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
        }
    }
    while (!clean.empty() && clean.back() == ' ') clean.pop_back();
    return clean;
}

}  // namespace kloom::report
