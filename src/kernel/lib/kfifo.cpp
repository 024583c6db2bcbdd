// What a kfifo needs beyond its inline functions: memory, and transfers from and to user space.
#include <algorithm>
#include <bit>
#include <cstring>

#include "kernel/module_access.hpp"

#include <linux/errno.h>
#include <linux/kfifo.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

namespace kloom::kernel {
namespace {

void set_up(struct __kfifo* fifo, void* data, unsigned int size, size_t element_size) {
    note_write(fifo, sizeof *fifo);
    *fifo = {0, 0, size != 0 ? size - 1 : 0, static_cast<unsigned int>(element_size), data};
}

// A run of the ring's memory, from the count `at` on, and what is left of it at the beginning.
struct RingPart {
    char* first;
    size_t first_bytes;
    char* second;
    size_t second_bytes;
};

RingPart ring_part(const struct __kfifo& fifo, unsigned int at, size_t elements) {
    const size_t size = fifo.mask + 1ul, start = at & fifo.mask;
    const size_t first = std::min(elements, size - start);
    auto* data = static_cast<char*>(fifo.data);
    return {data + start * fifo.esize, first * fifo.esize, data, (elements - first) * fifo.esize};
}

// Bytes that were not copied, as copy_from_user() counts them.
size_t copy_in(const RingPart& part, const char* from) {
    const size_t left = copy_from_user(part.first, from, part.first_bytes);
    if (left != 0) return left + part.second_bytes;
    return part.second_bytes != 0
               ? copy_from_user(part.second, from + part.first_bytes, part.second_bytes)
               : 0;
}

size_t copy_out(const RingPart& part, char* to) {
    const size_t left = copy_to_user(to, part.first, part.first_bytes);
    if (left != 0) return left + part.second_bytes;
    return part.second_bytes != 0
               ? copy_to_user(to + part.first_bytes, part.second, part.second_bytes)
               : 0;
}

void store(unsigned int* target, size_t value) {
    note_write(target, sizeof *target);
    *target = static_cast<unsigned int>(value);
}

unsigned int filling(const struct __kfifo& fifo) {
    note_read(&fifo, sizeof fifo);
    return fifo.in - fifo.out;
}

// The header of a record: its length, lowest byte first.
void write_header(const struct __kfifo& fifo, size_t length, size_t header_size) {
    for (size_t i = 0; i < header_size; ++i) {
        char* byte = static_cast<char*>(fifo.data) + ((fifo.in + i) & fifo.mask);
        note_write(byte, 1);
        *byte = static_cast<char>(length >> (8 * i));
    }
}

size_t read_header(const struct __kfifo& fifo, size_t header_size) {
    size_t length = 0;
    for (size_t i = 0; i < header_size; ++i) {
        const char* byte = static_cast<const char*>(fifo.data) + ((fifo.out + i) & fifo.mask);
        note_read(byte, 1);
        length |= static_cast<size_t>(static_cast<unsigned char>(*byte)) << (8 * i);
    }
    return length;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

int __kfifo_alloc(struct __kfifo* fifo, unsigned int size, size_t esize, gfp_t gfp_mask) {
    KLOOM_API();
    size = std::bit_ceil(size);
    if (size < 2) {
        set_up(fifo, nullptr, 0, esize);
        return -EINVAL;
    }
    void* data = kmalloc(size * esize, gfp_mask);
    set_up(fifo, data, data != nullptr ? size : 0, esize);
    return data != nullptr ? 0 : -ENOMEM;
}

void __kfifo_free(struct __kfifo* fifo) {
    KLOOM_API();
    note_read(fifo, sizeof *fifo);
    kfree(fifo->data);
    set_up(fifo, nullptr, 0, 0);
}

int __kfifo_init(struct __kfifo* fifo, void* buffer, unsigned int size, size_t esize) {
    KLOOM_API();
    size = std::bit_floor(static_cast<unsigned int>(size / esize));
    set_up(fifo, buffer, size < 2 ? 0 : size, esize);
    return size < 2 ? -EINVAL : 0;
}

int __kfifo_from_user(struct __kfifo* fifo, const void* from, unsigned long len,
                      unsigned int* copied, size_t recsize) {
    KLOOM_API();
    const size_t unused = fifo->mask + 1ul - filling(*fifo);
    size_t elements = len / fifo->esize;
    if (recsize != 0) {
        elements = std::min(len, (1ul << (8 * recsize)) - 1);
        if (elements + recsize > unused) {
            store(copied, 0);
            return 0;
        }
    }
    elements = std::min(elements, unused);
    const size_t left =
        copy_in(ring_part(*fifo, fifo->in + static_cast<unsigned int>(recsize), elements),
                static_cast<const char*>(from));
    if (recsize != 0 && left != 0) {
        store(copied, 0);
        return -EFAULT;
    }
    const size_t moved = elements - (left + fifo->esize - 1) / fifo->esize;
    if (recsize != 0) write_header(*fifo, moved, recsize);
    note_write(&fifo->in, sizeof fifo->in);
    fifo->in += static_cast<unsigned int>(moved + recsize);
    store(copied, moved * fifo->esize);
    return left != 0 ? -EFAULT : 0;
}

int __kfifo_to_user(struct __kfifo* fifo, void* to, unsigned long len, unsigned int* copied,
                    size_t recsize) {
    KLOOM_API();
    const size_t used = filling(*fifo);
    if (used == 0) {
        store(copied, 0);
        return 0;
    }
    const size_t record = recsize != 0 ? read_header(*fifo, recsize) : 0;
    const size_t elements = std::min<size_t>(len / fifo->esize, recsize != 0 ? record : used);
    const size_t left =
        copy_out(ring_part(*fifo, fifo->out + static_cast<unsigned int>(recsize), elements),
                 static_cast<char*>(to));
    if (recsize != 0 && left != 0) {
        store(copied, 0);
        return -EFAULT;
    }
    const size_t moved = elements - (left + fifo->esize - 1) / fifo->esize;
    note_write(&fifo->out, sizeof fifo->out);
    fifo->out += static_cast<unsigned int>(recsize != 0 ? record + recsize : moved);
    store(copied, moved * fifo->esize);
    return left != 0 ? -EFAULT : 0;
}

}  // extern "C"
