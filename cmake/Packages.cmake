# The Debian packages that kloom uses; tools/lib/setup.sh installs them.

find_package(Boost 1.74 REQUIRED COMPONENTS context)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)

find_path(LIBDW_INCLUDE_DIR elfutils/libdw.h REQUIRED)
find_library(LIBDW_LIBRARY dw REQUIRED)
find_library(LIBELF_LIBRARY elf REQUIRED)
add_library(kloom_libdw INTERFACE)
target_include_directories(kloom_libdw SYSTEM INTERFACE "${LIBDW_INCLUDE_DIR}")
target_link_libraries(kloom_libdw INTERFACE "${LIBDW_LIBRARY}" "${LIBELF_LIBRARY}")

# Its headers only: the compiled library throws.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)

# Embedded into the program, which writes it into its pages; there is nothing to link.
find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH REQUIRED)
