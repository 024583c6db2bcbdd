// ContentHash: names contents (sources, flags, compiled modules) by a 128-bit FNV-1a hash.
//
// It tells changed programs and stale cache entries apart; it is no protection against somebody who wants a collision.
// With 128 bits two of a million different contents collide with a chance below 1e-26.
#pragma once

#include <string>
#include <string_view>

namespace kloom::toolchain {

class ContentHash {
  public:
    // Adds the bytes and their number, so that ("ab", "c") and ("a", "bc") differ.
    void add(std::string_view bytes);

    // 32 hexadecimal digits of everything added so far.
    std::string hex() const;

  private:
    // FNV's offset basis and prime for 128 bits (Fowler, Noll, Vo).
    unsigned __int128 state_ =
        (static_cast<unsigned __int128>(0x6c62272e07bb0142ull) << 64) | 0x62b821756295c58dull;
};

// The hash of one content.
std::string hash_of(std::string_view bytes);

}  // namespace kloom::toolchain
