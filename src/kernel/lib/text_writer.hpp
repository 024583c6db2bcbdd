// TextWriter: where formatted text goes, piece by piece.
//
// Text for the module is collected in chunks, so that the machine sees a few writes of neighbouring
// bytes and not one for each character; text for the kernel's own memory is written at once and
// reported to nobody.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "kernel/module_access.hpp"

namespace kloom::kernel {

enum class TextOwner { Kernel, Module };

class TextWriter {
  public:
    TextWriter(char* buffer, size_t size, TextOwner owner)
        : buffer_(buffer), size_(size), owner_(owner) {}

    void put(char c) {
        ++length_;
        if (written_ + chunk_size_ + 1 >= size_) return;  // keeps room for the null byte
        if (owner_ == TextOwner::Kernel) {
            buffer_[written_++] = c;
        } else {
            chunk_[chunk_size_++] = c;
            if (chunk_size_ == kChunk) flush();
        }
    }
    void put(std::string_view text) {
        for (const char c : text) put(c);
    }
    // `count` may be negative: then nothing is written.
    void fill(char c, int count) {
        for (int i = 0; i < count; ++i) put(c);
    }

    // Ends the text; the length is that of the whole text, whether it fitted or not.
    size_t finish() {
        if (size_ == 0) return length_;
        if (owner_ == TextOwner::Kernel) {
            buffer_[written_] = '\0';
        } else {
            chunk_[chunk_size_++] = '\0';
            flush();
        }
        return length_;
    }

  private:
    static constexpr size_t kChunk = 256;

    void flush() {
        note_write(buffer_ + written_, chunk_size_);
        std::memcpy(buffer_ + written_, chunk_, chunk_size_);
        written_ += chunk_size_;
        chunk_size_ = 0;
    }

    char* buffer_;
    size_t size_;
    TextOwner owner_;
    size_t length_ = 0;   // of the whole text so far
    size_t written_ = 0;  // bytes in the buffer
    size_t chunk_size_ = 0;
    char chunk_[kChunk + 1];  // one more for the null byte
};

}  // namespace kloom::kernel
