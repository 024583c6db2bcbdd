#include "detect/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "detect/explain_pages.hpp"

namespace kloom::detect {
namespace {

TEST(Catalogue, EveryIdHasAPageThatStartsWithIt) {
    for (const CatalogueEntry& entry : catalogue())
        EXPECT_TRUE(explain(entry.id).starts_with("# " + std::string(entry.id) + "\n")) << entry.id;
}

TEST(Catalogue, EveryPageHasAnId) {
    for (const ExplainPage& page : explain_pages())
        EXPECT_TRUE(std::ranges::any_of(catalogue(), [&](const CatalogueEntry& entry) {
            return entry.id == page.id;
        })) << page.id;
}

TEST(Catalogue, PagesSayWhatItIsAndHowToFixIt) {
    for (const ExplainPage& page : explain_pages()) {
        EXPECT_NE(page.text.find("Example"), std::string_view::npos) << page.id;
        EXPECT_NE(page.text.find("How to fix it"), std::string_view::npos) << page.id;
        EXPECT_LE(std::ranges::count(page.text, '\n'), 45) << page.id;
    }
}

TEST(Catalogue, AnUnknownIdHasNoPage) {
    EXPECT_TRUE(explain("no-such-finding").empty());
}

}  // namespace
}  // namespace kloom::detect
