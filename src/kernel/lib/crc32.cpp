// Cyclic redundancy checks by tables that are computed when kloom is compiled.
#include <array>
#include <cstdint>

#include "kernel/module_access.hpp"

#include <linux/crc32.h>

namespace kloom::kernel {
namespace {

constexpr uint32_t kEthernetReflected = 0xedb88320;
constexpr uint32_t kEthernet = 0x04c11db7;
constexpr uint32_t kCastagnoliReflected = 0x82f63b78;

using Table = std::array<uint32_t, 256>;

constexpr Table reflected_table(uint32_t polynomial) {
    Table table{};
    for (uint32_t byte = 0; byte < 256; ++byte) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
        table[byte] = crc;
    }
    return table;
}

constexpr Table forward_table(uint32_t polynomial) {
    Table table{};
    for (uint32_t byte = 0; byte < 256; ++byte) {
        uint32_t crc = byte << 24;
        for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc >> 31) != 0 ? polynomial : 0);
        table[byte] = crc;
    }
    return table;
}

uint32_t reflected_crc(const Table& table, uint32_t crc, const unsigned char* bytes, size_t size) {
    note_read(bytes, size);
    for (size_t i = 0; i < size; ++i) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >> 8);
    return crc;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" u32 crc32_le(u32 crc, const unsigned char* p, size_t len) {
    KLOOM_API();
    static constexpr Table kTable = reflected_table(kEthernetReflected);
    return reflected_crc(kTable, crc, p, len);
}

extern "C" u32 __crc32c_le(u32 crc, const unsigned char* p, size_t len) {
    KLOOM_API();
    static constexpr Table kTable = reflected_table(kCastagnoliReflected);
    return reflected_crc(kTable, crc, p, len);
}

extern "C" u32 crc32_be(u32 crc, const unsigned char* p, size_t len) {
    KLOOM_API();
    static constexpr Table kTable = forward_table(kEthernet);
    note_read(p, len);
    for (size_t i = 0; i < len; ++i) crc = kTable[(crc >> 24) ^ p[i]] ^ (crc << 8);
    return crc;
}
