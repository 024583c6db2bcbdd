// Ready-made file operations and helpers for drivers: seeking, copying to and from buffers, files
// that hold one number, and files that the kernel opens itself.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/module_access.hpp"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

namespace kloom::kernel {

namespace {

constexpr loff_t kPositionMax = 0x7fffffffffffffff;
constexpr size_t kAttributeText = 24;  // one number in text, as in simple_attr

// A file that holds one number: what simple_attr_open() keeps in private_data.
struct SimpleAttribute {
    int (*get)(void*, u64*);
    int (*set)(void*, u64);
    char get_text[kAttributeText];
    void* data;
    const char* format;
};

// Sets the position if it is allowed; returns it or -EINVAL.
loff_t set_position(struct file* file, loff_t offset, loff_t maximum) {
    if (offset < 0 || offset > maximum) return -EINVAL;
    file->f_pos = offset;
    return offset;
}

// `end` is negative for a file that has none.
loff_t seek_plainly(struct file* file, loff_t offset, int whence, loff_t end, loff_t maximum) {
    if (whence == SEEK_SET) return set_position(file, offset, maximum);
    if (whence == SEEK_CUR) return offset == 0 ? file->f_pos : set_position(file, file->f_pos + offset, maximum);
    return whence == SEEK_END && end >= 0 ? set_position(file, end + offset, maximum) : -EINVAL;
}

// Data lies everywhere up to the end, where the only hole begins. As in Linux, what is no known way to seek sets the position;
// lseek(2) lets no such through.
loff_t seek_in_data(struct file* file, loff_t offset, int whence) {
    const loff_t end = file->f_inode->i_size;
    if (whence == SEEK_CUR || whence == SEEK_END) return seek_plainly(file, offset, whence, end, kPositionMax);
    const bool is_search = whence == SEEK_DATA || whence == SEEK_HOLE;
    if (is_search && (offset < 0 || offset >= end)) return -ENXIO;
    return set_position(file, whence == SEEK_HOLE ? end : offset, kPositionMax);
}

ssize_t write_attribute(struct file* file, const char* buf, size_t len, bool is_signed) {
    auto* attribute = static_cast<SimpleAttribute*>(file->private_data);
    if (attribute->set == nullptr) return -EACCES;
    char text[kAttributeText];
    const size_t size = std::min(len, sizeof text - 1);
    if (kloom_copy_from_user(text, buf, size, "copy_from_user") != 0) return -EFAULT;
    text[size] = '\0';
    long long signed_value = 0;
    unsigned long long value = 0;
    int error = is_signed ? kstrtoll(text, 0, &signed_value) : kstrtoull(text, 0, &value);
    if (error != 0) return error;
    if (is_signed) value = static_cast<unsigned long long>(signed_value);
    error = call_operation("set", attribute->set, attribute->data, static_cast<u64>(value));
    return error == 0 ? static_cast<ssize_t>(len) : error;
}

}  // namespace

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

loff_t noop_llseek(struct file* file, loff_t, int) {
    return file->f_pos;
}

loff_t no_llseek(struct file*, loff_t, int) {
    return -ESPIPE;
}

loff_t default_llseek(struct file* file, loff_t offset, int whence) {
    return seek_in_data(file, offset, whence);
}

loff_t generic_file_llseek(struct file* file, loff_t offset, int whence) {
    return seek_in_data(file, offset, whence);
}

loff_t fixed_size_llseek(struct file* file, loff_t offset, int whence, loff_t size) {
    return seek_plainly(file, offset, whence, size, size);
}

loff_t no_seek_end_llseek(struct file* file, loff_t offset, int whence) {
    return seek_plainly(file, offset, whence, -1, kPositionMax);
}

loff_t no_seek_end_llseek_size(struct file* file, loff_t offset, int whence, loff_t size) {
    return seek_plainly(file, offset, whence, -1, size);
}

int nonseekable_open(struct inode*, struct file* filp) {
    filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
    return 0;
}

int stream_open(struct inode*, struct file* filp) {
    filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
    filp->f_mode |= FMODE_STREAM;
    return 0;
}

int simple_open(struct inode* inode, struct file* file) {
    if (inode->i_private != nullptr) file->private_data = inode->i_private;
    return 0;
}

ssize_t simple_read_from_buffer(void* to, size_t count, loff_t* ppos, const void* from,
                                size_t available) {
    KLOOM_API();
    const loff_t position = *ppos;
    if (position < 0) return -EINVAL;
    if (static_cast<size_t>(position) >= available || count == 0) return 0;
    count = std::min(count, available - static_cast<size_t>(position));
    const size_t left = kloom_copy_to_user(to, static_cast<const char*>(from) + position, count,
                                           "simple_read_from_buffer");
    if (left == count) return -EFAULT;
    *ppos = position + static_cast<loff_t>(count - left);
    return static_cast<ssize_t>(count - left);
}

ssize_t simple_write_to_buffer(void* to, size_t available, loff_t* ppos, const void* from,
                               size_t count) {
    KLOOM_API();
    const loff_t position = *ppos;
    if (position < 0) return -EINVAL;
    if (static_cast<size_t>(position) >= available || count == 0) return 0;
    count = std::min(count, available - static_cast<size_t>(position));
    const size_t left = kloom_copy_from_user(static_cast<char*>(to) + position, from, count,
                                             "simple_write_to_buffer");
    if (left == count) return -EFAULT;
    *ppos = position + static_cast<loff_t>(count - left);
    return static_cast<ssize_t>(count - left);
}

ssize_t memory_read_from_buffer(void* to, size_t count, loff_t* ppos, const void* from,
                                size_t available) {
    KLOOM_API();
    const loff_t position = *ppos;
    if (position < 0) return -EINVAL;
    if (static_cast<size_t>(position) >= available) return 0;
    count = std::min(count, available - static_cast<size_t>(position));
    note_read(static_cast<const char*>(from) + position, count);
    note_write(to, count);
    std::memcpy(to, static_cast<const char*>(from) + position, count);
    *ppos = position + static_cast<loff_t>(count);
    return static_cast<ssize_t>(count);
}

// ---- files that hold one number -----------------------------------------------------------------

int simple_attr_open(struct inode* inode, struct file* file, int (*get)(void*, u64*),
                     int (*set)(void*, u64), const char* fmt) {
    KLOOM_API();
    auto* attribute = lend_object<SimpleAttribute>("simple_attr_open");
    attribute->get = get;
    attribute->set = set;
    attribute->data = inode->i_private;
    attribute->format = fmt;
    file->private_data = attribute;
    return nonseekable_open(inode, file);
}

int simple_attr_release(struct inode*, struct file* file) {
    KLOOM_API();
    take_back(file->private_data);
    return 0;
}

ssize_t simple_attr_read(struct file* file, char* buf, size_t len, loff_t* ppos) {
    KLOOM_API();
    auto* attribute = static_cast<SimpleAttribute*>(file->private_data);
    if (attribute->get == nullptr) return -EACCES;
    if (*ppos == 0) {
        u64 value = 0;
        const int error = call_operation("get", attribute->get, attribute->data, &value);
        if (error != 0) return error;
        kloom_snprintf(attribute->get_text, sizeof attribute->get_text, attribute->format,
                       static_cast<unsigned long long>(value));
    }
    return simple_read_from_buffer(buf, len, ppos, attribute->get_text,
                                   std::strlen(attribute->get_text));
}

ssize_t simple_attr_write(struct file* file, const char* buf, size_t len, loff_t*) {
    KLOOM_API();
    return write_attribute(file, buf, len, false);
}

ssize_t simple_attr_write_signed(struct file* file, const char* buf, size_t len, loff_t*) {
    KLOOM_API();
    return write_attribute(file, buf, len, true);
}

// ---- files that the kernel opens ----------------------------------------------------------------

struct file* filp_open(const char* filename, int flags, umode_t mode) {
    KLOOM_API();
    emit_might_sleep("filp_open", false);
    module_strlen(filename);
    machine().step_global(0);
    return kernel().vfs->files().open(filename, flags, mode);
}

int filp_close(struct file* filp, fl_owner_t) {
    KLOOM_API();
    note_object(filp, sizeof *filp, "filp_close");
    machine().step_global(0);
    return static_cast<int>(kernel().vfs->files().close(filp));
}

void fput(struct file* file) {
    KLOOM_API();
    machine().step_global(0);
    kernel().vfs->files().put(file);
}

ssize_t kernel_read(struct file* file, void* buf, size_t count, loff_t* pos) {
    KLOOM_API();
    emit_might_sleep("kernel_read", false);
    machine().step_global(0);
    return kernel().vfs->files().read_kernel(file, buf, count, pos);
}

ssize_t kernel_write(struct file* file, const void* buf, size_t count, loff_t* pos) {
    KLOOM_API();
    emit_might_sleep("kernel_write", false);
    machine().step_global(0);
    return kernel().vfs->files().write_kernel(file, buf, count, pos);
}

loff_t vfs_llseek(struct file* file, loff_t offset, int whence) {
    KLOOM_API();
    return kernel().vfs->files().seek(file, offset, whence);
}

int vfs_fsync(struct file* file, int datasync) {
    KLOOM_API();
    emit_might_sleep("vfs_fsync", false);
    if (file->f_op->fsync == nullptr) return -EINVAL;
    return call_operation("fsync", file->f_op->fsync, file, loff_t{0}, kPositionMax, datasync);
}

struct timespec64 current_time(struct inode*) {
    KLOOM_API();
    struct timespec64 now;
    ktime_get_real_ts64(&now);
    return now;
}

char* dentry_path_raw(const struct dentry* dentry, char* buf, int buflen) {
    KLOOM_API();
    const auto* node = static_cast<const Node*>(dentry->d_fsdata);
    if (!kernel().vfs->tree().contains(node)) return static_cast<char*>(ERR_PTR(-EINVAL));
    const std::string path = node->path();
    if (path.size() + 1 > static_cast<size_t>(buflen))
        return static_cast<char*>(ERR_PTR(-ENAMETOOLONG));
    char* begin = buf + buflen - path.size() - 1;
    std::memcpy(begin, path.c_str(), path.size() + 1);
    return begin;
}

char* d_path(const struct path* path, char* buf, int buflen) {
    return dentry_path_raw(path->dentry, buf, buflen);
}

char* file_path(struct file* filp, char* buf, int blen) {
    return d_path(&filp->f_path, buf, blen);
}

int kern_path(const char* name, unsigned, struct path* path) {
    KLOOM_API();
    emit_might_sleep("kern_path", false);
    module_strlen(name);
    machine().step_global(0);
    Node* node = kernel().vfs->find(name);
    if (node == nullptr) return -ENOENT;
    path->mnt = nullptr;
    path->dentry = dentry_of(*node);
    return 0;
}

void path_get(const struct path* path) {
    note_object(path->dentry, sizeof *path->dentry, "path_get");
}

void path_put(const struct path* path) {
    note_object(path->dentry, sizeof *path->dentry, "path_put");
}

// ---- buffers of read_iter() and write_iter() ----------------------------------------------------

size_t copy_to_iter(const void* addr, size_t bytes, struct iov_iter* i) {
    KLOOM_API();
    bytes = std::min(bytes, i->count);
    char* to = static_cast<char*>(i->kloom_buffer) + i->iov_offset;
    size_t copied = bytes;
    if (i->iter_type == ITER_UBUF) {
        copied -= kloom_copy_to_user(to, addr, bytes, "copy_to_iter");
    } else {
        note_read(addr, bytes);
        note_write(to, bytes);
        std::memcpy(to, addr, bytes);
    }
    iov_iter_advance(i, copied);
    return copied;
}

size_t copy_from_iter(void* addr, size_t bytes, struct iov_iter* i) {
    KLOOM_API();
    bytes = std::min(bytes, i->count);
    const char* from = static_cast<const char*>(i->kloom_buffer) + i->iov_offset;
    size_t copied = bytes;
    if (i->iter_type == ITER_UBUF) {
        copied -= kloom_copy_from_user(addr, from, bytes, "copy_from_iter");
    } else {
        note_read(from, bytes);
        note_write(addr, bytes);
        std::memcpy(addr, from, bytes);
    }
    iov_iter_advance(i, copied);
    return copied;
}

size_t iov_iter_zero(size_t bytes, struct iov_iter* i) {
    KLOOM_API();
    bytes = std::min(bytes, i->count);
    char* to = static_cast<char*>(i->kloom_buffer) + i->iov_offset;
    size_t cleared = bytes;
    if (i->iter_type == ITER_UBUF) {
        cleared -= clear_user(to, bytes);
    } else {
        note_write(to, bytes);
        std::memset(to, 0, bytes);
    }
    iov_iter_advance(i, cleared);
    return cleared;
}

void iov_iter_advance(struct iov_iter* i, size_t bytes) {
    bytes = std::min(bytes, i->count);
    i->iov_offset += bytes;
    i->count -= bytes;
}

void iov_iter_revert(struct iov_iter* i, size_t bytes) {
    bytes = std::min(bytes, i->iov_offset);
    i->iov_offset -= bytes;
    i->count += bytes;
}

}  // extern "C"
