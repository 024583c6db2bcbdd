// What both translation units instantiate: the same templates and inline functions with sequences in them.
#pragma once

#include <cstdint>

#include "percpu/counter.hpp"
#include "percpu/freelist.hpp"
#include "percpu/guard.hpp"
#include "percpu/rwlock.hpp"
#include "percpu/variable.hpp"

inline constinit percpu::variable<std::uint32_t> in_a_header;
extern constinit percpu::variable<std::uint64_t> defined_in_two;

template <class T>
struct Totals {
    static inline constinit percpu::variable<T> total;
    static void add(T value) {
        total.add(value);
        total.exchange(static_cast<T>(total.add_return(0)));
    }
};

inline void work(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        in_a_header.inc();
        defined_in_two.add(2);
        const percpu::guard mine(Totals<std::int16_t>::total);
        ++*mine;
    }
}

void work_in_two(int rounds);
