#include "unit/percpu/variable_elsewhere.hpp"

namespace percpu {

constinit variable<int> elsewhere;

namespace {

[[maybe_unused]] const int counted_early = [] {
    defined_here.inc();
    elsewhere.inc();
    return 1;
}();

}  // namespace

void count_in_a_header_elsewhere() { in_a_header.inc(); }
void count_in_a_template_elsewhere() { Holder<int>::count.inc(); }

}  // namespace percpu
