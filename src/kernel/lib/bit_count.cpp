// What compilers call to count the bits of a number on a processor that may lack an instruction for it; a module is not
// linked with their library.

extern "C" {

int __popcountdi2(long number);

// In parts: sums of two bits, of four, of eight, and those added up by the multiplication. A loop or a builtin could become a
// call of this function.
int __popcountdi2(long number) {
    auto sums = static_cast<unsigned long>(number);
    sums -= sums >> 1 & 0x5555555555555555;
    sums = (sums & 0x3333333333333333) + (sums >> 2 & 0x3333333333333333);
    sums = (sums + (sums >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return static_cast<int>(sums * 0x0101010101010101 >> 56);
}

}  // extern "C"
