# Language level, warnings and build types for everything that is built here. Checks stay on in release builds:
# NDEBUG is never defined (a broken invariant must stop the program that makes claims about others).

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g")
set(CMAKE_C_FLAGS_DEBUG "-Og -g")

# Every target of ours links kloom_settings privately.
add_library(kloom_settings INTERFACE)
target_compile_options(kloom_settings INTERFACE
    $<$<COMPILE_LANGUAGE:C,CXX>:-Wall>
    $<$<COMPILE_LANGUAGE:C,CXX>:-Wextra>
    $<$<COMPILE_LANGUAGE:C,CXX>:-Wno-format-zero-length>  # CHECK without a message has an empty format
    $<$<COMPILE_LANGUAGE:C,CXX>:-Wno-missing-field-initializers>  # designated initialisers leave the rest at its default
    $<$<AND:$<BOOL:${KLOOM_WERROR}>,$<COMPILE_LANGUAGE:C,CXX>>:-Werror>)
if(KLOOM_SANITIZE)
    target_compile_options(kloom_settings INTERFACE -fsanitize=${KLOOM_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(kloom_settings INTERFACE -fsanitize=${KLOOM_SANITIZE})
endif()
