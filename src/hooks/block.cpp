// Block copies that clang calls for struct assignments and initialisers (gcc expands them inline after range hooks).
//
// Hardware copies a struct word by word, so another CPU may see half of it: the words are separate accesses here too. A
// large block is told in chunks; it can be seen torn at their borders only.

#include <algorithm>
#include <cstring>

#include "hooks/note.hpp"

namespace kloom::hooks {
namespace {

constexpr size_t kWord = 8;
constexpr size_t kWordwiseMax = 256;
constexpr size_t kChunk = 512;

size_t piece_size(size_t total) { return total <= kWordwiseMax ? kWord : kChunk; }

void copy_piece(char* to, const char* from, size_t size, uintptr_t pc) {
    note(address_of(from), static_cast<uint32_t>(size), trace::kRead, pc);
    // The words read stay in registers until they are written: what others write meanwhile is not copied.
    char buffer[kChunk];
    std::memcpy(buffer, from, size);
    note(address_of(to), static_cast<uint32_t>(size), trace::kWrite, pc);
    std::memcpy(to, buffer, size);
}

void copy_upwards(char* to, const char* from, size_t size, uintptr_t pc) {
    const size_t piece = piece_size(size);
    for (size_t done = 0; done < size; done += piece)
        copy_piece(to + done, from + done, std::min(piece, size - done), pc);
}

void copy_downwards(char* to, const char* from, size_t size, uintptr_t pc) {
    const size_t piece = piece_size(size);
    for (size_t left = size; left > 0;) {
        const size_t bytes = std::min(piece, left);
        left -= bytes;
        copy_piece(to + left, from + left, bytes, pc);
    }
}

void move_block(void* to, const void* from, size_t size, uintptr_t pc) {
    char* const destination = static_cast<char*>(to);
    const char* const source = static_cast<const char*>(from);
    if (running_machine() == nullptr)
        std::memmove(to, from, size);
    else if (address_of(to) - address_of(from) >= size)
        copy_upwards(destination, source, size, pc);
    else
        copy_downwards(destination, source, size, pc);
}

void fill_block(void* to, int value, size_t size, uintptr_t pc) {
    char* const destination = static_cast<char*>(to);
    const size_t piece = piece_size(size);
    for (size_t done = 0; done < size; done += piece) {
        const size_t bytes = std::min(piece, size - done);
        note(address_of(destination + done), static_cast<uint32_t>(bytes), trace::kWrite, pc);
        std::memset(destination + done, value, bytes);
    }
}

}  // namespace
}  // namespace kloom::hooks

extern "C" {

void* __tsan_memcpy(void* to, const void* from, unsigned long size) {
    kloom::hooks::move_block(to, from, size, KLOOM_CALLER_PC);
    return to;
}

void* __tsan_memmove(void* to, const void* from, unsigned long size) {
    kloom::hooks::move_block(to, from, size, KLOOM_CALLER_PC);
    return to;
}

void* __tsan_memset(void* to, int value, unsigned long size) {
    kloom::hooks::fill_block(to, value, size, KLOOM_CALLER_PC);
    return to;
}

}  // extern "C"
