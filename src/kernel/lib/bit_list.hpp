// Bitmaps as text: "0-3,8" and "00000001,ffffffff". Both read memory that the caller has reported.
#pragma once

#include "kernel/lib/text_writer.hpp"

namespace kloom::kernel {

void write_bit_list(TextWriter& out, const unsigned long* words, unsigned bits);
// Groups of 32 bits in hexadecimal, the highest first.
void write_bit_groups(TextWriter& out, const unsigned long* words, unsigned bits);

}  // namespace kloom::kernel
