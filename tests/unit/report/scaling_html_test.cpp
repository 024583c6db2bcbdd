#include "report/scaling_html.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "report/page_files.hpp"
#include "report/scaling_json.hpp"
#include "unit/report/scaling_example.hpp"

namespace kloom::report {
namespace {

using nlohmann::json;
using tests::large_scaling_result;
using tests::small_scaling_result;

bool says(std::string_view text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

size_t count(const std::string& text, std::string_view words) {
    size_t times = 0;
    for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
        ++times;
    return times;
}

// What is between the first `begin` and the next `end`.
std::string between(const std::string& text, std::string_view begin, std::string_view end) {
    const size_t at = text.find(begin);
    if (at == std::string::npos) return "";
    const size_t from = at + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

TEST(ScalingHtml, CarriesTheJsonDocument) {
    const std::string page = scaling_html(large_scaling_result());
    const std::string data =
        between(page, "<script type=\"application/json\" id=\"data\">", "</script>");

    EXPECT_EQ(json::parse(data), json::parse(scaling_json(large_scaling_result())));
}

TEST(ScalingHtml, NeedsNoOtherFile) {
    const std::string page = scaling_html(large_scaling_result());
    const std::string own =
        page.substr(0, page.find(chart_js())) + std::string(figures_js()) + std::string(page_js());
    const std::regex reference("(src|href|action)\\s*=\\s*[\"'][^\"']|@import|url\\(|https?://");

    EXPECT_FALSE(std::regex_search(own, reference));
    EXPECT_TRUE(says(page, chart_js()));
    EXPECT_TRUE(says(page, figures_js()));
    EXPECT_TRUE(says(page, page_js()));
    EXPECT_TRUE(says(page, page_css()));
}

TEST(ScalingHtml, TextIsNoMarkup) {
    trace::ScalingResult result = small_scaling_result();
    result.workload = "<b>&\"@data@";
    result.settings = {"</script><script>alert(1)</script>"};
    result.curves[0].title = "</script>";
    const std::string page = scaling_html(result);

    EXPECT_EQ(count(page, "</script>"), 4u);
    EXPECT_TRUE(says(page, "<h1>How operating systems scale: &lt;b&gt;&amp;&quot;@data@</h1>"));
    EXPECT_TRUE(says(page, "<li>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;</li>"));
    EXPECT_TRUE(says(page, "<h3>&lt;/script&gt;</h3>"));
}

TEST(ScalingHtml, TablesHaveTheFigures) {
    const std::string page = scaling_html(small_scaling_result());

    EXPECT_TRUE(says(page, "This organisation does not saturate within 2 CPUs."));
    EXPECT_TRUE(
        says(page,
             "<tr><th scope=\"row\">2</th><td>4</td><td>18.8k <small>&plusmn;&nbsp;250</small></td>"
             "<td>1.90 <small>&plusmn;&nbsp;0.020</small></td>"));
    EXPECT_TRUE(says(page, "<td>310&nbsp;&micro;s</td>"));
    EXPECT_FALSE(says(page, "<th scope=\"col\">idle"));
    EXPECT_FALSE(says(page, "<th scope=\"col\">interactive"));
}

TEST(ScalingHtml, NamesTheLicenceOfTheLibrary) {
    const std::string page = scaling_html(small_scaling_result());
    const std::string head = page.substr(0, page.find("<body>"));

    EXPECT_TRUE(says(head, "Chart.js"));
    EXPECT_TRUE(says(head, "(MIT) licence"));
    EXPECT_TRUE(says(chart_js().substr(0, 200), "Chart.js v3.9"));
}

TEST(ScalingHtml, SameResultSameBytes) {
    EXPECT_EQ(scaling_html(large_scaling_result()), scaling_html(large_scaling_result()));
}

// For the test that opens them in a browser (tests/html).
TEST(ScalingHtml, PagesAreWrittenForTheBrowser) {
    const char* wanted = std::getenv("KLOOM_PAGE_FOLDER");
    const std::filesystem::path folder = wanted != nullptr ? wanted : testing::TempDir();
    trace::ScalingResult one_run = small_scaling_result();
    one_run.seeds = 1;

    std::ofstream large(folder / "large.html");
    std::ofstream small(folder / "small.html");
    large << scaling_html(large_scaling_result());
    small << scaling_html(one_run);
    large.close();
    small.close();
    EXPECT_TRUE(large.good());
    EXPECT_TRUE(small.good());
}

}  // namespace
}  // namespace kloom::report
