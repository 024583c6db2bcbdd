// Prng: the project's only source of randomness, fully determined by its seed.
//
// xoshiro-class quality is not needed to pick interleavings; splitmix64 (Steele, Lea, Flood 2014, "Fast splittable
// pseudorandom number generators") is one multiply-xor chain and passes BigCrush.
#pragma once

#include <cstdint>

namespace kloom::base {

class Prng {
  public:
    explicit constexpr Prng(uint64_t seed) : state_(seed) {}

    constexpr uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ull;
        uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }

    // Uniform in [0, bound). Requires: bound > 0. The bias is below bound / 2^64 (Lemire 2019, without the rejection).
    constexpr uint64_t below(uint64_t bound) {
        return static_cast<uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
    }

  private:
    uint64_t state_;
};

}  // namespace kloom::base
