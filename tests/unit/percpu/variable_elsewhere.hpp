// Variables that two translation units share.
#pragma once

#include "percpu/allocate.hpp"
#include "percpu/variable.hpp"

namespace percpu {

extern constinit variable<int> defined_here;
extern constinit variable<int> elsewhere;
inline constinit variable<int> in_a_header;

template <class T>
struct Holder {
    static inline constinit variable<T> count;
};

void count_in_a_header_elsewhere();
void count_in_a_template_elsewhere();

}  // namespace percpu
