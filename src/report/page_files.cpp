#include "report/page_files.hpp"

extern "C" {
extern const char kloom_page_html[];
extern const char kloom_page_html_end[];
extern const char kloom_page_css[];
extern const char kloom_page_css_end[];
extern const char kloom_figures_js[];
extern const char kloom_figures_js_end[];
extern const char kloom_page_js[];
extern const char kloom_page_js_end[];
extern const char kloom_chart_js[];
extern const char kloom_chart_js_end[];
}

namespace kloom::report {

std::string_view page_html() {
    return {kloom_page_html, kloom_page_html_end};
}

std::string_view page_css() {
    return {kloom_page_css, kloom_page_css_end};
}

std::string_view figures_js() {
    return {kloom_figures_js, kloom_figures_js_end};
}

std::string_view page_js() {
    return {kloom_page_js, kloom_page_js_end};
}

std::string_view chart_js() {
    return {kloom_chart_js, kloom_chart_js_end};
}

}  // namespace kloom::report
