// Entries of /proc that modules create.
//
// An open file of /proc keeps its entry alive, but not the module: removing the entry waits for
// calls that are under way, then calls release() for the files that are still open, and every later
// call on them fails with -EIO.
#include <cstring>

#include "kernel/fs/files.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/sysfs.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uio.h>

// Which operations an entry has is one of: struct proc_ops, struct file_operations (before
// Linux 5.6), a seq_file's iterator, a single show function, or nothing (a directory).
struct proc_dir_entry {
    kloom::kernel::Node* node;
    const struct proc_ops* ops;
    const struct file_operations* fops;
    const struct seq_operations* seq_ops;
    unsigned state_size;
    int (*single_show)(struct seq_file*, void*);
    void* data;
};

namespace kloom::kernel {

namespace {

constexpr size_t kNameMax = 255;  // of one component of a path

struct proc_dir_entry* entry_of(const Node& node) {
    return static_cast<struct proc_dir_entry*>(node.object);
}
Node& node_of(const struct file* file) {
    return *kernel().vfs->files().node_of(file);
}

// ---- the two ways to give operations ------------------------------------------------------------

template <class NewMember, class OldMember>
auto pick(const struct proc_dir_entry& entry, NewMember new_member, OldMember old_member) {
    if (entry.ops != nullptr) {
        note_object(entry.ops, sizeof *entry.ops, "proc entry");
        return entry.ops->*new_member;
    }
    if (entry.fops != nullptr) {
        note_object(entry.fops, sizeof *entry.fops, "proc entry");
        return entry.fops->*old_member;
    }
    return decltype(entry.ops->*new_member)(nullptr);
}

int open_seq(const struct proc_dir_entry& entry, struct file* file) {
    if (entry.single_show != nullptr) return single_open(file, entry.single_show, entry.data);
    if (entry.state_size > 0)
        return seq_open_private(file, entry.seq_ops, static_cast<int>(entry.state_size));
    return seq_open(file, entry.seq_ops);
}

bool is_seq(const struct proc_dir_entry& entry) {
    return entry.seq_ops != nullptr || entry.single_show != nullptr;
}

int release_seq(const struct proc_dir_entry& entry, struct inode* inode, struct file* file) {
    if (entry.single_show != nullptr) return single_release(inode, file);
    return entry.state_size > 0 ? seq_release_private(inode, file) : seq_release(inode, file);
}

// ---- operations of every file in /proc ----------------------------------------------------------

int proc_open(struct inode* inode, struct file* file) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -ENOENT;
    const struct proc_dir_entry& entry = *entry_of(node);
    emit_acquire(&entry);
    int error = 0;
    if (is_seq(entry)) {
        error = open_seq(entry, file);
    } else {
        if (pick(entry, &proc_ops::proc_lseek, &file_operations::llseek) == nullptr &&
            entry.ops != nullptr)
            file->f_mode &= ~FMODE_LSEEK;
        const auto open = pick(entry, &proc_ops::proc_open, &file_operations::open);
        if (open != nullptr) error = call_operation("open", open, inode, file);
    }
    end_use(node);
    return error;
}

ssize_t proc_read(struct file* file, char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -EIO;
    const struct proc_dir_entry& entry = *entry_of(node);
    ssize_t result = -EIO;
    if (is_seq(entry)) {
        result = seq_read(file, buffer, count, position);
    } else if (const auto read = pick(entry, &proc_ops::proc_read, &file_operations::read)) {
        result = call_operation("read", read, file, buffer, count, position);
    } else if (const auto read_iter =
                   pick(entry, &proc_ops::proc_read_iter, &file_operations::read_iter)) {
        struct iov_iter iter = {};
        iter.count = count;
        iter.kloom_buffer = buffer;
        struct kiocb iocb = {};
        iocb.ki_filp = file;
        iocb.ki_pos = *position;
        result = call_operation("read_iter", read_iter, &iocb, &iter);
        *position = iocb.ki_pos;
    }
    end_use(node);
    return result;
}

ssize_t proc_write(struct file* file, const char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -EIO;
    const auto write = pick(*entry_of(node), &proc_ops::proc_write, &file_operations::write);
    const ssize_t result =
        write != nullptr ? call_operation("write", write, file, buffer, count, position) : -EIO;
    end_use(node);
    return result;
}

loff_t proc_seek(struct file* file, loff_t offset, int whence) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -EINVAL;
    const struct proc_dir_entry& entry = *entry_of(node);
    auto seek =
        is_seq(entry) ? seq_lseek : pick(entry, &proc_ops::proc_lseek, &file_operations::llseek);
    if (seek == nullptr) seek = default_llseek;
    const loff_t result = call_operation("llseek", seek, file, offset, whence);
    end_use(node);
    return result;
}

unsigned proc_poll(struct file* file, struct poll_table_struct* table) {
    Node& node = node_of(file);
    if (!begin_use(node)) return DEFAULT_POLLMASK;
    const auto poll = pick(*entry_of(node), &proc_ops::proc_poll, &file_operations::poll);
    const unsigned result =
        poll != nullptr ? call_operation("poll", poll, file, table) : DEFAULT_POLLMASK;
    end_use(node);
    return result;
}

long proc_ioctl(struct file* file, unsigned command, unsigned long argument) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -ENOTTY;
    const auto ioctl =
        pick(*entry_of(node), &proc_ops::proc_ioctl, &file_operations::unlocked_ioctl);
    const long result =
        ioctl != nullptr ? call_operation("ioctl", ioctl, file, command, argument) : -ENOTTY;
    end_use(node);
    return result;
}

int call_release(Node& node, struct inode* inode, struct file* file) {
    const struct proc_dir_entry& entry = *entry_of(node);
    if (is_seq(entry)) return release_seq(entry, inode, file);
    const auto release = pick(entry, &proc_ops::proc_release, &file_operations::release);
    return release != nullptr ? call_operation("release", release, inode, file) : 0;
}

int proc_release(struct inode* inode, struct file* file) {
    Node& node = node_of(file);
    // An entry that is being removed releases its files itself (release_open_files).
    if (!begin_use(node)) return 0;
    const int result = call_release(node, inode, file);
    end_use(node);
    return result;
}

// ---- creating and removing ----------------------------------------------------------------------

// What a module passed as `parent` and `name`: the directory, and the last component of the name.
Node* resolve(struct proc_dir_entry* parent, const char* name, std::string_view& last) {
    Node* directory = kernel().vfs->tree().find("/proc");
    if (parent != nullptr) {
        note_object(parent, sizeof *parent, "proc_create");
        directory = parent->node;
    }
    std::string_view path = name;
    while (true) {
        const size_t slash = path.find('/');
        if (slash == std::string_view::npos) break;
        if (slash > 0) directory = directory->child(path.substr(0, slash));
        path.remove_prefix(slash + 1);
        if (directory == nullptr || !directory->is_directory()) return nullptr;
    }
    last = path;
    return directory;
}

// As fs/proc/generic.c does. Not as its last call: the report names the function that calls.
template <class... Values>
void warn(const char* format, Values... values) {
    kloom_warn("name of a proc_dir_entry", "fs/proc/generic.c", 0, format, values...);
    asm volatile("");
}

struct proc_dir_entry* create(const char* name, NodeKind kind, umode_t mode,
                              struct proc_dir_entry* parent, void* data) {
    emit_might_sleep("proc_create", false);
    module_strlen(name);
    machine().step_global(0);
    std::string_view last;
    Node* directory = resolve(parent, name, last);
    if (directory == nullptr) {
        warn("name '%s'\n", name);
        return nullptr;
    }
    if (last.empty() || last.size() > kNameMax) {
        warn("name len %u\n", static_cast<unsigned>(last.size()));
        return nullptr;
    }
    if (last == "." || last == "..") {
        warn(last == "." ? "name '.'\n" : "name '..'\n");
        return nullptr;
    }
    Node* node = kernel().vfs->tree().add(*directory, last, kind, mode & 0777);
    if (node == nullptr) {
        char path[kPathText];
        const char* full = path_text(*directory, path);
        const bool is_root = directory == kernel().vfs->tree().find("/proc");
        warn("proc_dir_entry '%s/%s' already registered\n", is_root ? full : std::strrchr(full, '/') + 1, last.data());
        return nullptr;
    }
    auto* entry = lend_object<struct proc_dir_entry>("proc_create");
    entry->node = node;
    entry->data = data;
    node->object = entry;
    node->data = data;
    emit_release(entry);
    return entry;
}

umode_t file_mode(umode_t mode) {
    return (mode & 0777) == 0 ? 0444 : mode;
}

// Calls release() for the files of an entry that is gone.
void release_open_files(Node& node) {
    FileTable& files = kernel().vfs->files();
    while (OpenFile* open = files.find_open(node)) {
        struct file* file = open->file;
        open->was_released = true;
        call_release(node, file->f_inode, file);
    }
}

void remove_entry(Node& node) {
    while (!node.children.empty()) remove_entry(*node.children.back());
    remove_and_wait(node, "proc_remove");
    release_open_files(node);
    take_back(node.object);
}

}  // namespace

const struct file_operations kProcFileOperations = {
    .llseek = proc_seek,
    .read = proc_read,
    .write = proc_write,
    .poll = proc_poll,
    .unlocked_ioctl = proc_ioctl,
    .open = proc_open,
    .release = proc_release,
};

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

struct proc_dir_entry* kloom_proc_create(const char* name, umode_t mode,
                                         struct proc_dir_entry* parent, const struct proc_ops* ops,
                                         void* data) {
    KLOOM_API();
    struct proc_dir_entry* entry = create(name, NodeKind::Proc, file_mode(mode), parent, data);
    if (entry != nullptr) entry->ops = ops;
    return entry;
}

struct proc_dir_entry* kloom_proc_create_fops(const char* name, umode_t mode,
                                              struct proc_dir_entry* parent,
                                              const struct file_operations* fops, void* data) {
    KLOOM_API();
    struct proc_dir_entry* entry = create(name, NodeKind::Proc, file_mode(mode), parent, data);
    if (entry != nullptr) entry->fops = fops;
    return entry;
}

struct proc_dir_entry* proc_create_seq_private(const char* name, umode_t mode,
                                               struct proc_dir_entry* parent,
                                               const struct seq_operations* ops,
                                               unsigned state_size, void* data) {
    KLOOM_API();
    struct proc_dir_entry* entry = create(name, NodeKind::Proc, file_mode(mode), parent, data);
    if (entry == nullptr) return nullptr;
    entry->seq_ops = ops;
    entry->state_size = state_size;
    return entry;
}

struct proc_dir_entry* proc_create_single_data(const char* name, umode_t mode,
                                               struct proc_dir_entry* parent,
                                               int (*show)(struct seq_file*, void*), void* data) {
    KLOOM_API();
    struct proc_dir_entry* entry = create(name, NodeKind::Proc, file_mode(mode), parent, data);
    if (entry != nullptr) entry->single_show = show;
    return entry;
}

struct proc_dir_entry* proc_mkdir_data(const char* name, umode_t mode,
                                       struct proc_dir_entry* parent, void* data) {
    KLOOM_API();
    return create(name, NodeKind::Directory, mode != 0 ? mode : umode_t{0555}, parent, data);
}

struct proc_dir_entry* proc_mkdir_mode(const char* name, umode_t mode,
                                       struct proc_dir_entry* parent) {
    KLOOM_API();
    return proc_mkdir_data(name, mode, parent, nullptr);
}

struct proc_dir_entry* proc_mkdir(const char* name, struct proc_dir_entry* parent) {
    KLOOM_API();
    return proc_mkdir_data(name, 0, parent, nullptr);
}

struct proc_dir_entry* proc_symlink(const char* name, struct proc_dir_entry* parent,
                                    const char* dest) {
    KLOOM_API();
    module_strlen(dest);
    struct proc_dir_entry* entry = create(name, NodeKind::Symlink, 0777, parent, nullptr);
    if (entry != nullptr) entry->node->text = dest;
    return entry;
}

void proc_set_size(struct proc_dir_entry* entry, loff_t size) {
    KLOOM_API();
    note_object(entry, sizeof *entry, "proc_set_size");
    inode_of(*entry->node)->i_size = size;
}

void proc_set_user(struct proc_dir_entry* entry, kuid_t uid, kgid_t gid) {
    KLOOM_API();
    note_object(entry, sizeof *entry, "proc_set_user");
    inode_of(*entry->node)->i_uid = uid;
    inode_of(*entry->node)->i_gid = gid;
}

void proc_remove(struct proc_dir_entry* entry) {
    if (entry == nullptr) return;
    KLOOM_API();
    emit_might_sleep("proc_remove", false);
    note_object(entry, sizeof *entry, "proc_remove");
    machine().step_global(0);
    remove_entry(*entry->node);
}

void remove_proc_entry(const char* name, struct proc_dir_entry* parent) {
    KLOOM_API();
    emit_might_sleep("remove_proc_entry", false);
    module_strlen(name);
    machine().step_global(0);
    std::string_view last;
    Node* directory = resolve(parent, name, last);
    Node* node = directory != nullptr ? directory->child(last) : nullptr;
    if (node == nullptr || node->is_builtin) {
        warn("name '%s'\n", name);
        return;
    }
    if (!node->children.empty()) {
        char path[kPathText];
        warn("remove_proc_entry: removing non-empty directory '%s', leaking at least one entry\n",
             path_text(*node, path) + 1);
    }
    remove_entry(*node);
}

int remove_proc_subtree(const char* name, struct proc_dir_entry* parent) {
    KLOOM_API();
    emit_might_sleep("remove_proc_subtree", false);
    module_strlen(name);
    machine().step_global(0);
    std::string_view last;
    Node* directory = resolve(parent, name, last);
    Node* node = directory != nullptr ? directory->child(last) : nullptr;
    if (node == nullptr || node->is_builtin) return -ENOENT;
    remove_entry(*node);
    return 0;
}

void* pde_data(const struct inode* inode) {
    KLOOM_API();
    note_object(inode, sizeof *inode, "pde_data");
    return inode->i_private;
}

void* proc_get_parent_data(const struct inode* inode) {
    KLOOM_API();
    NodeTree& tree = kernel().vfs->tree();
    for (size_t index = 0; index < tree.size(); ++index)
        if (tree.at(index).inode == inode) return tree.at(index).parent->data;
    return nullptr;
}

}  // extern "C"
