# Functions that turn folders into targets, so that a CMakeLists.txt states only what a folder depends on.
# Sources are found by pattern: a new file needs no edit here.

# kloom_add_layer(<name> [LAYERS <layer>...] [PACKAGES <target>...])
# Makes kloom_<name> of the current folder's sources. A folder without sources becomes an INTERFACE library, so
# header-only layers and layers that are not written yet link all the same. LAYERS are the layers it may include.
function(kloom_add_layer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LAYERS;PACKAGES")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS
        "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.S")
    list(REMOVE_ITEM sources "${CMAKE_CURRENT_SOURCE_DIR}/main.cpp")
    list(TRANSFORM arg_LAYERS PREPEND kloom_)

    if(sources)
        add_library(kloom_${name} STATIC ${sources})
        target_include_directories(kloom_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
        target_compile_options(kloom_${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
        target_link_libraries(kloom_${name} PUBLIC ${arg_LAYERS} PRIVATE ${arg_PACKAGES} kloom_settings)
    else()
        add_library(kloom_${name} INTERFACE)
        target_include_directories(kloom_${name} INTERFACE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
        target_link_libraries(kloom_${name} INTERFACE ${arg_LAYERS} ${arg_PACKAGES})
    endif()
endfunction()

# kloom_use_kernel_headers(<target>)
# Puts include/kernel on the include path of a target that implements or tests the kernel interface. They are
# system headers to it: their macros are written for modules, not for our warnings.
function(kloom_use_kernel_headers target)
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "INTERFACE_LIBRARY")
        target_include_directories(${target} SYSTEM PRIVATE "${PROJECT_SOURCE_DIR}/include/kernel")
        target_compile_definitions(${target} PRIVATE KLOOM_IMPLEMENTATION)
    endif()
endfunction()

# kloom_host_modules(<executable>)
# Makes an executable into which modules under test can be loaded: the kernel interface and the compiler hooks are
# linked whole and exported, since nothing but the modules refers to them.
function(kloom_host_modules target)
    target_link_libraries(${target} PRIVATE kloom_kernel kloom_hooks)
    set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
    foreach(layer kernel hooks)
        get_target_property(type kloom_${layer} TYPE)
        if(type STREQUAL "STATIC_LIBRARY")
            # Not CMake's WHOLE_ARCHIVE feature: 3.25 repeats the archive when other layers link it too.
            target_link_options(${target} PRIVATE
                "SHELL:-Wl,--whole-archive $<TARGET_FILE:kloom_${layer}> -Wl,--no-whole-archive")
        endif()
    endforeach()
endfunction()
