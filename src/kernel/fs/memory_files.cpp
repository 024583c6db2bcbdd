// Files of the machine itself: ordinary files in /tmp, and files whose content is generated when
// they are read.
#include <algorithm>
#include <cstring>
#include <string>

#include "kernel/fs/files.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

namespace kloom::kernel {

namespace {

constexpr size_t kFileBytesMax = size_t{16} << 20;  // of one file in /tmp
constexpr size_t kStoreBytesMax = 4096;             // written at once to a file of the machine

// What a generated file said when it was last read from its beginning.
struct Snapshot {
    size_t size;
    char text[];
};

Node& node_of(const struct file* file) {
    return *kernel().vfs->files().node_of(file);
}

// As copy_to_iter() and copy_from_iter(), for content that is not memory of the machine.
size_t content_to_iter(const char* from, size_t count, struct iov_iter* iter) {
    char* to = static_cast<char*>(iter->kloom_buffer) + iter->iov_offset;
    size_t left = 0;
    if (iter->iter_type == ITER_UBUF) {
        left = copy_out(to, from, count, "copy_to_user");
    } else {
        note_write(to, count);
        std::memcpy(to, from, count);
    }
    iov_iter_advance(iter, count - left);
    return count - left;
}

size_t iter_to_content(char* to, size_t count, struct iov_iter* iter) {
    const char* from = static_cast<const char*>(iter->kloom_buffer) + iter->iov_offset;
    size_t left = 0;
    if (iter->iter_type == ITER_UBUF) {
        left = copy_in(to, from, count, "copy_from_user");
    } else {
        note_read(from, count);
        std::memcpy(to, from, count);
    }
    iov_iter_advance(iter, count - left);
    return count - left;
}

ssize_t memory_read(struct kiocb* iocb, struct iov_iter* iter) {
    const Node& node = node_of(iocb->ki_filp);
    if (node.is_directory()) return -EISDIR;
    const auto position = static_cast<size_t>(iocb->ki_pos);
    if (position >= node.text.size()) return 0;
    const size_t count = std::min(iter->count, node.text.size() - position);
    const size_t copied = content_to_iter(node.text.data() + position, count, iter);
    iocb->ki_pos += static_cast<loff_t>(copied);
    return copied == 0 && iter->count > 0 ? -EFAULT : static_cast<ssize_t>(copied);
}

ssize_t memory_write(struct kiocb* iocb, struct iov_iter* iter) {
    Node& node = node_of(iocb->ki_filp);
    const bool appends = (iocb->ki_filp->f_flags & O_APPEND) != 0;
    const size_t position = appends ? node.text.size() : static_cast<size_t>(iocb->ki_pos);
    const size_t count = iter->count;
    if (position + count > kFileBytesMax) return -EFBIG;
    if (node.text.size() < position + count) node.text.resize(position + count);
    const size_t copied = iter_to_content(node.text.data() + position, count, iter);
    iocb->ki_pos = static_cast<loff_t>(position + copied);
    if (node.inode != nullptr) node.inode->i_size = static_cast<loff_t>(node.text.size());
    return copied == 0 && count > 0 ? -EFAULT : static_cast<ssize_t>(copied);
}

loff_t memory_seek(struct file* file, loff_t offset, int whence) {
    return fixed_size_llseek(file, offset, whence, static_cast<loff_t>(node_of(file).text.size()));
}

// The files of sysfs refuse even root what their mode does not allow.
int generated_open(struct inode*, struct file* file) {
    const Node& node = node_of(file);
    if (!node.path().starts_with("/sys/")) return 0;
    const bool may_write = (node.mode & 0222) != 0 && node.store != nullptr;
    const bool may_read = (node.mode & 0444) != 0;
    const bool is_refused = ((file->f_mode & FMODE_WRITE) != 0 && !may_write) || ((file->f_mode & FMODE_READ) != 0 && !may_read);
    return is_refused ? -EACCES : 0;
}

// Puts what the file says now into a snapshot. 0 or a negative error number.
int take_snapshot(struct file* file) {
    const Node& node = node_of(file);
    if (node.generate == nullptr) return -EIO;
    std::string text;
    if (const int error = node.generate(node, text)) return error;
    if (file->private_data != nullptr) take_back(file->private_data);
    auto* snapshot = static_cast<Snapshot*>(lend(sizeof(Snapshot) + text.size() + 1, "seq_read"));
    snapshot->size = text.size();
    std::memcpy(snapshot->text, text.data(), text.size());
    file->private_data = snapshot;
    return 0;
}

ssize_t generated_read(struct file* file, char* buffer, size_t count, loff_t* position) {
    if (*position == 0 || file->private_data == nullptr)
        if (const int error = take_snapshot(file)) return error;
    const auto* snapshot = static_cast<const Snapshot*>(file->private_data);
    return simple_read_from_buffer(buffer, count, position, snapshot->text, snapshot->size);
}

ssize_t generated_write(struct file* file, const char* buffer, size_t count, loff_t*) {
    const Node& node = node_of(file);
    if (node.store == nullptr) return -EIO;
    char text[kStoreBytesMax];
    const size_t size = std::min(count, sizeof text);
    if (copy_in(text, buffer, size, "copy_from_user") != 0) return -EFAULT;
    const int error = node.store(node, {text, size});
    return error < 0 ? error : static_cast<ssize_t>(size);
}

// A file of sysfs that was not read yet has news.
__poll_t generated_poll(struct file* file, struct poll_table_struct*) {
    const bool has_news = file->private_data == nullptr && node_of(file).path().starts_with("/sys/");
    return has_news ? DEFAULT_POLLMASK | EPOLLERR | EPOLLPRI : DEFAULT_POLLMASK;
}

int generated_release(struct inode*, struct file* file) {
    if (file->private_data != nullptr) take_back(file->private_data);
    return 0;
}

// ---- /dev/null, /dev/zero, /dev/full, /dev/urandom, /dev/kmsg, /dev/console ---------------------

ssize_t read_nothing(struct file*, char*, size_t, loff_t*) {
    return 0;
}
ssize_t write_anything(struct file*, const char*, size_t count, loff_t*) {
    return static_cast<ssize_t>(count);
}
ssize_t write_full(struct file*, const char*, size_t, loff_t*) {
    return -ENOSPC;
}

ssize_t read_zeroes(struct file*, char* buffer, size_t count, loff_t*) {
    const size_t left = clear_user(buffer, count);
    return left == count && count > 0 ? -EFAULT : static_cast<ssize_t>(count - left);
}

ssize_t read_random(struct file*, char* buffer, size_t count, loff_t*) {
    count = std::min(count, kStoreBytesMax);
    char bytes[kStoreBytesMax];
    get_random_bytes(bytes, static_cast<int>(count));
    return copy_out(buffer, bytes, count, "copy_to_user") != 0 ? -EFAULT
                                                               : static_cast<ssize_t>(count);
}

ssize_t write_log(struct file*, const char* buffer, size_t count, loff_t*) {
    char text[kStoreBytesMax];
    const size_t size = std::min(count, sizeof text - 1);
    if (copy_in(text, buffer, size, "copy_from_user") != 0) return -EFAULT;
    text[size] = '\0';
    log_message("\0014%s%s", text, size > 0 && text[size - 1] == '\n' ? "" : "\n");
    return static_cast<ssize_t>(count);
}

struct SystemDevice {
    uint32_t device;
    struct file_operations operations;
};

const SystemDevice kSystemDevices[] = {
    {MKDEV(1, 3), {.llseek = noop_llseek, .read = read_nothing, .write = write_anything}},
    {MKDEV(1, 5), {.llseek = noop_llseek, .read = read_zeroes, .write = write_anything}},
    {MKDEV(1, 7), {.llseek = noop_llseek, .read = read_zeroes, .write = write_full}},
    {MKDEV(1, 8), {.llseek = noop_llseek, .read = read_random, .write = write_anything}},
    {MKDEV(1, 9), {.llseek = noop_llseek, .read = read_random, .write = write_anything}},
    {MKDEV(1, 11), {.llseek = noop_llseek, .read = read_nothing, .write = write_log}},
    {MKDEV(5, 0), {.read = read_nothing, .write = write_anything}},
    {MKDEV(5, 1), {.read = read_nothing, .write = write_log}},
};

}  // namespace

int open_system_device(struct inode* inode, struct file* file) {
    for (const SystemDevice& device : kSystemDevices) {
        if (device.device != inode->i_rdev) continue;
        file->f_op = &device.operations;
        return 0;
    }
    return -ENXIO;
}

const struct file_operations kMemoryFileOperations = {
    .llseek = memory_seek,
    .read_iter = memory_read,
    .write_iter = memory_write,
};

const struct file_operations kGeneratedFileOperations = {
    .llseek = default_llseek,
    .read = generated_read,
    .write = generated_write,
    .poll = generated_poll,
    .open = generated_open,
    .release = generated_release,
};

}  // namespace kloom::kernel
