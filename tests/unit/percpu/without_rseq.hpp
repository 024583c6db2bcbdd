// Threads that stay on a CPU, and threads without rseq.
#pragma once

#include <sched.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "percpu/runtime.hpp"

namespace percpu {

inline std::vector<int> allowed_cpus() {
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    std::vector<int> cpus;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    return cpus;
}

inline int first_allowed_cpu() { return allowed_cpus().front(); }

inline void pin_to(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) std::abort();
}

// Takes glibc's registration from the calling thread, for good; whatever else a thread without rseq may come from, this is
// what it looks like. Nothing when it had none.
inline void give_up_rseq() {
#if !defined(__SANITIZE_THREAD__)
    if (!status().active) return;
#if defined(__x86_64__)
    char* thread_pointer;  // gcc 12 has the builtin, clang 14 does not
    asm("mov %%fs:0, %0" : "=r"(thread_pointer));
#else
    char* const thread_pointer = static_cast<char*>(__builtin_thread_pointer());
#endif
    char* const area = thread_pointer + __rseq_offset;
    constexpr int kUnregister = 1;
    for (const unsigned size : {32u, 33u, 20u})
        if (syscall(SYS_rseq, area, size, kUnregister, RSEQ_SIG) == 0) break;
    if (status().active) {
        std::perror("rseq");
        std::abort();
    }
#endif
}

}  // namespace percpu
