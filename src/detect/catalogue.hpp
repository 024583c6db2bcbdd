// Catalogue: every finding id with its title and the page that `kloom explain ID` prints. The pages
// are the files of explain/, compiled in.
#pragma once

#include <span>
#include <string_view>

namespace kloom::detect {

struct CatalogueEntry {
    std::string_view id;
    std::string_view title;  // one line, lower case
};

// Sorted by id.
std::span<const CatalogueEntry> catalogue();

// The page of a finding id; empty when there is no such id.
std::string_view explain(std::string_view id);

}  // namespace kloom::detect
