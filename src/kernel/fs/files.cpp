#include "kernel/fs/files.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/module_access.hpp"

#include <linux/cdev.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/module.h>
#include <linux/stat.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

namespace kloom::kernel {

namespace {

constexpr size_t kReadWriteMax = 0x7ffff000;  // MAX_RW_COUNT
constexpr unsigned kFibmap = 1;
constexpr unsigned kFigetbsz = 2;
constexpr unsigned kFionread = 0x541b;
constexpr unsigned kFionbio = 0x5421;
constexpr unsigned kFioasync = 0x5452;
constexpr unsigned kFioclex = 0x5451;
constexpr unsigned kFionclex = 0x5450;
constexpr unsigned kLargeFile =
    0100000;  // O_LARGEFILE, which every open on x86-64 has; the C library says 0
constexpr int kFlagsOfOpenOnly = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC;

uint16_t type_bits(const Node& node) {
    switch (node.kind) {
        case NodeKind::Directory:
            return S_IFDIR;
        case NodeKind::CharDevice:
            return S_IFCHR;
        case NodeKind::Symlink:
            return S_IFLNK;
        default:
            return S_IFREG;
    }
}

const struct file_operations* operations_of(const Node& node) {
    switch (node.kind) {
        case NodeKind::CharDevice:
            return &kDeviceOpenOperations;
        case NodeKind::Proc:
            return &kProcFileOperations;
        case NodeKind::Sysfs:
            return &kSysfsFileOperations;
        case NodeKind::SysfsBinary:
            return &kSysfsBinaryOperations;
        case NodeKind::Debugfs:
            return &kDebugfsFileOperations;
        case NodeKind::Generated:
            return &kGeneratedFileOperations;
        default:
            return &kMemoryFileOperations;
    }
}

// The mode bits that follow from how the file was opened and from what its operations can do.
fmode_t mode_of(int flags, const struct file_operations& operations) {
    fmode_t mode = FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
    const int access = flags & O_ACCMODE;
    if (access != O_WRONLY) mode |= FMODE_READ;
    if (access != O_RDONLY) mode |= FMODE_WRITE;
    if ((mode & FMODE_READ) != 0 && (operations.read != nullptr || operations.read_iter != nullptr))
        mode |= FMODE_CAN_READ;
    if ((mode & FMODE_WRITE) != 0 &&
        (operations.write != nullptr || operations.write_iter != nullptr))
        mode |= FMODE_CAN_WRITE;
    return mode;
}

// What the flags of an open file mean for one read or write.
int iocb_flags(const struct file& file) {
    int flags = 0;
    if ((file.f_flags & O_APPEND) != 0) flags |= IOCB_APPEND;
    if ((file.f_flags & O_DIRECT) != 0) flags |= IOCB_DIRECT;
    if ((file.f_flags & O_DSYNC) != 0) flags |= IOCB_DSYNC;
    if ((file.f_flags & O_SYNC) == O_SYNC) flags |= IOCB_SYNC;
    return flags;
}

int64_t call_iter(struct file* file, ssize_t (*function)(struct kiocb*, struct iov_iter*),
                  struct iov_iter* iter, int64_t* position) {
    struct kiocb iocb = {};
    iocb.ki_filp = file;
    iocb.ki_pos = position != nullptr ? *position : 0;
    iocb.ki_flags = iocb_flags(*file);
    const ssize_t result =
        call_operation(iter->data_source ? "write_iter" : "read_iter", function, &iocb, iter);
    if (result > 0 && position != nullptr) *position = iocb.ki_pos;
    return result;
}

struct iov_iter make_iter(iter_type type, bool is_source, void* buffer, size_t count) {
    struct iov_iter iter = {};
    iter.iter_type = static_cast<u8>(type);
    iter.data_source = is_source;
    iter.count = count;
    iter.kloom_buffer = buffer;
    return iter;
}

bool has_position(const struct file* file) {
    return (file->f_mode & FMODE_STREAM) == 0;
}

// A file in /tmp that is opened for the first time with O_CREAT.
Node* create_memory_file(NodeTree& tree, const char* path, uint16_t mode) {
    std::string_view name;
    Node* parent = tree.find_parent(path, name);
    if (parent == nullptr) return nullptr;
    const bool is_writable = parent->path().starts_with("/tmp") || parent == &tree.root();
    return is_writable ? tree.add(*parent, name, NodeKind::Memory, mode) : nullptr;
}

// Nobody may make files in sysfs; procfs only finds that there is none.
int error_without_file(const char* path, int flags) {
    std::string_view name;
    const bool is_in_sysfs = std::string_view(path).starts_with("/sys/");
    const bool may_be_made = is_in_sysfs && kernel().vfs->tree().find_parent(path, name) != nullptr;
    return may_be_made && (flags & O_CREAT) != 0 ? -EACCES : -ENOENT;
}

}  // namespace

struct inode* inode_of(Node& node) {
    if (node.inode != nullptr) return node.inode;
    auto* inode = lend_object<struct inode>("alloc_inode");
    inode->i_mode = static_cast<umode_t>(type_bits(node) | node.mode);
    inode->i_ino = node.number;
    inode->i_nlink = 1;
    inode->i_rdev = node.device;
    inode->i_size = static_cast<loff_t>(node.text.size());
    inode->i_fop = operations_of(node);
    inode->i_private = node.data;
    inode->i_blkbits = 12;
    atomic_set(&inode->i_count, 1);
    spin_lock_init(&inode->i_lock);
    init_rwsem(&inode->i_rwsem);
    node.inode = inode;
    kernel().vfs->tree().touch(node);
    return inode;
}

// What is a file system of its own in Linux, whose root has no name.
bool is_file_system_root(const Node& node) {
    static constexpr std::string_view kMounts[] = {"/proc", "/sys", "/dev", "/tmp",
                                                   "/sys/kernel/debug"};
    if (node.parent == nullptr) return true;
    return node.is_builtin && std::ranges::find(kMounts, node.path()) != std::end(kMounts);
}

struct dentry* dentry_of(Node& node) {
    if (node.dentry != nullptr) return node.dentry;
    auto* dentry = lend_object<struct dentry>("d_alloc");
    const bool is_root = is_file_system_root(node);
    const std::string_view name = is_root ? "/" : std::string_view(node.name);
    name.copy(reinterpret_cast<char*>(dentry->d_iname), sizeof dentry->d_iname - 1);
    dentry->d_name.name = dentry->d_iname;
    dentry->d_name.len =
        static_cast<u32>(std::strlen(reinterpret_cast<const char*>(dentry->d_iname)));
    dentry->d_fsdata = &node;
    node.dentry = dentry;
    kernel().vfs->tree().touch(node);
    dentry->d_inode = inode_of(node);
    dentry->d_parent = is_root ? dentry : dentry_of(*node.parent);
    return dentry;
}

// ---- opening and closing ------------------------------------------------------------------------

struct file* FileTable::open(const char* path, int flags, uint16_t mode) {
    Node* node = kernel().vfs->find(path);
    if (node == nullptr && (flags & O_CREAT) != 0)
        node = create_memory_file(kernel().vfs->tree(), path, mode);
    if (node == nullptr) return static_cast<struct file*>(ERR_PTR(error_without_file(path, flags)));
    if (node->is_directory() && (flags & O_ACCMODE) != O_RDONLY)
        return static_cast<struct file*>(ERR_PTR(-EISDIR));

    auto* file = lend_object<struct file>("alloc_empty_file");
    files_.push_back({.file = file, .node = node});
    const long error = open_node(file, *node, flags);
    if (error == 0) return file;
    std::erase_if(files_, [file](const OpenFile& open) { return open.file == file; });
    take_back(file);
    return static_cast<struct file*>(ERR_PTR(error));
}

long FileTable::open_node(struct file* file, Node& node, int flags) {
    file->f_inode = inode_of(node);
    file->f_path.dentry = dentry_of(node);
    file->f_op = file->f_inode->i_fop;
    file->f_flags = static_cast<unsigned>(flags & ~kFlagsOfOpenOnly) | kLargeFile;
    file->f_mode = mode_of(flags, *file->f_op);
    file->f_cred = current_cred();
    atomic_long_set(&file->f_count, 1);
    spin_lock_init(&file->f_lock);
    mutex_init(&file->f_pos_lock);
    rwlock_init(&file->f_owner.lock);
    if (node.kind == NodeKind::Memory && (flags & O_TRUNC) != 0) node.text.clear();

    const long error = file->f_op->open != nullptr
                           ? call_operation("open", file->f_op->open, file->f_inode, file)
                           : 0;
    if (error != 0) return error;
    find(file)->is_open = true;
    // A device's own operations have taken the place of the ones that found them.
    const fmode_t abilities = mode_of(flags, *file->f_op) & (FMODE_CAN_READ | FMODE_CAN_WRITE);
    file->f_mode = (file->f_mode & ~(FMODE_CAN_READ | FMODE_CAN_WRITE)) | abilities;
    if (file->f_op->llseek == nullptr) file->f_mode &= ~FMODE_LSEEK;
    return 0;
}

long FileTable::close(struct file* file) {
    const OpenFile* open = find(file);
    if (open == nullptr) return -EBADF;
    const bool was_released = open->was_released;
    const long result =
        file->f_op->flush != nullptr && !was_released
            ? call_operation("flush", file->f_op->flush, file, static_cast<fl_owner_t>(nullptr))
            : 0;
    put(file);
    return result;
}

void FileTable::put(struct file* file) {
    note_object(file, sizeof *file, "fput");
    if (atomic_long_dec_and_test(&file->f_count)) release(file);
}

void FileTable::release(struct file* file) {
    const OpenFile* open = find(file);
    if (open == nullptr) return;
    Node& node = *open->node;
    if (!open->was_released) {
        if ((file->f_flags & FASYNC) != 0 && file->f_op->fasync != nullptr)
            call_operation("fasync", file->f_op->fasync, -1, file, 0);
        if (file->f_op->release != nullptr)
            call_operation("release", file->f_op->release, file->f_inode, file);
    }
    if (node.kind == NodeKind::CharDevice && file->f_inode->i_cdev != nullptr)
        cdev_put(file->f_inode->i_cdev);
    fops_put(file->f_op);
    std::erase_if(files_, [file](const OpenFile& each) { return each.file == file; });
    take_back(file);
}

// ---- reading and writing ------------------------------------------------------------------------

int64_t FileTable::read(struct file* file, void* buffer, size_t count, int64_t* position) {
    if ((file->f_mode & FMODE_READ) == 0) return -EBADF;
    if ((file->f_mode & FMODE_CAN_READ) == 0) return -EINVAL;
    if (!kloom_access_ok(buffer, count)) return -EFAULT;
    count = std::min(count, kReadWriteMax);
    loff_t where = position != nullptr ? *position : 0;
    int64_t result;
    if (file->f_op->read != nullptr) {
        result = call_operation("read", file->f_op->read, file, static_cast<char*>(buffer), count,
                                position != nullptr ? &where : nullptr);
        if (position != nullptr) *position = where;
    } else {
        struct iov_iter iter = make_iter(ITER_UBUF, false, buffer, count);
        result = call_iter(file, file->f_op->read_iter, &iter, position);
    }
    return result;
}

int64_t FileTable::write(struct file* file, const void* buffer, size_t count, int64_t* position) {
    if ((file->f_mode & FMODE_WRITE) == 0) return -EBADF;
    if ((file->f_mode & FMODE_CAN_WRITE) == 0) return -EINVAL;
    if (!kloom_access_ok(buffer, count)) return -EFAULT;
    count = std::min(count, kReadWriteMax);
    loff_t where = position != nullptr ? *position : 0;
    int64_t result;
    if (file->f_op->write != nullptr) {
        result = call_operation("write", file->f_op->write, file, static_cast<const char*>(buffer),
                                count, position != nullptr ? &where : nullptr);
        if (position != nullptr) *position = where;
    } else {
        struct iov_iter iter = make_iter(ITER_UBUF, true, const_cast<void*>(buffer), count);
        result = call_iter(file, file->f_op->write_iter, &iter, position);
    }
    return result;
}

int64_t FileTable::read_next(struct file* file, void* buffer, size_t count) {
    if (!has_position(file)) return read(file, buffer, count, nullptr);
    int64_t position = file->f_pos;
    const int64_t result = read(file, buffer, count, &position);
    if (result >= 0) file->f_pos = position;
    return result;
}

int64_t FileTable::write_next(struct file* file, const void* buffer, size_t count) {
    if (!has_position(file)) return write(file, buffer, count, nullptr);
    int64_t position = file->f_pos;
    const int64_t result = write(file, buffer, count, &position);
    if (result >= 0) file->f_pos = position;
    return result;
}

int64_t FileTable::read_kernel(struct file* file, void* buffer, size_t count, int64_t* position) {
    if ((file->f_mode & FMODE_READ) == 0) return -EBADF;
    if (file->f_op->read_iter == nullptr) return -EINVAL;
    struct iov_iter iter = make_iter(ITER_KVEC, false, buffer, std::min(count, kReadWriteMax));
    return call_iter(file, file->f_op->read_iter, &iter, position);
}

int64_t FileTable::write_kernel(struct file* file, const void* buffer, size_t count,
                                int64_t* position) {
    if ((file->f_mode & FMODE_WRITE) == 0) return -EBADF;
    if (file->f_op->write_iter == nullptr) return -EINVAL;
    struct iov_iter iter =
        make_iter(ITER_KVEC, true, const_cast<void*>(buffer), std::min(count, kReadWriteMax));
    return call_iter(file, file->f_op->write_iter, &iter, position);
}

int64_t FileTable::seek(struct file* file, int64_t offset, int whence) {
    if ((file->f_mode & FMODE_LSEEK) == 0 || file->f_op->llseek == nullptr) return -ESPIPE;
    return call_operation("llseek", file->f_op->llseek, file, static_cast<loff_t>(offset), whence);
}

namespace {

long put_int(unsigned long argument, int value) {
    return kloom_put_user(&value, reinterpret_cast<void*>(argument), sizeof value, "put_user") != 0 ? -EFAULT : 0;
}

// The block size of the file system in which the file lies.
int block_size_of(const Node& node) {
    return node.path().starts_with("/proc/") ? 1024 : 4096;
}

// Commands that no driver sees, whatever it makes of their numbers.
std::optional<long> common_ioctl(struct file* file, const Node& node, unsigned command, unsigned long argument) {
    const bool is_regular = S_ISREG(file->f_inode->i_mode);
    switch (command) {
        case kFioclex:
        case kFionclex:
            return 0;
        case kFigetbsz:
            return put_int(argument, block_size_of(node));
        case kFibmap: {
            if (!is_regular) return std::nullopt;
            int block = 0;
            const bool is_bad = kloom_get_user(&block, reinterpret_cast<void*>(argument), sizeof block, "get_user") != 0;
            return is_bad ? -EFAULT : -EINVAL;
        }
        case kFionread:
            if (!is_regular) return std::nullopt;
            return put_int(argument, static_cast<int>(file->f_inode->i_size - file->f_pos));
        default:
            return std::nullopt;
    }
}

}  // namespace

long FileTable::ioctl(struct file* file, unsigned command, unsigned long argument) {
    if (const auto result = common_ioctl(file, *find(file)->node, command, argument)) return *result;
    switch (command) {
        case kFionbio:
        case kFioasync: {
            int is_on = 0;
            if (kloom_get_user(&is_on, reinterpret_cast<void*>(argument), sizeof is_on,
                               "get_user") != 0)
                return -EFAULT;
            if (command == kFioasync) return set_fasync(file, is_on != 0);
            file->f_flags = is_on != 0 ? file->f_flags | O_NONBLOCK
                                       : file->f_flags & ~static_cast<unsigned>(O_NONBLOCK);
            return 0;
        }
        default:
            break;
    }
    if (file->f_op->unlocked_ioctl == nullptr) return -ENOTTY;
    const long result =
        call_operation("ioctl", file->f_op->unlocked_ioctl, file, command, argument);
    return result == -ENOIOCTLCMD ? -ENOTTY : result;
}

Node* FileTable::node_of(const struct file* file) const {
    for (const OpenFile& open : files_)
        if (open.file == file) return open.node;
    return nullptr;
}

OpenFile* FileTable::find(const struct file* file) {
    for (OpenFile& open : files_)
        if (open.file == file) return &open;
    return nullptr;
}

OpenFile* FileTable::find_open(const Node& node) {
    for (OpenFile& open : files_)
        if (open.node == &node && open.is_open && !open.was_released) return &open;
    return nullptr;
}

// ---- use of the module's functions --------------------------------------------------------------

bool begin_use(Node& node) {
    if (node.is_removed) return false;
    if (node.users++ == 0) kernel().vfs->tree().touch(node);
    return true;
}

void end_use(Node& node) {
    if (!node.is_removed) {
        emit_release(&node);
        --node.users;
        return;
    }
    machine().step_global(0);
    emit_release(&node);
    if (--node.users == 0 && node.remover != nullptr) machine().wake(*node.remover);
}

void wait_until_unused(Node& node, const char* function) {
    if (node.users > 0) emit_might_sleep(function, true);
    while (node.users > 0) {
        node.remover = &machine().current_task();
        machine().sleep(function, node.object);
        machine().step_global(0);
    }
    node.remover = nullptr;
    emit_acquire(&node);
}

}  // namespace kloom::kernel
