// The files of the page of charts, which are part of the program (page_files.S).
#pragma once

#include <string_view>

namespace kloom::report {

std::string_view page_html();  // a skeleton with @name@ where something belongs
std::string_view page_css();
std::string_view figures_js();
std::string_view page_js();
std::string_view chart_js();

}  // namespace kloom::report
