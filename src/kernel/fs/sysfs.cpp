// Attributes of kobjects as files: reading one calls its show() with a page, writing one calls its
// store() with the text.
#include "kernel/fs/sysfs.hpp"

#include <algorithm>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "kernel/fs/files.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/poll.h>
#include <linux/sprintf.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

namespace kloom::kernel {

namespace {

constexpr size_t kPage = 4096;
constexpr unsigned kNeverRead = UINT_MAX;  // instead of a number of notifications: poll tells to read the file

// An open attribute: what show() said, and how many notifications had come when it did.
struct OpenAttribute {
    char* page;
    size_t size;
    unsigned events;
};

// Those who poll an attribute; made for the first of them.
struct AttributeEvents {
    wait_queue_head_t queue;
    unsigned count;
};

Node& node_of(const struct file* file) {
    return *kernel().vfs->files().node_of(file);
}
struct kobject* kobject_of(const Node& node) {
    return static_cast<struct kobject*>(node.owner);
}

const struct sysfs_ops* operations_of(struct kobject* kobj) {
    note_object(kobj, sizeof *kobj, "sysfs access");
    return kobj->ktype != nullptr ? kobj->ktype->sysfs_ops : nullptr;
}

int open_attribute(struct inode*, struct file* file) {
    Node& node = node_of(file);
    if (!begin_use(node)) return -ENODEV;
    emit_acquire(node.object);
    const struct sysfs_ops* operations = operations_of(kobject_of(node));
    end_use(node);
    if (operations == nullptr) return -EACCES;
    const bool may_write = (node.mode & 0222) != 0 && operations->store != nullptr;
    const bool may_read = (node.mode & 0444) != 0 && operations->show != nullptr;
    if ((file->f_mode & FMODE_WRITE) != 0 && !may_write) return -EACCES;
    if ((file->f_mode & FMODE_READ) != 0 && !may_read) return -EACCES;
    auto* open = lend_object<OpenAttribute>("kernfs_fop_open");
    open->events = kNeverRead;
    file->private_data = open;
    return 0;
}

int release_attribute(struct inode*, struct file* file) {
    auto* open = static_cast<OpenAttribute*>(file->private_data);
    if (open->page != nullptr) take_back(open->page);
    take_back(open);
    return 0;
}

unsigned events_of(const Node& node) {
    return node.data != nullptr ? static_cast<const AttributeEvents*>(node.data)->count : 0;
}

// Calls show() into the page of this open file.
ssize_t fill(Node& node, OpenAttribute& open) {
    if (open.page == nullptr) open.page = static_cast<char*>(lend(kPage, "sysfs show"));
    std::memset(open.page, 0, kPage);
    open.events = events_of(node);
    auto* attribute = static_cast<struct attribute*>(node.object);
    const struct sysfs_ops* operations = operations_of(kobject_of(node));
    note_object(attribute, sizeof *attribute, "sysfs show");
    ssize_t count =
        call_operation("show", operations->show, kobject_of(node), attribute, open.page);
    if (count < 0) return count;
    if (static_cast<size_t>(count) >= kPage) {
        log_message("\0014fill_read_buffer: %pS returned bad count\n",
                    reinterpret_cast<void*>(operations->show));
        count = kPage - 1;
    }
    open.size = static_cast<size_t>(count);
    return count;
}

ssize_t read_attribute(struct file* file, char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    auto* open = static_cast<OpenAttribute*>(file->private_data);
    if (*position == 0 || open->page == nullptr) {
        if (!begin_use(node)) return -ENODEV;
        const ssize_t filled = fill(node, *open);
        end_use(node);
        if (filled < 0) return filled;
    } else if (static_cast<size_t>(*position) >= open->size) {
        if (!begin_use(node)) return -ENODEV;
        end_use(node);
    }
    return simple_read_from_buffer(buffer, count, position, open->page, open->size);
}

ssize_t write_attribute(struct file* file, const char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    count = std::min(count, kPage);
    auto* text = static_cast<char*>(lend(count + 1, "sysfs store"));
    if (copy_in(text, buffer, count, "copy_from_user") != 0) {
        take_back(text);
        return -EFAULT;
    }
    if (!begin_use(node)) {
        take_back(text);
        return -ENODEV;
    }
    auto* attribute = static_cast<struct attribute*>(node.object);
    const struct sysfs_ops* operations = operations_of(kobject_of(node));
    note_object(attribute, sizeof *attribute, "sysfs store");
    const ssize_t result = call_operation("store", operations->store, kobject_of(node), attribute,
                                          static_cast<const char*>(text), count);
    end_use(node);
    take_back(text);
    if (result > 0) *position += result;
    return result;
}

unsigned poll_attribute(struct file* file, struct poll_table_struct* table) {
    Node& node = node_of(file);
    if (node.data == nullptr) {
        auto* events = lend_object<AttributeEvents>("kernfs_fop_poll");
        init_waitqueue_head(&events->queue);
        node.data = events;
    }
    auto* events = static_cast<AttributeEvents*>(node.data);
    poll_wait(file, &events->queue, table);
    const auto* open = static_cast<const OpenAttribute*>(file->private_data);
    return open->events != events->count ? DEFAULT_POLLMASK | EPOLLERR | EPOLLPRI
                                         : DEFAULT_POLLMASK;
}

// ---- binary attributes --------------------------------------------------------------------------

int open_binary(struct inode*, struct file* file) {
    Node& node = node_of(file);
    auto* attribute = static_cast<struct bin_attribute*>(node.object);
    if (!begin_use(node)) return -ENODEV;
    note_object(attribute, sizeof *attribute, "sysfs open");
    const bool may_write = (node.mode & 0222) != 0 && attribute->write != nullptr;
    const bool may_read = (node.mode & 0444) != 0 && attribute->read != nullptr;
    end_use(node);
    const bool is_refused = ((file->f_mode & FMODE_WRITE) != 0 && !may_write) || ((file->f_mode & FMODE_READ) != 0 && !may_read);
    return is_refused ? -EACCES : 0;
}

ssize_t read_binary(struct file* file, char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    auto* attribute = static_cast<struct bin_attribute*>(node.object);
    if (!begin_use(node)) return -ENODEV;
    emit_acquire(node.object);
    note_object(attribute, sizeof *attribute, "sysfs read");
    count = std::min(count, kPage);
    if (attribute->size != 0) {
        if (static_cast<size_t>(*position) >= attribute->size)
            count = 0;
        else
            count = std::min(count, attribute->size - static_cast<size_t>(*position));
    }
    ssize_t result = attribute->read == nullptr ? -EIO : 0;
    if (result == 0 && count > 0) {
        auto* page = static_cast<char*>(lend(kPage, "sysfs read"));
        result = call_operation("read", attribute->read, file, kobject_of(node), attribute, page,
                                *position, count);
        if (result > 0 && copy_out(buffer, page, static_cast<size_t>(result), "copy_to_user") != 0)
            result = -EFAULT;
        take_back(page);
    }
    end_use(node);
    if (result > 0) *position += result;
    return result;
}

ssize_t write_binary(struct file* file, const char* buffer, size_t count, loff_t* position) {
    Node& node = node_of(file);
    auto* attribute = static_cast<struct bin_attribute*>(node.object);
    if (!begin_use(node)) return -ENODEV;
    note_object(attribute, sizeof *attribute, "sysfs write");
    count = std::min(count, kPage);
    if (attribute->size != 0 && static_cast<size_t>(*position) + count > attribute->size)
        count = static_cast<size_t>(*position) >= attribute->size
                    ? 0
                    : attribute->size - static_cast<size_t>(*position);
    ssize_t result = attribute->write == nullptr ? -EIO : count == 0 ? -ENOSPC : 0;
    if (result == 0) {
        auto* page = static_cast<char*>(lend(count, "sysfs write"));
        result = copy_in(page, buffer, count, "copy_from_user") != 0
                     ? -EFAULT
                     : call_operation("write", attribute->write, file, kobject_of(node), attribute,
                                      page, *position, count);
        take_back(page);
    }
    end_use(node);
    if (result > 0) *position += result;
    return result;
}

// ---- the tree -----------------------------------------------------------------------------------

void report_duplicate(const Node& directory, const char* name) {
    char path[kPathText];
    log_message("\0014sysfs: cannot create duplicate filename '%s/%s'\n",
                path_text(directory, path) + std::strlen("/sys"), name);
}

int add_file(Node& directory, struct kobject* kobj, const struct attribute* attribute,
             NodeKind kind, const void* object, uint16_t mode) {
    NodeTree& tree = kernel().vfs->tree();
    Node* node = tree.add(directory, attribute->name, kind, mode & 0777);
    if (node == nullptr) {
        report_duplicate(directory, attribute->name);
        return -EEXIST;
    }
    node->object = const_cast<void*>(object);
    node->owner = kobj;
    emit_release(object);
    return 0;
}

int create_file(Node& directory, struct kobject* kobj, const struct attribute* attribute,
                uint16_t mode) {
    note_object(attribute, sizeof *attribute, "sysfs_create_file");
    module_strlen(attribute->name);
    return add_file(directory, kobj, attribute, NodeKind::Sysfs, attribute, mode);
}

int create_binary(Node& directory, struct kobject* kobj, const struct bin_attribute* attribute) {
    note_object(attribute, sizeof *attribute, "sysfs_create_bin_file");
    module_strlen(attribute->attr.name);
    return add_file(directory, kobj, &attribute->attr, NodeKind::SysfsBinary, attribute,
                    attribute->attr.mode);
}

void remove_file(Node* directory, const char* name) {
    Node* node = directory != nullptr ? directory->child(name) : nullptr;
    if (node != nullptr) remove_and_wait(*node, "sysfs_remove_file");
}

// The mode of one attribute of a group: what is_visible() says, or the attribute's own.
uint16_t group_mode(struct kobject* kobj, const struct attribute_group* group,
                    struct attribute* attribute, int index) {
    if (group->is_visible == nullptr) return attribute->mode;
    return call_operation("is_visible", group->is_visible, kobj, attribute, index);
}

int fill_group(Node& directory, struct kobject* kobj, const struct attribute_group* group) {
    for (int index = 0; group->attrs != nullptr && group->attrs[index] != nullptr; ++index) {
        const uint16_t mode = group_mode(kobj, group, group->attrs[index], index);
        const int error = mode != 0 ? create_file(directory, kobj, group->attrs[index], mode) : 0;
        if (error != 0) return error;
    }
    for (int index = 0; group->bin_attrs != nullptr && group->bin_attrs[index] != nullptr;
         ++index) {
        const int error = create_binary(directory, kobj, group->bin_attrs[index]);
        if (error != 0) return error;
    }
    return 0;
}

}  // namespace

const struct file_operations kSysfsFileOperations = {
    .llseek = default_llseek,
    .read = read_attribute,
    .write = write_attribute,
    .poll = poll_attribute,
    .open = open_attribute,
    .release = release_attribute,
};

const struct file_operations kSysfsBinaryOperations = {
    .llseek = default_llseek,
    .read = read_binary,
    .write = write_binary,
    .open = open_binary,
};

Node* directory_of(const struct kobject* kobj) {
    if (kobj == nullptr) return nullptr;
    auto* node = reinterpret_cast<Node*>(kobj->sd);
    return kernel().vfs->tree().contains(node) && !node->is_removed ? node : nullptr;
}

int create_directory(struct kobject* kobj) {
    NodeTree& tree = kernel().vfs->tree();
    Node* parent = kobj->parent != nullptr ? directory_of(kobj->parent) : tree.find("/sys");
    if (parent == nullptr) return -ENOENT;
    Node* node = tree.add(*parent, kobj->name, NodeKind::Directory, 0755);
    if (node == nullptr) {
        report_duplicate(*parent, kobj->name);
        return -EEXIST;
    }
    node->owner = kobj;
    kobj->sd = reinterpret_cast<struct kernfs_node*>(node);
    const struct kobj_type* type = kobj->ktype;
    if (type == nullptr) return 0;
    int error = 0;
    for (int index = 0;
         error == 0 && type->default_attrs != nullptr && type->default_attrs[index] != nullptr;
         ++index)
        error =
            create_file(*node, kobj, type->default_attrs[index], type->default_attrs[index]->mode);
    if (error == 0 && type->default_groups != nullptr)
        error = sysfs_create_groups(kobj, type->default_groups);
    if (error != 0) remove_directory(kobj);
    return error;
}

void remove_directory(struct kobject* kobj) {
    Node* node = directory_of(kobj);
    kobj->sd = nullptr;
    if (node != nullptr) remove_and_wait(*node, "kobject_del");
}

void remove_and_wait(Node& node, const char* function) {
    while (!node.children.empty()) remove_and_wait(*node.children.back(), function);
    kernel().vfs->tree().remove(node);
    wait_until_unused(node, function);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

int sysfs_create_file(struct kobject* kobj, const struct attribute* attr) {
    KLOOM_API();
    emit_might_sleep("sysfs_create_file", false);
    machine().step_global(0);
    Node* directory = directory_of(kobj);
    if (directory == nullptr || attr == nullptr) {
        WARN_ON(true);
        return -EINVAL;
    }
    return create_file(*directory, kobj, attr, attr->mode);
}

int sysfs_create_files(struct kobject* kobj, const struct attribute* const* attr) {
    KLOOM_API();
    for (int index = 0; attr[index] != nullptr; ++index) {
        const int error = sysfs_create_file(kobj, attr[index]);
        if (error == 0) continue;
        while (--index >= 0) sysfs_remove_file(kobj, attr[index]);
        return error;
    }
    return 0;
}

void sysfs_remove_file(struct kobject* kobj, const struct attribute* attr) {
    KLOOM_API();
    emit_might_sleep("sysfs_remove_file", false);
    module_strlen(attr->name);
    machine().step_global(0);
    remove_file(directory_of(kobj), attr->name);
}

void sysfs_remove_files(struct kobject* kobj, const struct attribute* const* attr) {
    KLOOM_API();
    for (int index = 0; attr[index] != nullptr; ++index) sysfs_remove_file(kobj, attr[index]);
}

bool sysfs_remove_file_self(struct kobject* kobj, const struct attribute* attr) {
    KLOOM_API();
    machine().step_global(0);
    Node* directory = directory_of(kobj);
    Node* node = directory != nullptr ? directory->child(attr->name) : nullptr;
    if (node == nullptr) return false;
    // The caller is one of the users: it does not wait for itself.
    kernel().vfs->tree().remove(*node);
    return true;
}

int sysfs_chmod_file(struct kobject* kobj, const struct attribute* attr, umode_t mode) {
    KLOOM_API();
    machine().step_global(0);
    Node* directory = directory_of(kobj);
    Node* node = directory != nullptr ? directory->child(attr->name) : nullptr;
    if (node == nullptr) return -ENOENT;
    node->mode = mode & 0777;
    return 0;
}

int sysfs_create_bin_file(struct kobject* kobj, const struct bin_attribute* attr) {
    KLOOM_API();
    emit_might_sleep("sysfs_create_bin_file", false);
    machine().step_global(0);
    Node* directory = directory_of(kobj);
    if (directory == nullptr || attr == nullptr) {
        WARN_ON(true);
        return -EINVAL;
    }
    return create_binary(*directory, kobj, attr);
}

void sysfs_remove_bin_file(struct kobject* kobj, const struct bin_attribute* attr) {
    KLOOM_API();
    machine().step_global(0);
    remove_file(directory_of(kobj), attr->attr.name);
}

int sysfs_create_group(struct kobject* kobj, const struct attribute_group* grp) {
    KLOOM_API();
    emit_might_sleep("sysfs_create_group", false);
    note_object(grp, sizeof *grp, "sysfs_create_group");
    machine().step_global(0);
    Node* directory = directory_of(kobj);
    if (directory == nullptr) {
        WARN_ON(true);
        return -EINVAL;
    }
    if (grp->name != nullptr)
        directory = kernel().vfs->tree().add(*directory, grp->name, NodeKind::Directory, 0755);
    if (directory == nullptr) return -EEXIST;
    const int error = fill_group(*directory, kobj, grp);
    if (error != 0) sysfs_remove_group(kobj, grp);
    return error;
}

int sysfs_create_groups(struct kobject* kobj, const struct attribute_group** groups) {
    KLOOM_API();
    for (int index = 0; groups != nullptr && groups[index] != nullptr; ++index) {
        const int error = sysfs_create_group(kobj, groups[index]);
        if (error == 0) continue;
        while (--index >= 0) sysfs_remove_group(kobj, groups[index]);
        return error;
    }
    return 0;
}

void sysfs_remove_group(struct kobject* kobj, const struct attribute_group* grp) {
    KLOOM_API();
    emit_might_sleep("sysfs_remove_group", false);
    note_object(grp, sizeof *grp, "sysfs_remove_group");
    machine().step_global(0);
    Node* directory = directory_of(kobj);
    if (directory == nullptr) return;
    if (grp->name != nullptr) {
        remove_file(directory, grp->name);
        return;
    }
    for (int index = 0; grp->attrs != nullptr && grp->attrs[index] != nullptr; ++index)
        remove_file(directory, grp->attrs[index]->name);
    for (int index = 0; grp->bin_attrs != nullptr && grp->bin_attrs[index] != nullptr; ++index)
        remove_file(directory, grp->bin_attrs[index]->attr.name);
}

void sysfs_remove_groups(struct kobject* kobj, const struct attribute_group** groups) {
    KLOOM_API();
    for (int index = 0; groups != nullptr && groups[index] != nullptr; ++index)
        sysfs_remove_group(kobj, groups[index]);
}

int sysfs_create_link(struct kobject* kobj, struct kobject* target, const char* name) {
    KLOOM_API();
    emit_might_sleep("sysfs_create_link", false);
    machine().step_global(0);
    Node* directory = kobj != nullptr ? directory_of(kobj) : kernel().vfs->tree().find("/sys");
    Node* aim = directory_of(target);
    if (directory == nullptr || aim == nullptr) return -ENOENT;
    Node* link = kernel().vfs->tree().add(*directory, name, NodeKind::Symlink, 0777);
    if (link == nullptr) return -EEXIST;
    link->text = aim->path();
    return 0;
}

void sysfs_remove_link(struct kobject* kobj, const char* name) {
    KLOOM_API();
    machine().step_global(0);
    remove_file(kobj != nullptr ? directory_of(kobj) : kernel().vfs->tree().find("/sys"), name);
}

void sysfs_notify(struct kobject* kobj, const char* dir, const char* attr) {
    KLOOM_API();
    machine().step_global(0);
    Node* node = directory_of(kobj);
    if (node != nullptr && dir != nullptr) node = node->child(dir);
    if (node != nullptr) node = node->child(attr);
    if (node == nullptr || node->data == nullptr) return;
    auto* events = static_cast<AttributeEvents*>(node->data);
    ++events->count;
    wake_up_interruptible(&events->queue);
}

int sysfs_emit(char* buf, const char* fmt, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, fmt);
    const int length = vscnprintf(buf, kPage, fmt, arguments);
    va_end(arguments);
    return length;
}

int sysfs_emit_at(char* buf, int at, const char* fmt, ...) {
    KLOOM_API();
    if (WARN(at < 0 || static_cast<size_t>(at) >= kPage, "invalid sysfs_emit_at: buf:%p at:%d\n",
             static_cast<void*>(buf), at))
        return 0;
    va_list arguments;
    va_start(arguments, fmt);
    const int length = vscnprintf(buf + at, kPage - static_cast<size_t>(at), fmt, arguments);
    va_end(arguments);
    return length;
}

}  // extern "C"
