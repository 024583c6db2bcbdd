// kobjects and ksets: names, reference counts, and the directory in /sys that each of them has
// while it is added.
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/sysfs.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/sysfs.h>

namespace kloom::kernel {

struct kobject* devices_kobject;
struct kobject* virtual_kobject;
struct kobject* class_kobject;
struct kobject* bus_kobject;

namespace {

constexpr size_t kNameMax = 128;  // of a kobject

// A kobject of the machine with its place in /sys.
struct BuiltinKobject {
    struct kobject** variable;
    const char* path;
};

constexpr BuiltinKobject kBuiltins[] = {
    {&devices_kobject, "/sys/devices"},
    {&virtual_kobject, "/sys/devices/virtual"},
    {&class_kobject, "/sys/class"},
    {&bus_kobject, "/sys/bus"},
    {&kernel_kobj, "/sys/kernel"},
    {&mm_kobj, "/sys/kernel/mm"},
    {&fs_kobj, "/sys/fs"},
    {&power_kobj, "/sys/power"},
    {&firmware_kobj, "/sys/firmware"},
    {&hypervisor_kobj, "/sys/hypervisor"},
};

struct kobject g_builtin_objects[std::size(kBuiltins)];
struct kobject g_builtin_initial[std::size(kBuiltins)];

ssize_t show_kobj_attribute(struct kobject* kobj, struct attribute* attr, char* buf) {
    auto* attribute = container_of(attr, struct kobj_attribute, attr);
    return attribute->show != nullptr
               ? call_operation("show", attribute->show, kobj, attribute, buf)
               : -EIO;
}

ssize_t store_kobj_attribute(struct kobject* kobj, struct attribute* attr, const char* buf,
                             size_t count) {
    auto* attribute = container_of(attr, struct kobj_attribute, attr);
    return attribute->store != nullptr
               ? call_operation("store", attribute->store, kobj, attribute, buf, count)
               : -EIO;
}

void release_dynamic(struct kobject* kobj) {
    take_back(kobj);
}

void release_kset(struct kobject* kobj) {
    take_back(container_of(kobj, struct kset, kobj));
}

const struct kobj_type kDynamicType = {.release = release_dynamic, .sysfs_ops = &kobj_sysfs_ops};
const struct kobj_type kKsetType = {.release = release_kset, .sysfs_ops = &kobj_sysfs_ops};

void set_name(struct kobject* kobj, const char* format, va_list arguments) {
    char text[kNameMax];
    kloom_vsnprintf(text, sizeof text, format, arguments);
    for (char* c = text; *c != '\0'; ++c)
        if (*c == '/') *c = '!';
    const char* old = kobj->name;
    kobj->name = lend_text(text, "kobject_set_name");
    if (old != nullptr && kobj->state_initialized) take_back(old);
}

void join_kset(struct kobject* kobj) {
    if (kobj->kset == nullptr) return;
    kset_get(kobj->kset);
    list_add_tail(&kobj->entry, &kobj->kset->list);
}

void leave_kset(struct kobject* kobj) {
    if (kobj->kset == nullptr) return;
    list_del_init(&kobj->entry);
    kset_put(kobj->kset);
}

int add(struct kobject* kobj) {
    if (kobj->name == nullptr || kobj->name[0] == '\0') {
        log_message("\0013kobject: (%p): attempted to be registered with empty name!\n",
                    static_cast<void*>(kobj));
        return -EINVAL;
    }
    machine().step_global(0);
    struct kobject* parent = kobject_get(kobj->parent);
    if (kobj->kset != nullptr) {
        if (parent == nullptr) parent = kobject_get(&kobj->kset->kobj);
        join_kset(kobj);
    }
    kobj->parent = parent;
    const int error = create_directory(kobj);
    if (error == 0) {
        kobj->state_in_sysfs = 1;
        return 0;
    }
    leave_kset(kobj);
    kobject_put(parent);
    kobj->parent = nullptr;
    if (error == -EEXIST)
        log_message(
            "\0013kobject: kobject_add_internal failed for %s with -EEXIST, don't try to register "
            "things with the same "
            "name in the same directory.\n",
            kobj->name);
    else
        log_message("\0013kobject: kobject_add_internal failed for %s (error: %d parent: %s)\n",
                    kobj->name, error, parent != nullptr ? parent->name : "none");
    return error;
}

int add_named(struct kobject* kobj, struct kobject* parent, const char* format, va_list arguments) {
    if (format != nullptr) set_name(kobj, format, arguments);
    kobj->parent = parent;
    return add(kobj);
}

void release(struct kref* kref) {
    auto* kobj = container_of(kref, struct kobject, kref);
    const struct kobj_type* type = kobj->ktype;
    const char* name = kobj->name;
    if (kobj->state_in_sysfs) kobject_del(kobj);
    if (type != nullptr && type->release != nullptr) call_operation("release", type->release, kobj);
    if (name != nullptr) take_back(name);
}

}  // namespace

void add_builtin_kobjects(NodeTree& tree) {
    for (size_t index = 0; index < std::size(kBuiltins); ++index) {
        struct kobject& object = g_builtin_initial[index];
        Node& node = tree.add_builtin(kBuiltins[index].path, NodeKind::Directory, 0755);
        node.owner = &g_builtin_objects[index];
        object.name = std::strrchr(kBuiltins[index].path, '/') + 1;
        object.sd = reinterpret_cast<struct kernfs_node*>(&node);
        object.ktype = &kDynamicType;
        object.state_initialized = 1;
        object.state_in_sysfs = 1;
        kref_init(&object.kref);
        *kBuiltins[index].variable = &g_builtin_objects[index];
    }
}

void reset_builtin_kobjects() {
    std::memcpy(static_cast<void*>(g_builtin_objects), g_builtin_initial, sizeof g_builtin_objects);
    for (struct kobject& object : g_builtin_objects) INIT_LIST_HEAD(&object.entry);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

struct kobject* kernel_kobj;
struct kobject* mm_kobj;
struct kobject* fs_kobj;
struct kobject* power_kobj;
struct kobject* firmware_kobj;
struct kobject* hypervisor_kobj;

extern const struct sysfs_ops kobj_sysfs_ops;
const struct sysfs_ops kobj_sysfs_ops = {.show = show_kobj_attribute,
                                         .store = store_kobj_attribute};

void kobject_init(struct kobject* kobj, const struct kobj_type* ktype) {
    KLOOM_API();
    if (kobj == nullptr || ktype == nullptr) {
        log_message("\0013kobject (%p): %s\n", static_cast<void*>(kobj),
                    kobj == nullptr ? "invalid kobject pointer!"
                                    : "must have a ktype to be initialized properly!\n");
        return;
    }
    note_object(kobj, sizeof *kobj, "kobject_init");
    note_write(kobj, sizeof *kobj);
    if (kobj->state_initialized)
        log_message(
            "\0013kobject (%p): tried to init an initialized object, something is seriously "
            "wrong.\n",
            static_cast<void*>(kobj));
    kref_init(&kobj->kref);
    INIT_LIST_HEAD(&kobj->entry);
    kobj->state_in_sysfs = 0;
    kobj->state_add_uevent_sent = 0;
    kobj->state_remove_uevent_sent = 0;
    kobj->state_initialized = 1;
    kobj->sd = nullptr;
    kobj->ktype = ktype;
}

int kobject_set_name_vargs(struct kobject* kobj, const char* fmt, va_list vargs) {
    KLOOM_API();
    note_write(&kobj->name, sizeof kobj->name);
    set_name(kobj, fmt, vargs);
    return 0;
}

int kobject_set_name(struct kobject* kobj, const char* name, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, name);
    const int error = kobject_set_name_vargs(kobj, name, arguments);
    va_end(arguments);
    return error;
}

int kobject_add(struct kobject* kobj, struct kobject* parent, const char* fmt, ...) {
    KLOOM_API();
    emit_might_sleep("kobject_add", false);
    if (kobj == nullptr) return -EINVAL;
    note_object(kobj, sizeof *kobj, "kobject_add");
    if (!kobj->state_initialized) {
        log_message(
            "\0013kobject '%s' (%p): tried to add an uninitialized object, something is seriously "
            "wrong.\n",
            kobj->name != nullptr ? kobj->name : "", static_cast<void*>(kobj));
        return -EINVAL;
    }
    va_list arguments;
    va_start(arguments, fmt);
    const int error = add_named(kobj, parent, fmt, arguments);
    va_end(arguments);
    return error;
}

int kobject_init_and_add(struct kobject* kobj, const struct kobj_type* ktype,
                         struct kobject* parent, const char* fmt, ...) {
    KLOOM_API();
    emit_might_sleep("kobject_init_and_add", false);
    kobject_init(kobj, ktype);
    va_list arguments;
    va_start(arguments, fmt);
    const int error = add_named(kobj, parent, fmt, arguments);
    va_end(arguments);
    return error;
}

void kobject_del(struct kobject* kobj) {
    KLOOM_API();
    if (kobj == nullptr) return;
    note_object(kobj, sizeof *kobj, "kobject_del");
    if (!kobj->state_in_sysfs) return;
    emit_might_sleep("kobject_del", false);
    machine().step_global(0);
    struct kobject* parent = kobj->parent;
    remove_directory(kobj);
    kobj->state_in_sysfs = 0;
    leave_kset(kobj);
    kobj->parent = nullptr;
    kobject_put(parent);
}

struct kobject* kobject_create() {
    KLOOM_API();
    auto* kobj = lend_object<struct kobject>("kobject_create");
    kobject_init(kobj, &kDynamicType);
    return kobj;
}

struct kobject* kobject_create_and_add(const char* name, struct kobject* parent) {
    KLOOM_API();
    emit_might_sleep("kobject_create_and_add", false);
    module_strlen(name);
    struct kobject* kobj = kobject_create();
    const int error = kobject_add(kobj, parent, "%s", name);
    if (error == 0) return kobj;
    log_message("\0014kobject_create_and_add: kobject_add error: %d\n", error);
    kobject_put(kobj);
    return nullptr;
}

int kobject_rename(struct kobject* kobj, const char* new_name) {
    KLOOM_API();
    emit_might_sleep("kobject_rename", false);
    machine().step_global(0);
    Node* node = directory_of(kobj);
    if (node == nullptr) return -EINVAL;
    if (node->parent->child(new_name) != nullptr) return -EEXIST;
    const char* old = kobj->name;
    kobj->name = lend_text(new_name, "kobject_rename");
    kernel().vfs->tree().rename(*node, *node->parent, new_name);
    take_back(old);
    return 0;
}

int kobject_move(struct kobject* kobj, struct kobject* new_parent) {
    KLOOM_API();
    emit_might_sleep("kobject_move", false);
    if (new_parent == nullptr && kobj->kset != nullptr) new_parent = &kobj->kset->kobj;
    kobject_get(new_parent);
    machine().step_global(0);
    Node* node = directory_of(kobj);
    Node* target = new_parent != nullptr ? directory_of(new_parent) : nullptr;
    const int error = node == nullptr || target == nullptr ? -EINVAL : target->child(node->name) != nullptr ? -EEXIST : 0;
    if (error != 0) {
        kobject_put(new_parent);
        return error;
    }
    kernel().vfs->tree().rename(*node, *target, std::string(node->name));
    struct kobject* old_parent = kobj->parent;
    kobj->parent = new_parent;
    kobject_put(old_parent);
    return 0;
}

struct kobject* kobject_get(struct kobject* kobj) {
    if (kobj == nullptr) return nullptr;
    KLOOM_API();
    note_object(kobj, sizeof *kobj, "kobject_get");
    WARN(!kobj->state_initialized,
         "kobject: '%s' (%p): is not initialized, yet kobject_get() is being called.\n", kobj->name,
         static_cast<void*>(kobj));
    kref_get(&kobj->kref);
    return kobj;
}

struct kobject* kobject_get_unless_zero(struct kobject* kobj) {
    if (kobj == nullptr) return nullptr;
    KLOOM_API();
    note_object(kobj, sizeof *kobj, "kobject_get_unless_zero");
    return kref_get_unless_zero(&kobj->kref) ? kobj : nullptr;
}

void kobject_put(struct kobject* kobj) {
    if (kobj == nullptr) return;
    KLOOM_API();
    note_object(kobj, sizeof *kobj, "kobject_put");
    WARN(!kobj->state_initialized,
         "kobject: '%s' (%p): is not initialized, yet kobject_put() is being called.\n", kobj->name,
         static_cast<void*>(kobj));
    kref_put(&kobj->kref, release);
}

char* kobject_get_path(const struct kobject* kobj, gfp_t flag) {
    KLOOM_API();
    const Node* node = directory_of(kobj);
    if (node == nullptr) return nullptr;
    char text[kPathText];
    return kstrdup(path_text(*node, text) + std::strlen("/sys"), flag);
}

// ---- ksets --------------------------------------------------------------------------------------

void kset_init(struct kset* kset) {
    KLOOM_API();
    kobject_init(&kset->kobj, kset->kobj.ktype != nullptr ? kset->kobj.ktype : &kKsetType);
    INIT_LIST_HEAD(&kset->list);
    spin_lock_init(&kset->list_lock);
}

int kset_register(struct kset* kset) {
    KLOOM_API();
    if (kset == nullptr) return -EINVAL;
    note_object(kset, sizeof *kset, "kset_register");
    kset_init(kset);
    return add(&kset->kobj);
}

void kset_unregister(struct kset* kset) {
    KLOOM_API();
    if (kset == nullptr) return;
    kobject_del(&kset->kobj);
    kobject_put(&kset->kobj);
}

struct kset* kset_create_and_add(const char* name, const struct kset_uevent_ops* u,
                                 struct kobject* parent_kobj) {
    KLOOM_API();
    module_strlen(name);
    auto* kset = lend_object<struct kset>("kset_create_and_add");
    kobject_set_name(&kset->kobj, "%s", name);
    kset->uevent_ops = u;
    kset->kobj.parent = parent_kobj;
    kset->kobj.ktype = &kKsetType;
    if (kset_register(kset) == 0) return kset;
    take_back(kset);
    return nullptr;
}

struct kobject* kset_find_obj(struct kset* kset, const char* name) {
    KLOOM_API();
    note_object(kset, sizeof *kset, "kset_find_obj");
    struct list_head* entry;
    list_for_each(entry, &kset->list) {
        auto* kobj = list_entry(entry, struct kobject, entry);
        if (kobj->name != nullptr && std::strcmp(kobj->name, name) == 0)
            return kobject_get_unless_zero(kobj);
    }
    return nullptr;
}

// ---- events for user space ----------------------------------------------------------------------

int add_uevent_var(struct kobj_uevent_env* env, const char* format, ...) {
    KLOOM_API();
    if (env->envp_idx >= UEVENT_NUM_ENVP) {
        WARN(1, "add_uevent_var: too many keys\n");
        return -ENOMEM;
    }
    const auto room = static_cast<size_t>(UEVENT_BUFFER_SIZE - env->buflen);
    va_list arguments;
    va_start(arguments, format);
    const int length = kloom_vsnprintf(env->buf + env->buflen, room, format, arguments);
    va_end(arguments);
    if (static_cast<size_t>(length) >= room) {
        WARN(1, "add_uevent_var: buffer size too small\n");
        return -ENOMEM;
    }
    env->envp[env->envp_idx++] = env->buf + env->buflen;
    env->buflen += length + 1;
    return 0;
}

int kobject_uevent_env(struct kobject* kobj, enum kobject_action, char**) {
    KLOOM_API();
    note_object(kobj, sizeof *kobj, "kobject_uevent");
    struct kobject* top = kobj;
    while (top->kset == nullptr && top->parent != nullptr) top = top->parent;
    if (top->kset == nullptr) return -EINVAL;
    const struct kset_uevent_ops* operations = top->kset->uevent_ops;
    if (operations == nullptr || kobj->uevent_suppress) return 0;
    if (operations->filter != nullptr &&
        call_operation("uevent filter", operations->filter, kobj) == 0)
        return 0;
    if (operations->uevent == nullptr) return 0;
    auto* environment = lend_object<struct kobj_uevent_env>("kobject_uevent");
    const int error = call_operation("uevent", operations->uevent, kobj, environment);
    take_back(environment);
    return error;
}

int kobject_uevent(struct kobject* kobj, enum kobject_action action) {
    KLOOM_API();
    return kobject_uevent_env(kobj, action, nullptr);
}

}  // extern "C"
