# Functions that turn test folders into ctest tests. Labels: the kind of test, and `quick` or `slow`
# (slow: more than a second; such a file's name ends in _slow_test.cpp or _slow.sh).

set(KLOOM_TEST_TIMEOUT_SECONDS 900)

function(kloom_label_test test kind file)
    if(file MATCHES "_slow(_test)?\\.[a-z]+$")
        set(speed slow)
    else()
        set(speed quick)
    endif()
    set_tests_properties(${test} PROPERTIES LABELS "${kind};${speed}" TIMEOUT ${KLOOM_TEST_TIMEOUT_SECONDS})
endfunction()

# kloom_add_test_programs(<kind> <folder> [LIBRARIES <target>...] [HOST_MODULES] [KERNEL_HEADERS])
# One GoogleTest program of the *_test.cpp files right in <folder> and one of its *_slow_test.cpp files; the
# folder's other .cpp files are helpers of both. Nothing when the folder has no tests.
function(kloom_add_test_programs kind folder)
    cmake_parse_arguments(PARSE_ARGV 2 arg "HOST_MODULES;KERNEL_HEADERS" "" "LIBRARIES")
    file(GLOB sources CONFIGURE_DEPENDS "${folder}/*.cpp")
    set(slow_tests ${sources})
    list(FILTER slow_tests INCLUDE REGEX "_slow_test\\.cpp$")
    set(quick_tests ${sources})
    list(FILTER quick_tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER quick_tests EXCLUDE REGEX "_slow_test\\.cpp$")
    set(helpers ${sources})
    list(FILTER helpers EXCLUDE REGEX "_test\\.cpp$")

    file(RELATIVE_PATH base "${PROJECT_SOURCE_DIR}/tests" "${folder}")
    string(REGEX REPLACE "^unit/" "" base "${base}")
    string(REPLACE "/" "_" base "${base}")
    foreach(speed quick slow)
        if(NOT ${speed}_tests)
            continue()
        endif()
        set(target ${base}_test)
        if(speed STREQUAL "slow")
            set(target ${base}_slow_test)
        endif()
        add_executable(${target} ${${speed}_tests} ${helpers})
        target_link_libraries(${target} PRIVATE
            ${arg_LIBRARIES} GTest::gtest_main nlohmann_json::nlohmann_json fmt::fmt kloom_settings)
        target_include_directories(${target} PRIVATE
            "${PROJECT_SOURCE_DIR}/tests" "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
        target_compile_definitions(${target} PRIVATE KLOOM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
        if(arg_KERNEL_HEADERS)
            kloom_use_kernel_headers(${target})
        endif()
        if(arg_HOST_MODULES)
            kloom_host_modules(${target})
        endif()
        add_test(NAME ${kind}.${target} COMMAND ${target} --gtest_brief=1)
        kloom_label_test(${kind}.${target} ${kind} "x_${speed}.cpp")
    endforeach()
endfunction()

# kloom_add_script_tests(<kind> <folder>)
# One test per executable script (.sh, .py) in <folder>. They find the program in KLOOM and the checkout in
# KLOOM_SOURCE_DIR, and exit with 77 when what they need cannot be had here. One with a line "# Runs alone: <reason>" has no
# other test beside it. Scripts whose name starts with lib are helpers.
function(kloom_add_script_tests kind folder)
    file(GLOB scripts CONFIGURE_DEPENDS "${folder}/*.sh" "${folder}/*.py")
    list(FILTER scripts EXCLUDE REGEX "/lib[^/]*$")
    foreach(script IN LISTS scripts)
        get_filename_component(name "${script}" NAME_WE)
        add_test(NAME ${kind}.${name} COMMAND "${script}")
        kloom_label_test(${kind}.${name} ${kind} "${script}")
        set_tests_properties(${kind}.${name} PROPERTIES SKIP_RETURN_CODE 77)
        file(STRINGS "${script}" runs_alone REGEX "^# Runs alone: ")
        if(runs_alone)
            set_tests_properties(${kind}.${name} PROPERTIES RUN_SERIAL ON)
        endif()
        set_property(TEST ${kind}.${name} PROPERTY ENVIRONMENT
            "KLOOM=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/kloom" "KLOOM_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
    endforeach()
endfunction()
