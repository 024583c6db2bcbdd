// Paint: colours for a terminal, or none; and the width of text in columns.
#pragma once

#include <string>
#include <string_view>

namespace kloom::report {

enum class Colour { None, Bold, Dim, Red, Yellow, Green, Cyan };

class Paint {
  public:
    explicit Paint(bool is_on) : is_on_(is_on) {}

    std::string operator()(Colour colour, std::string_view text) const {
        if (!is_on_ || colour == Colour::None || text.empty()) return std::string(text);
        return std::string(code(colour)) + std::string(text) + "\033[0m";
    }

  private:
    static std::string_view code(Colour colour) {
        switch (colour) {
            case Colour::Bold:
                return "\033[1m";
            case Colour::Dim:
                return "\033[2m";
            case Colour::Red:
                return "\033[1;31m";
            case Colour::Yellow:
                return "\033[33m";
            case Colour::Green:
                return "\033[1;32m";
            case Colour::Cyan:
                return "\033[36m";
            case Colour::None:
                break;
        }
        return "";
    }

    bool is_on_;
};

// Columns that `text` takes: its code points.
size_t width_of(std::string_view text);
// At most `columns` wide; what is cut is shown by "...".
std::string cut_to(std::string_view text, size_t columns);
// Filled with blanks to `columns`.
std::string padded(std::string text, size_t columns);
// Without control characters, which could act on the terminal; runs of white space become one
// blank.
std::string printable(std::string_view text);

}  // namespace kloom::report
