// UUIDs: generation (RFC 4122 version 4), checks and parsing.
#include <cstring>

#include "kernel/module_access.hpp"

#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/random.h>
#include <linux/uuid.h>

namespace kloom::kernel {
namespace {

// Marks 16 random bytes as a random UUID: the version in the high half of one byte, the variant in
// the top bits of another.
void mark_as_random(unsigned char* bytes, size_t version_byte) {
    bytes[version_byte] = static_cast<unsigned char>((bytes[version_byte] & 0x0f) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
}

bool is_hyphen_place(size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

// The bytes in the order of the text go to the places that `index` tells.
int parse(const char* text, u8* bytes, const u8* index) {
    static constexpr u8 kTextPlaces[UUID_SIZE] = {0,  2,  4,  6,  9,  11, 14, 16,
                                                  19, 21, 24, 26, 28, 30, 32, 34};
    if (!uuid_is_valid(text)) return -EINVAL;
    note_write(bytes, UUID_SIZE);
    for (size_t i = 0; i < UUID_SIZE; ++i) {
        const int high = hex_to_bin(static_cast<unsigned char>(text[kTextPlaces[i]]));
        const int low = hex_to_bin(static_cast<unsigned char>(text[kTextPlaces[i] + 1]));
        bytes[index[i]] = static_cast<u8>(high << 4 | low);
    }
    return 0;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

const guid_t guid_null = {};
const uuid_t uuid_null = {};
// Where the bytes lie that the text shows first, second, ...
const u8 guid_index[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
const u8 uuid_index[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

void generate_random_uuid(unsigned char uuid[16]) {
    KLOOM_API();
    get_random_bytes(uuid, UUID_SIZE);
    mark_as_random(uuid, 6);
}

void generate_random_guid(unsigned char guid[16]) {
    KLOOM_API();
    get_random_bytes(guid, UUID_SIZE);
    mark_as_random(guid, 7);
}

void guid_gen(guid_t* u) {
    KLOOM_API();
    generate_random_guid(u->b);
}

void uuid_gen(uuid_t* u) {
    KLOOM_API();
    generate_random_uuid(u->b);
}

bool uuid_is_valid(const char* uuid) {
    KLOOM_API();
    if (module_strnlen(uuid, UUID_STRING_LEN) < UUID_STRING_LEN) return false;
    for (size_t i = 0; i < UUID_STRING_LEN; ++i)
        if (is_hyphen_place(i) ? uuid[i] != '-'
                               : hex_to_bin(static_cast<unsigned char>(uuid[i])) < 0)
            return false;
    return true;
}

int guid_parse(const char* uuid, guid_t* u) {
    KLOOM_API();
    return parse(uuid, u->b, guid_index);
}

int uuid_parse(const char* uuid, uuid_t* u) {
    KLOOM_API();
    return parse(uuid, u->b, uuid_index);
}

}  // extern "C"
