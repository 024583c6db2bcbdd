// ModuleSources: which files make up a module, worked out from what the user named.
//
// A user names a source file, several separated by commas, or a folder with a Kbuild or Makefile. The file beside the
// sources is read as kbuild reads it, as far as one module needs: obj-m, name-objs, name-y, ccflags-y and CFLAGS_name.o, with
// =, :=, += and continued lines. Conditionals and make functions are not evaluated.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace kloom::toolchain {

struct ModuleSources {
    std::string name;                // KBUILD_MODNAME: "my-module" is my_module
    std::vector<std::string> files;  // absolute paths, in link order; C or C++
    std::vector<std::string> flags;  // -D, -U and -I options of the Makefile beside them
};

// Errors: a file is missing, unreadable, a folder, empty or no C or C++ source; a folder names no module or several.
// A single source that the Makefile beside it makes part of a larger module stands for that module.
base::Result<ModuleSources> find_module_sources(const std::vector<std::string>& inputs);

}  // namespace kloom::toolchain
