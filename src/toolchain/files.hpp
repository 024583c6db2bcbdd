// Files and folders of the tool chain: reading and replacing files whole, and where kloom's own data lies.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kloom::toolchain {

// The whole contents of a regular file. Errors say why it cannot be read, in the words of the system.
base::Result<std::string> read_file(const std::string& path);

// Writes a file that appears under its name only when it is complete; concurrent writers do not mix.
base::Result<void> replace_file(const std::string& path, std::string_view contents);

// The checkout or installation that this program belongs to: KLOOM_HOME, else the folder it was built from, else the
// nearest folder above the executable that holds include/kernel.
base::Result<std::string> home_folder();

// Folder of compiled modules: kloom/ in XDG_CACHE_HOME or ~/.cache, or a private one among the temporary files for a
// user without a home. Created when missing.
base::Result<std::string> cache_folder();

// `path` as the user would write it: relative to the working directory when it lies below it.
std::string display_path(const std::string& path);

}  // namespace kloom::toolchain
