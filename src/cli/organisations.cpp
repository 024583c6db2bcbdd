#include "cli/organisations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "os_models/simulate.hpp"
#include "toolchain/files.hpp"

namespace kloom::cli {

using base::Error;
using base::Result;

namespace {

// "smp-regions" is os_smp_regions in the sources.
std::string symbol_of(const std::string& name) {
    std::string symbol = "os_" + name;
    std::replace(symbol.begin(), symbol.end(), '-', '_');
    return symbol;
}

Result<unsigned> region_bit(const std::string& region) {
    if (region == "scheduler") return 1u << OS_SCHEDULER;
    if (region == "memory") return 1u << OS_MEMORY;
    if (region == "files") return 1u << OS_FILES;
    return Error{"--without-lock: there is no region '" + region + "'", fmt::format("regions are {}", fmt::join(lock_regions(), ", "))};
}

}  // namespace

const std::vector<std::string>& lock_regions() {
    static const std::vector<std::string> regions = {"scheduler", "memory", "files"};
    return regions;
}

Result<OrganisationProgram> organisation_program(const std::string& name,
                                                 const std::vector<std::string>& regions_without_lock) {
    const os_organisation* organisation = os_models::find_organisation(name);
    if (!organisation) return no_such_organisation(name);
    if (!regions_without_lock.empty() && !os_models::has_locks(*organisation))
        return Error{"--without-lock: '" + name + "' has no locks", "smp, smp-regions and smp-percpu have"};
    unsigned without = 0;
    for (const std::string& region : regions_without_lock) without |= TRY(region_bit(region));
    return OrganisationProgram{.sources = {toolchain::display_path(TRY(toolchain::home_folder()) + "/src/os_models/os")},
                               .flags = {"-DOS_ORGANISATION=" + symbol_of(name), fmt::format("-DOS_WITHOUT_LOCK={}u", without)}};
}

Error no_such_organisation(const std::string& name) {
    std::vector<std::string> names;
    for (const os_organisation* organisation : os_models::organisations()) names.emplace_back(organisation->name);
    return {"there is no organisation '" + name + "'", fmt::format("organisations are {}", fmt::join(names, ", "))};
}

}  // namespace kloom::cli
