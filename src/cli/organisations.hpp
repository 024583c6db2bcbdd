// kloom's own operating systems (src/os_models/os) as programs to be checked.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace kloom::cli {

struct OrganisationProgram {
    std::vector<std::string> sources;
    std::vector<std::string> flags;  // for the compiler
};

// The regions of a kernel whose lock can be left out: "scheduler", "memory", "files".
const std::vector<std::string>& lock_regions();

// Errors: no such organisation, no such region, or an organisation that has no locks to leave out.
base::Result<OrganisationProgram> organisation_program(const std::string& name,
                                                       const std::vector<std::string>& regions_without_lock);

// Names those that there are.
base::Error no_such_organisation(const std::string& name);

}  // namespace kloom::cli
