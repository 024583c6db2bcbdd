#include "shared.hpp"

constinit percpu::variable<std::uint64_t> defined_in_two = 1000;

void work_in_two(int rounds) {
    work(rounds);
    Totals<std::uint8_t>::total.bit_or(0);
}
