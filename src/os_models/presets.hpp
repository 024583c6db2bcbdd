// The workloads that are built in.
#pragma once

#include <string>
#include <vector>

#include "os_models/workload.hpp"

namespace kloom::os_models {

// The first is the default.
const std::vector<Workload>& presets();
// nullptr if there is none of that name.
const Workload* find_preset(const std::string& name);
std::vector<std::string> preset_names();

}  // namespace kloom::os_models
