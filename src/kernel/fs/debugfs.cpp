// debugfs: a dentry is the handle of an entry. Calls of the module's operations are counted, as in
// /proc, so that removal can wait.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "kernel/fs/files.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/sysfs.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/poll.h>

namespace kloom::kernel {

namespace {

constexpr size_t kNumberText = 32;

Node& node_of(const struct file* file) {
    return *kernel().vfs->files().node_of(file);
}

// The module's operations of an entry.
const struct file_operations* operations_of(const Node& node) {
    const auto* operations = static_cast<const struct file_operations*>(node.object);
    note_object(operations, sizeof *operations, "debugfs access");
    return operations;
}

// ---- operations of every file that a module made with its own -----------------------------------

int debugfs_open(struct inode* inode, struct file* file) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -ENOENT;
    emit_acquire(&node.data);
    const struct file_operations* operations = fops_get(operations_of(node));
    int error = operations == nullptr ? -ENXIO : 0;
    if (error == 0 && operations->open != nullptr)
        error = call_operation("open", operations->open, inode, file);
    if (error != 0) fops_put(operations);
    end_use(node);
    return error;
}

ssize_t debugfs_read(struct file* file, char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -EIO;
    const auto read = operations_of(node)->read;
    const ssize_t result =
        read != nullptr ? call_operation("read", read, file, buffer, count, position) : -EINVAL;
    end_use(node);
    return result;
}

ssize_t debugfs_write(struct file* file, const char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -EIO;
    const auto write = operations_of(node)->write;
    const ssize_t result =
        write != nullptr ? call_operation("write", write, file, buffer, count, position) : -EINVAL;
    end_use(node);
    return result;
}

loff_t debugfs_seek(struct file* file, loff_t offset, int whence) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -EIO;
    const auto seek = operations_of(node)->llseek;
    const loff_t result =
        seek != nullptr ? call_operation("llseek", seek, file, offset, whence) : -ESPIPE;
    end_use(node);
    return result;
}

unsigned debugfs_poll(struct file* file, struct poll_table_struct* table) {
    Node& node = node_of(file);
    if (!begin_use(node)) return EPOLLHUP;
    const auto poll = operations_of(node)->poll;
    const unsigned result =
        poll != nullptr ? call_operation("poll", poll, file, table) : DEFAULT_POLLMASK;
    end_use(node);
    return result;
}

long debugfs_ioctl(struct file* file, unsigned command, unsigned long argument) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -EIO;
    const auto ioctl = operations_of(node)->unlocked_ioctl;
    const long result =
        ioctl != nullptr ? call_operation("ioctl", ioctl, file, command, argument) : -ENOTTY;
    end_use(node);
    return result;
}

int debugfs_release(struct inode* inode, struct file* file) {
    const struct file_operations* operations = operations_of(node_of(file));
    const int result = operations->release != nullptr
                           ? call_operation("release", operations->release, inode, file)
                           : 0;
    fops_put(operations);
    return result;
}

// ---- files that show one variable ---------------------------------------------------------------

uint64_t load(const void* variable, size_t size) {
    uint64_t value = 0;
    note_read(variable, size);
    std::memcpy(&value, variable, size);
    return value;
}

void store(void* variable, size_t size, uint64_t value) {
    note_write(variable, size);
    std::memcpy(variable, &value, size);
}

enum class Notation : uint8_t { Unsigned, Signed, Hexadecimal };

// Of the mode that the file was made with.
bool is_readable(const struct file* file) { return (node_of(file).mode & 0444) != 0; }
bool is_writable(const struct file* file) { return (node_of(file).mode & 0222) != 0; }

template <size_t kSize, Notation kNotation>
ssize_t read_variable(struct file* file, char* buffer, size_t count, loff_t* position) {
    if (!is_readable(file)) return -EACCES;
    char text[kNumberText];
    const auto value = static_cast<unsigned long long>(load(file->f_inode->i_private, kSize));
    int length = 0;
    if (kNotation == Notation::Hexadecimal)
        length = std::snprintf(text, sizeof text, "0x%0*llx\n", static_cast<int>(2 * kSize), value);
    else if (kNotation == Notation::Signed)
        length = std::snprintf(text, sizeof text, "%d\n", static_cast<int>(value));
    else
        length = std::snprintf(text, sizeof text, "%llu\n", value);
    if (*position >= length || count == 0) return 0;
    const size_t size = std::min(count, static_cast<size_t>(length - *position));
    if (copy_out(buffer, text + *position, size, "copy_to_user") != 0) return -EFAULT;
    *position += static_cast<loff_t>(size);
    return static_cast<ssize_t>(size);
}

// As in Linux, a number that is too great for the variable is cut to its size.
template <size_t kSize, Notation kNotation>
ssize_t write_variable(struct file* file, const char* buffer, size_t count, loff_t*) {
    if (!is_writable(file)) return -EACCES;
    char text[kNumberText];
    const size_t size = std::min(count, sizeof text - 1);
    if (copy_in(text, buffer, size, "copy_from_user") != 0) return -EFAULT;
    text[size] = '\0';
    unsigned long long value = 0;
    long long signed_value = 0;
    const bool is_signed = kNotation == Notation::Signed;
    const int error = is_signed ? kstrtoll(text, 0, &signed_value) : kstrtoull(text, 0, &value);
    if (error != 0) return error;
    store(file->f_inode->i_private, kSize, is_signed ? static_cast<unsigned long long>(signed_value) : value);
    return static_cast<ssize_t>(count);
}

template <size_t kSize, Notation kNotation>
const struct file_operations kVariableOperations = {
    .llseek = noop_llseek,
    .read = read_variable<kSize, kNotation>,
    .write = write_variable<kSize, kNotation>,
    .open = simple_open,
};

ssize_t read_bool(struct file* file, char* buffer, size_t count, loff_t* position) {
    if (!is_readable(file)) return -EINVAL;
    const char text[] = {load(file->f_inode->i_private, 1) != 0 ? 'Y' : 'N', '\n'};
    if (*position >= static_cast<loff_t>(sizeof text) || count == 0) return 0;
    const size_t size = std::min(count, sizeof text - static_cast<size_t>(*position));
    if (copy_out(buffer, text + *position, size, "copy_to_user") != 0) return -EFAULT;
    *position += static_cast<loff_t>(size);
    return static_cast<ssize_t>(size);
}

// As in Linux, a text that is no truth value changes nothing, and nobody is told.
ssize_t write_bool(struct file* file, const char* buffer, size_t count, loff_t*) {
    if (!is_writable(file)) return -EINVAL;
    bool value = false;
    if (kstrtobool_from_user(buffer, count, &value) == 0) store(file->f_inode->i_private, 1, value ? 1 : 0);
    return static_cast<ssize_t>(count);
}

ssize_t read_blob(struct file* file, char* buffer, size_t count, loff_t* position) {
    const auto* blob = static_cast<const struct debugfs_blob_wrapper*>(file->f_inode->i_private);
    note_read(blob, sizeof *blob);
    return simple_read_from_buffer(buffer, count, position, blob->data, blob->size);
}

// The numbers of an array as text, made when the file is opened.
struct ArrayText {
    size_t size;
    char text[];
};

int open_array(struct inode* inode, struct file* file) {
    constexpr size_t kNumberTextMax = 11;
    const auto* array = static_cast<const struct debugfs_u32_array*>(inode->i_private);
    note_read(array, sizeof *array);
    const size_t room = array->n_elements * kNumberTextMax + 1;
    auto* text = static_cast<ArrayText*>(lend(sizeof(ArrayText) + room, "u32_array_open"));
    for (u32 index = 0; index < array->n_elements; ++index) {
        note_read(array->array + index, sizeof(u32));
        text->size += static_cast<size_t>(std::snprintf(text->text + text->size, room - text->size, "%u%c", array->array[index],
                                                        index + 1 < array->n_elements ? ' ' : '\n'));
    }
    file->private_data = text;
    return 0;
}

ssize_t read_array(struct file* file, char* buffer, size_t count, loff_t* position) {
    const auto* text = static_cast<const ArrayText*>(file->private_data);
    return simple_read_from_buffer(buffer, count, position, text->text, text->size);
}

int release_array(struct inode*, struct file* file) {
    take_back(file->private_data);
    return 0;
}

const struct file_operations kArrayOperations = {
    .llseek = no_llseek,
    .read = read_array,
    .open = open_array,
    .release = release_array,
};

const struct file_operations kBoolOperations = {
    .llseek = default_llseek,
    .read = read_bool,
    .write = write_bool,
    .open = simple_open,
};

const struct file_operations kBlobOperations = {
    .llseek = default_llseek,
    .read = read_blob,
    .open = simple_open,
};

// ---- creating -----------------------------------------------------------------------------------

struct dentry* fail(long error) {
    return static_cast<struct dentry*>(ERR_PTR(error));
}

// The directory that a module named; null after a misuse.
Node* directory_of(struct dentry* parent) {
    NodeTree& tree = kernel().vfs->tree();
    if (parent == nullptr) return tree.find("/sys/kernel/debug");
    note_object(parent, sizeof *parent, "debugfs");
    auto* node = static_cast<Node*>(parent->d_fsdata);
    return tree.contains(node) && node->is_directory() && !node->is_removed ? node : nullptr;
}

struct NewEntry {
    const char* name;
    NodeKind kind;
    uint16_t mode;
    struct dentry* parent;
    void* data;
    const void* operations;
};

struct dentry* create(const NewEntry& entry) {
    emit_might_sleep("debugfs_create", false);
    if (IS_ERR(entry.parent)) return entry.parent;
    if (IS_ERR_OR_NULL(entry.name)) {
        WARN_ON(true);
        return fail(-EINVAL);
    }
    module_strlen(entry.name);
    machine().step_global(0);
    Node* directory = directory_of(entry.parent);
    if (directory == nullptr) return fail(-ENOENT);
    Node* node = kernel().vfs->tree().add(*directory, entry.name, entry.kind, entry.mode & 0777);
    if (node == nullptr) {
        char where[kPathText];
        const char* last = std::strrchr(path_text(*directory, where), '/') + 1;
        log_message("\0013debugfs: %s '%s' with parent '%s' already present!\n",
                    entry.kind == NodeKind::Directory ? "Directory" : "File", entry.name,
                    std::strcmp(last, "debug") == 0 ? "/" : last);
        return fail(-EEXIST);
    }
    node->data = entry.data;
    node->object = const_cast<void*>(entry.operations);
    emit_release(&node->data);
    return dentry_of(*node);
}

struct dentry* create_variable(const char* name, umode_t mode, struct dentry* parent, void* value,
                               const struct file_operations& operations) {
    return create({name, NodeKind::Debugfs, mode, parent, value, &operations});
}

void free_dentries(Node& node) {
    for (Node* child : node.children) free_dentries(*child);
    if (node.dentry != nullptr) take_back(node.dentry);
    node.dentry = nullptr;
}

bool has_open_file(const Node& node) {
    return std::ranges::any_of(kernel().vfs->files().all(),
                               [&node](const OpenFile& open) { return open.node == &node; });
}

// The dentry goes with the entry, unless an open file still holds it.
void remove_entry(Node& node) {
    while (!node.children.empty()) remove_entry(*node.children.back());
    remove_and_wait(node, "debugfs_remove");
    if (!has_open_file(node)) free_dentries(node);
}

}  // namespace

const struct file_operations kDebugfsFileOperations = {
    .llseek = debugfs_seek,
    .read = debugfs_read,
    .write = debugfs_write,
    .poll = debugfs_poll,
    .unlocked_ioctl = debugfs_ioctl,
    .open = debugfs_open,
    .release = debugfs_release,
};

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

struct dentry* debugfs_create_file(const char* name, umode_t mode, struct dentry* parent,
                                   void* data, const struct file_operations* fops) {
    KLOOM_API();
    return create({name, NodeKind::Debugfs, mode, parent, data, fops});
}

struct dentry* debugfs_create_file_unsafe(const char* name, umode_t mode, struct dentry* parent,
                                          void* data, const struct file_operations* fops) {
    KLOOM_API();
    return debugfs_create_file(name, mode, parent, data, fops);
}

void debugfs_create_file_size(const char* name, umode_t mode, struct dentry* parent, void* data,
                              const struct file_operations* fops, loff_t file_size) {
    KLOOM_API();
    struct dentry* dentry = debugfs_create_file(name, mode, parent, data, fops);
    if (!IS_ERR(dentry)) dentry->d_inode->i_size = file_size;
}

struct dentry* debugfs_create_dir(const char* name, struct dentry* parent) {
    KLOOM_API();
    return create({name, NodeKind::Directory, 0755, parent, nullptr, nullptr});
}

struct dentry* debugfs_create_symlink(const char* name, struct dentry* parent, const char* dest) {
    KLOOM_API();
    module_strlen(dest);
    struct dentry* dentry = create({name, NodeKind::Symlink, 0777, parent, nullptr, nullptr});
    if (!IS_ERR(dentry)) static_cast<Node*>(dentry->d_fsdata)->text = dest;
    return dentry;
}

struct dentry* debugfs_lookup(const char* name, struct dentry* parent) {
    KLOOM_API();
    module_strlen(name);
    machine().step_global(0);
    if (IS_ERR(parent)) return nullptr;
    Node* directory = directory_of(parent);
    Node* node = directory != nullptr ? directory->child(name) : nullptr;
    return node != nullptr ? dentry_of(*node) : nullptr;
}

struct dentry* debugfs_rename(struct dentry*, struct dentry* old_dentry, struct dentry* new_dir,
                              const char* new_name) {
    KLOOM_API();
    if (IS_ERR_OR_NULL(old_dentry) || IS_ERR(new_dir)) return fail(-EINVAL);
    machine().step_global(0);
    Node* directory = directory_of(new_dir);
    if (directory == nullptr || directory->child(new_name) != nullptr) return fail(-EEXIST);
    auto* node = static_cast<Node*>(old_dentry->d_fsdata);
    kernel().vfs->tree().rename(*node, *directory, new_name);
    std::snprintf(reinterpret_cast<char*>(old_dentry->d_iname), sizeof old_dentry->d_iname, "%s",
                  new_name);
    old_dentry->d_name.len = static_cast<u32>(node->name.size());
    return old_dentry;
}

void debugfs_remove(struct dentry* dentry) {
    if (IS_ERR_OR_NULL(dentry)) return;
    KLOOM_API();
    emit_might_sleep("debugfs_remove", false);
    note_object(dentry, sizeof *dentry, "debugfs_remove");
    machine().step_global(0);
    auto* node = static_cast<Node*>(dentry->d_fsdata);
    if (kernel().vfs->tree().contains(node) && !node->is_builtin) remove_entry(*node);
}

void debugfs_lookup_and_remove(const char* name, struct dentry* parent) {
    KLOOM_API();
    debugfs_remove(debugfs_lookup(name, parent));
}

bool debugfs_initialized() {
    return true;
}

// One function for each kind of variable.
#define KLOOM_DEBUGFS_VARIABLE(name, type, notation)                                            \
    struct dentry* debugfs_create_##name(const char* text, umode_t mode, struct dentry* parent, \
                                         type* value) {                                         \
        KLOOM_API();                                                                            \
        return create_variable(text, mode, parent, value,                                       \
                               kVariableOperations<sizeof(type), Notation::notation>);          \
    }
KLOOM_DEBUGFS_VARIABLE(u8, u8, Unsigned)
KLOOM_DEBUGFS_VARIABLE(u16, u16, Unsigned)
KLOOM_DEBUGFS_VARIABLE(u32, u32, Unsigned)
KLOOM_DEBUGFS_VARIABLE(u64, u64, Unsigned)
KLOOM_DEBUGFS_VARIABLE(ulong, unsigned long, Unsigned)
KLOOM_DEBUGFS_VARIABLE(size_t, size_t, Unsigned)
KLOOM_DEBUGFS_VARIABLE(atomic_t, atomic_t, Signed)
KLOOM_DEBUGFS_VARIABLE(x8, u8, Hexadecimal)
KLOOM_DEBUGFS_VARIABLE(x16, u16, Hexadecimal)
KLOOM_DEBUGFS_VARIABLE(x32, u32, Hexadecimal)
KLOOM_DEBUGFS_VARIABLE(x64, u64, Hexadecimal)
#undef KLOOM_DEBUGFS_VARIABLE

struct dentry* debugfs_create_bool(const char* name, umode_t mode, struct dentry* parent,
                                   bool* value) {
    KLOOM_API();
    return create_variable(name, mode, parent, value, kBoolOperations);
}

struct dentry* debugfs_create_blob(const char* name, umode_t mode, struct dentry* parent,
                                   struct debugfs_blob_wrapper* blob) {
    KLOOM_API();
    return create_variable(name, mode & 0444, parent, blob, kBlobOperations);
}

void debugfs_create_u32_array(const char* name, umode_t mode, struct dentry* parent,
                              struct debugfs_u32_array* array) {
    KLOOM_API();
    create_variable(name, mode & 0444, parent, array, kArrayOperations);
}

}  // extern "C"
