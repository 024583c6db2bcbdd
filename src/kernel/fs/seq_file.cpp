// seq_file: turns an iterator over records into a file that is read in pieces of any size.
//
// A read first hands out what the buffer still holds. Then it starts the iterator at the record
// that comes next and lets records write into the buffer until one has been written whole; a record
// that does not fit makes the buffer twice as large and is shown again. As many further records
// follow as fit. The position in the file and the number of the record (m->index) are kept apart,
// so that a seek has to walk from the beginning.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "kernel/fs/files.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/sprintf.h>
#include <linux/uio.h>

namespace kloom::kernel {

namespace {

constexpr size_t kFirstBuffer = 4096;
constexpr size_t kBufferMax = size_t{64}
                              << 20;  // a record that is larger ends the read with -ENOMEM
constexpr int kLineMax = 512;         // text of one put_decimal or hex_dump line

// One pass over records: what start() or next() returned last.
struct Cursor {
    void* record;
    bool has_record() const { return record != nullptr && !IS_ERR(record); }
    long error() const { return IS_ERR(record) ? PTR_ERR(record) : 0; }
};

void start(struct seq_file* m, Cursor& cursor) {
    cursor.record = call_operation("seq start", m->op->start, m, &m->index);
}

void next(struct seq_file* m, Cursor& cursor) {
    const loff_t before = m->index;
    cursor.record = call_operation("seq next", m->op->next, m, cursor.record, &m->index);
    if (m->index != before) return;
    log_message("\0016buggy .next function %ps did not update position index\n",
                reinterpret_cast<void*>(m->op->next));
    ++m->index;
}

int show(struct seq_file* m, const Cursor& cursor) {
    return call_operation("seq show", m->op->show, m, cursor.record);
}
void stop(struct seq_file* m, const Cursor& cursor) {
    call_operation("seq stop", m->op->stop, m, cursor.record);
}

bool make_buffer(struct seq_file* m, size_t size) {
    if (m->buf != nullptr) take_back(m->buf);
    m->buf = nullptr;
    m->count = 0;
    m->size = size;
    if (size > kBufferMax) return false;
    m->buf = static_cast<char*>(lend(size, "seq_read"));
    return true;
}

// Lets records write until the buffer holds one that is not empty. The cursor is that record, or
// the end, or an error. Returns 0 or the error of show(), or -ENOMEM; the iterator is stopped
// unless there is a record.
long fill_first(struct seq_file* m, Cursor& cursor) {
    m->from = 0;
    start(m, cursor);
    long error = 0;
    while (cursor.has_record()) {
        const int result = show(m, cursor);
        if (result < 0) {
            error = result;
            break;
        }
        if (result > 0) m->count = 0;  // SEQ_SKIP
        if (m->count == 0) {
            next(m, cursor);
            continue;
        }
        if (m->count < m->size) return 0;
        stop(m, cursor);
        if (!make_buffer(m, m->size * 2)) {
            cursor.record = nullptr;
            return -ENOMEM;
        }
        start(m, cursor);
    }
    if (error == 0) error = cursor.error();
    stop(m, cursor);
    cursor.record = nullptr;
    m->count = 0;
    return error;
}

// Adds further records while the reader has room for them.
void fill_more(struct seq_file* m, Cursor& cursor, size_t wanted) {
    while (true) {
        const size_t before = m->count;
        next(m, cursor);
        if (!cursor.has_record() || m->count >= wanted) break;
        const int result = show(m, cursor);
        if (result > 0) {
            m->count = before;
        } else if (result < 0 || m->count == m->size) {
            m->count = before;
            break;
        }
    }
    stop(m, cursor);
}

// Hands out what the buffer holds; returns the bytes copied or -EFAULT.
ssize_t drain(struct seq_file* m, char* buffer, size_t size) {
    const size_t wanted = std::min(m->count, size);
    const size_t copied = wanted - copy_out(buffer, m->buf + m->from, wanted, "seq_read");
    m->count -= copied;
    m->from += copied;
    return copied == 0 && wanted > 0 ? -EFAULT : static_cast<ssize_t>(copied);
}

// Walks from the beginning until `offset` bytes have been shown; leaves the rest of that record in
// the buffer.
long traverse(struct seq_file* m, loff_t offset) {
    m->index = 0;
    m->count = m->from = 0;
    if (offset == 0) return 0;
    if (m->buf == nullptr && !make_buffer(m, kFirstBuffer)) return -ENOMEM;
    loff_t position = 0;
    Cursor cursor;
    start(m, cursor);
    long error = 0;
    while (cursor.has_record()) {
        const int result = show(m, cursor);
        if (result < 0) {
            error = result;
            break;
        }
        if (result > 0) m->count = 0;
        if (m->count == m->size) {
            stop(m, cursor);
            return make_buffer(m, m->size * 2) ? traverse(m, offset) : -ENOMEM;
        }
        next(m, cursor);
        if (position + static_cast<loff_t>(m->count) > offset) {
            m->from = static_cast<size_t>(offset - position);
            m->count -= m->from;
            stop(m, cursor);
            return 0;
        }
        position += static_cast<loff_t>(m->count);
        m->count = 0;
        if (position == offset) {
            stop(m, cursor);
            return 0;
        }
    }
    if (error == 0) error = cursor.error();
    stop(m, cursor);
    return error;
}

ssize_t read_records(struct seq_file* m, char* buffer, size_t size) {
    size_t copied = 0;
    if (m->buf == nullptr && !make_buffer(m, kFirstBuffer)) return -ENOMEM;
    if (m->count > 0) {
        const ssize_t drained = drain(m, buffer, size);
        if (drained < 0 || m->count > 0) return drained;
        copied = static_cast<size_t>(drained);
        if (copied == size) return static_cast<ssize_t>(copied);
    }
    Cursor cursor;
    const long error = fill_first(m, cursor);
    if (!cursor.has_record()) return copied > 0 ? static_cast<ssize_t>(copied) : error;
    fill_more(m, cursor, size - copied);
    const ssize_t drained = drain(m, buffer + copied, size - copied);
    if (drained < 0) return copied > 0 ? static_cast<ssize_t>(copied) : drained;
    return static_cast<ssize_t>(copied) + drained;
}

// A seq_file is the opener's: one that is never released is a leak of the module, under the name of
// the call that made it.
struct seq_file* new_seq_file(struct file* file, const struct seq_operations* op,
                              const char* function) {
    WARN_ON(file->private_data != nullptr);
    auto* m =
        static_cast<struct seq_file*>(kernel().slab->allocate({.size = sizeof(struct seq_file),
                                                               .alignment = 16,
                                                               .function = function,
                                                               .is_zeroed = true}));
    if (m == nullptr) return nullptr;
    file->private_data = m;
    mutex_init(&m->lock);
    m->op = op;
    m->file = file;
    file->f_mode &= ~FMODE_PWRITE;
    return m;
}

int release_seq_file(struct file* file, const char* function) {
    auto* m = static_cast<struct seq_file*>(file->private_data);
    note_object(m, sizeof *m, function);
    if (m->buf != nullptr) take_back(m->buf);
    kernel().slab->release(m, trace::MemoryKind::Slab, function);
    return 0;
}

// single_open(): an iterator with one record.
struct SingleOperations {
    struct seq_operations operations;
};

void* single_start(struct seq_file*, loff_t* pos) {
    return *pos == 0 ? SEQ_START_TOKEN : nullptr;
}

void* single_next(struct seq_file*, void*, loff_t* pos) {
    ++*pos;
    return nullptr;
}

void single_stop(struct seq_file*, void*) {}

void append(struct seq_file* m, const char* data, size_t length) {
    if (m->count + length < m->size) {
        std::memcpy(m->buf + m->count, data, length);
        m->count += length;
    } else {
        m->count = m->size;
    }
}

void append_format(struct seq_file* m, const char* format, va_list arguments) {
    if (m->count >= m->size) return;
    const int length = kloom_vsnprintf(m->buf + m->count, m->size - m->count, format, arguments);
    m->count = m->count + static_cast<size_t>(length) < m->size
                   ? m->count + static_cast<size_t>(length)
                   : m->size;
}

void append_number(struct seq_file* m, const char* delimiter, const char* format, unsigned width,
                   unsigned long long number) {
    char text[kLineMax];
    std::snprintf(text, sizeof text, format, static_cast<int>(width), number);
    if (delimiter != nullptr) append(m, delimiter, std::strlen(delimiter));
    append(m, text, std::strlen(text));
}

}  // namespace

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

// ---- operations of the file ---------------------------------------------------------------------

int seq_open(struct file* file, const struct seq_operations* op) {
    KLOOM_API();
    return new_seq_file(file, op, "seq_open") != nullptr ? 0 : -ENOMEM;
}

ssize_t seq_read(struct file* file, char* buf, size_t size, loff_t* ppos) {
    KLOOM_API();
    auto* m = static_cast<struct seq_file*>(file->private_data);
    note_object(m, sizeof *m, "seq_read");
    if (size == 0) return 0;
    mutex_lock(&m->lock);
    ssize_t result = 0;
    if (*ppos == 0) {
        m->index = 0;
        m->count = 0;
    }
    if (*ppos != m->read_pos) {
        result = traverse(m, *ppos);
        m->read_pos = result == 0 ? *ppos : 0;
        if (result != 0) m->index = 0;
    }
    if (result == 0) result = read_records(m, buf, size);
    if (result > 0) {
        *ppos += result;
        m->read_pos += result;
    }
    mutex_unlock(&m->lock);
    return result;
}

ssize_t seq_read_iter(struct kiocb* iocb, struct iov_iter* iter) {
    KLOOM_API();
    auto* buffer = static_cast<char*>(iter->kloom_buffer) + iter->iov_offset;
    const ssize_t result = seq_read(iocb->ki_filp, buffer, iter->count, &iocb->ki_pos);
    if (result > 0) iov_iter_advance(iter, static_cast<size_t>(result));
    return result;
}

loff_t seq_lseek(struct file* file, loff_t offset, int whence) {
    KLOOM_API();
    auto* m = static_cast<struct seq_file*>(file->private_data);
    note_object(m, sizeof *m, "seq_lseek");
    mutex_lock(&m->lock);
    loff_t result = -EINVAL;
    if (whence == SEEK_CUR) offset += file->f_pos;
    if ((whence == SEEK_SET || whence == SEEK_CUR) && offset >= 0) {
        result = offset;
        if (offset != m->read_pos) {
            const long error = traverse(m, offset);
            m->read_pos = error == 0 ? offset : 0;
            file->f_pos = m->read_pos;
            if (error != 0) result = error;
        } else {
            file->f_pos = offset;
        }
    }
    mutex_unlock(&m->lock);
    return result;
}

int seq_release(struct inode*, struct file* file) {
    KLOOM_API();
    return release_seq_file(file, "seq_release");
}

int single_open(struct file* file, int (*show)(struct seq_file*, void*), void* data) {
    KLOOM_API();
    struct seq_file* m = new_seq_file(file, nullptr, "single_open");
    if (m == nullptr) return -ENOMEM;
    auto* single = lend_object<SingleOperations>("single_open");
    single->operations = {
        .start = single_start, .stop = single_stop, .next = single_next, .show = show};
    m->op = &single->operations;
    m->kloom_private = data;
    return 0;
}

int single_open_size(struct file* file, int (*show)(struct seq_file*, void*), void* data,
                     size_t size) {
    KLOOM_API();
    const int error = single_open(file, show, data);
    if (error != 0) return error;
    return make_buffer(static_cast<struct seq_file*>(file->private_data), size) ? 0 : -ENOMEM;
}

int single_release(struct inode*, struct file* file) {
    KLOOM_API();
    auto* m = static_cast<struct seq_file*>(file->private_data);
    note_object(m, sizeof *m, "single_release");
    const struct seq_operations* operations = m->op;
    release_seq_file(file, "single_release");
    take_back(operations);
    return 0;
}

void* __seq_open_private(struct file* file, const struct seq_operations* ops, int psize) {
    KLOOM_API();
    void* data = lend(static_cast<size_t>(psize), "seq_open_private");
    struct seq_file* m = new_seq_file(file, ops, "seq_open_private");
    if (m == nullptr) return nullptr;
    m->kloom_private = data;
    return data;
}

int seq_open_private(struct file* file, const struct seq_operations* ops, int psize) {
    KLOOM_API();
    return __seq_open_private(file, ops, psize) != nullptr ? 0 : -ENOMEM;
}

int seq_release_private(struct inode*, struct file* file) {
    KLOOM_API();
    auto* m = static_cast<struct seq_file*>(file->private_data);
    take_back(m->kloom_private);
    return release_seq_file(file, "seq_release_private");
}

// ---- output of a record -------------------------------------------------------------------------

void seq_vprintf(struct seq_file* m, const char* fmt, va_list args) {
    KLOOM_API();
    append_format(m, fmt, args);
}

void seq_printf(struct seq_file* m, const char* fmt, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, fmt);
    append_format(m, fmt, arguments);
    va_end(arguments);
}

void seq_putc(struct seq_file* m, char c) {
    KLOOM_API();
    if (m->count < m->size) m->buf[m->count++] = c;
}

void seq_puts(struct seq_file* m, const char* s) {
    KLOOM_API();
    append(m, s, module_strlen(s));
}

int seq_write(struct seq_file* seq, const void* data, size_t len) {
    KLOOM_API();
    note_read(data, len);
    append(seq, static_cast<const char*>(data), len);
    return seq->count < seq->size ? 0 : -1;
}

void seq_put_decimal_ull(struct seq_file* m, const char* delimiter, unsigned long long num) {
    KLOOM_API();
    append_number(m, delimiter, "%*llu", 0, num);
}

void seq_put_decimal_ull_width(struct seq_file* m, const char* delimiter, unsigned long long num,
                               unsigned width) {
    KLOOM_API();
    append_number(m, delimiter, "%*llu", width, num);
}

void seq_put_decimal_ll(struct seq_file* m, const char* delimiter, long long num) {
    KLOOM_API();
    append_number(m, delimiter, "%*lld", 0, static_cast<unsigned long long>(num));
}

void seq_put_hex_ll(struct seq_file* m, const char* delimiter, unsigned long long v,
                    unsigned width) {
    KLOOM_API();
    append_number(m, delimiter, "%0*llx", width, v);
}

void seq_pad(struct seq_file* m, char c) {
    KLOOM_API();
    while (m->count < m->pad_until && m->count < m->size) m->buf[m->count++] = ' ';
    if (c != '\0' && m->count < m->size) m->buf[m->count++] = c;
}

void seq_escape(struct seq_file* m, const char* s, const char* esc) {
    KLOOM_API();
    module_strlen(s);
    module_strlen(esc);
    for (; *s != '\0'; ++s) {
        if (std::strchr(esc, *s) == nullptr)
            append(m, s, 1);
        else
            append_number(m, "\\", "%0*llo", 3, static_cast<unsigned char>(*s));
    }
}

void seq_hex_dump(struct seq_file* m, const char* prefix_str, int prefix_type, int rowsize,
                  int groupsize, const void* buf, size_t len, bool ascii) {
    KLOOM_API();
    const auto row = static_cast<size_t>(rowsize == 32 ? 32 : 16);
    for (size_t offset = 0; offset < len && m->count < m->size; offset += row) {
        char line[kLineMax];
        if (prefix_type == DUMP_PREFIX_OFFSET)
            seq_printf(m, "%s%.8x: ", prefix_str, static_cast<unsigned>(offset));
        else if (prefix_type == DUMP_PREFIX_ADDRESS)
            seq_printf(m, "%s%p: ", prefix_str, static_cast<const char*>(buf) + offset);
        else
            seq_puts(m, prefix_str);
        hex_dump_to_buffer(static_cast<const char*>(buf) + offset, std::min(len - offset, row),
                           static_cast<int>(row), groupsize, line, sizeof line, ascii);
        append(m, line, std::strlen(line));
        seq_putc(m, '\n');
    }
}

}  // extern "C"
