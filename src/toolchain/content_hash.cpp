#include "toolchain/content_hash.hpp"

#include <cstdint>

namespace kloom::toolchain {
namespace {

constexpr unsigned __int128 kPrime = (static_cast<unsigned __int128>(1) << 88) | 0x13bu;

unsigned __int128 mix(unsigned __int128 state, unsigned char byte) { return (state ^ byte) * kPrime; }

}  // namespace

void ContentHash::add(std::string_view bytes) {
    uint64_t size = bytes.size();
    for (size_t i = 0; i < sizeof size; ++i, size >>= 8) state_ = mix(state_, size & 0xff);
    for (const char byte : bytes) state_ = mix(state_, static_cast<unsigned char>(byte));
}

std::string ContentHash::hex() const {
    std::string digits(32, '0');
    unsigned __int128 rest = state_;
    for (size_t i = digits.size(); i-- > 0; rest >>= 4) digits[i] = "0123456789abcdef"[rest & 0xf];
    return digits;
}

std::string hash_of(std::string_view bytes) {
    ContentHash hash;
    hash.add(bytes);
    return hash.hex();
}

}  // namespace kloom::toolchain
