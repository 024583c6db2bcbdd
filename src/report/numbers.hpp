// Numbers as people read them: three digits that count, and a letter for the thousands. A figure
// that is no number (something divided by nothing) is shown as "-".
#pragma once

#include <string>

namespace kloom::report {

// "0", "0.012", "1.23", "45.6", "12.3k", "1.50M"; "<0.001" for what is smaller.
std::string human_number(double value);
// "0", "12.3us", "1.20ms", "3.00s".
std::string human_duration(double microseconds);
// A share of 1 in percent, without the sign: "98.5".
std::string percent(double share);
// The same with + or -, for differences; "0.0" has none.
std::string signed_percent(double share);

}  // namespace kloom::report
