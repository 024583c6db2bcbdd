// Chooses the sequences of this build.
#pragma once

#include <climits>  // defines __GLIBC_PREREQ where there is glibc

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PERCPU_THREAD_SANITIZER 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define PERCPU_THREAD_SANITIZER 1
#endif

#if defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 35)
#define PERCPU_GLIBC_HAS_RSEQ 1
#endif
#endif

// -DPERCPU_ATOMIC=1 builds without sequences.
#if !defined(PERCPU_ATOMIC)
#if (defined(__x86_64__) || defined(__aarch64__)) && defined(__LP64__) && defined(PERCPU_GLIBC_HAS_RSEQ) && \
    !defined(PERCPU_THREAD_SANITIZER)
#define PERCPU_ATOMIC 0
#else
#define PERCPU_ATOMIC 1
#endif
#endif

#if PERCPU_ATOMIC
#include "percpu/detail/sequence_atomic.hpp"
#elif defined(__aarch64__)
#include "percpu/detail/sequence_aarch64.hpp"
#else
#include "percpu/detail/sequence_x86_64.hpp"
#endif
