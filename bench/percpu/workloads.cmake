# bench/percpu/workloads.cpp, once by the project's compiler, once by clang if there is one, once as a shared object that has
# the library in itself.
set(workloads "${CMAKE_CURRENT_SOURCE_DIR}/percpu/workloads.cpp")
target_sources(bench_percpu PRIVATE "${workloads}")
target_include_directories(bench_percpu PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/include")
target_compile_definitions(bench_percpu PRIVATE
    KLOOM_WORKLOADS=here KLOOM_COMPILER="$<IF:$<CXX_COMPILER_ID:GNU>,gcc,clang>")
target_link_libraries(bench_percpu PRIVATE kloom_percpu)

add_library(bench_percpu_shared SHARED "${workloads}")
target_include_directories(bench_percpu_shared PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/include")
target_compile_definitions(bench_percpu_shared PRIVATE KLOOM_WORKLOADS=shared)
target_link_libraries(bench_percpu_shared PRIVATE kloom_percpu kloom_settings)
target_link_libraries(bench_percpu PRIVATE bench_percpu_shared)

find_program(KLOOM_CLANG NAMES clang++-14 clang++)
if(KLOOM_CLANG AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND NOT KLOOM_SANITIZE)
    set(object "${CMAKE_CURRENT_BINARY_DIR}/workloads_clang.o")
    add_custom_command(OUTPUT "${object}"
        COMMAND "${KLOOM_CLANG}" -std=c++20 -O2 -fPIE -DKLOOM_WORKLOADS=clang -I "${CMAKE_CURRENT_SOURCE_DIR}"
            -I "${PROJECT_SOURCE_DIR}/include" -MD -MF "${object}.d" -c "${workloads}" -o "${object}"
        DEPENDS "${workloads}" DEPFILE "${object}.d")
    target_sources(bench_percpu PRIVATE "${object}")
    target_compile_definitions(bench_percpu PRIVATE KLOOM_HAS_CLANG)
endif()
