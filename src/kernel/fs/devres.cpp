// Resources that belong to a device: memory and actions that go when its driver is unbound or the
// device ends, last in first out.
//
// A resource is an allocation of the module with a header in front of what the module gets; one
// that is never released because its device never ends shows as a leak.
#include <cstdarg>
#include <cstring>

#include "kernel/fs/device.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <linux/device.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/sprintf.h>

namespace kloom::kernel {

namespace {

// In front of each resource.
struct alignas(16) Header {
    struct list_head entry;
    dr_release_t release;  // null: memory only
};

struct Action {
    void (*function)(void*);
    void* data;
};

Header* header_of(const void* resource) {
    return static_cast<Header*>(const_cast<void*>(resource)) - 1;
}

void* allocate(const char* function, dr_release_t release, size_t size, gfp_t gfp) {
    auto* header = static_cast<Header*>(kmalloc_for(function, sizeof(Header) + size, gfp));
    if (header == nullptr) return nullptr;
    INIT_LIST_HEAD(&header->entry);
    header->release = release;
    return header + 1;
}

void release_memory(struct device*, void*) {}

void run_action(struct device*, void* resource) {
    const auto* action = static_cast<const Action*>(resource);
    call_operation("devm action", action->function, action->data);
}

void free_resource(Header* header) {
    kernel().slab->release(header, trace::MemoryKind::Slab, "devres_release");
}

// The newest resource of the kind that `match` accepts; null if there is none.
Header* find(struct device* device, dr_release_t release, dr_match_t match, void* match_data) {
    note_object(device, sizeof *device, "devres_find");
    struct list_head* entry;
    list_for_each_prev(entry, &device->devres_head) {
        auto* header = list_entry(entry, Header, entry);
        if (header->release != release) continue;
        if (match == nullptr || match(device, header + 1, match_data) != 0) return header;
    }
    return nullptr;
}

void* add_memory(const char* function, struct device* device, size_t size, gfp_t gfp) {
    note_object(device, sizeof *device, function);
    void* resource = allocate(function, release_memory, size, gfp);
    if (resource != nullptr) devres_add(device, resource);
    return resource;
}

int is_same_action(struct device*, void* resource, void* wanted) {
    return std::memcmp(resource, wanted, sizeof(Action)) == 0;
}

int is_same_memory(struct device*, void* resource, void* wanted) {
    return resource == wanted;
}

}  // namespace

void release_all_resources(struct device& device) {
    while (device.devres_head.prev != nullptr && !list_empty(&device.devres_head)) {
        auto* header = list_entry(device.devres_head.prev, Header, entry);
        list_del_init(&header->entry);
        if (header->release != nullptr)
            call_operation("devres release", header->release, &device,
                           static_cast<void*>(header + 1));
        free_resource(header);
    }
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

void* devres_alloc(dr_release_t release, size_t size, gfp_t gfp) {
    KLOOM_API();
    return allocate("devres_alloc", release, size, gfp | __GFP_ZERO);
}

void devres_free(void* res) {
    KLOOM_API();
    if (res != nullptr) free_resource(header_of(res));
}

void devres_add(struct device* dev, void* res) {
    KLOOM_API();
    note_object(dev, sizeof *dev, "devres_add");
    list_add_tail(&header_of(res)->entry, &dev->devres_head);
}

void* devres_find(struct device* dev, dr_release_t release, dr_match_t match, void* match_data) {
    KLOOM_API();
    Header* header = find(dev, release, match, match_data);
    return header != nullptr ? header + 1 : nullptr;
}

void* devres_remove(struct device* dev, dr_release_t release, dr_match_t match, void* match_data) {
    KLOOM_API();
    Header* header = find(dev, release, match, match_data);
    if (header == nullptr) return nullptr;
    list_del_init(&header->entry);
    return header + 1;
}

int devres_destroy(struct device* dev, dr_release_t release, dr_match_t match, void* match_data) {
    KLOOM_API();
    void* resource = devres_remove(dev, release, match, match_data);
    if (resource == nullptr) return -ENOENT;
    devres_free(resource);
    return 0;
}

int devres_release(struct device* dev, dr_release_t release, dr_match_t match, void* match_data) {
    KLOOM_API();
    void* resource = devres_remove(dev, release, match, match_data);
    if (resource == nullptr) return -ENOENT;
    call_operation("devres release", release, dev, resource);
    devres_free(resource);
    return 0;
}

void* devm_kmalloc(struct device* dev, size_t size, gfp_t gfp) {
    KLOOM_API();
    return add_memory("devm_kmalloc", dev, size, gfp);
}

void devm_kfree(struct device* dev, const void* p) {
    KLOOM_API();
    if (p == nullptr) return;
    WARN_ON(devres_destroy(dev, release_memory, is_same_memory, const_cast<void*>(p)) != 0);
}

void* devm_kmemdup(struct device* dev, const void* src, size_t len, gfp_t gfp) {
    KLOOM_API();
    void* copy = add_memory("devm_kmemdup", dev, len, gfp);
    if (copy == nullptr) return nullptr;
    note_read(src, len);
    return std::memcpy(copy, src, len);
}

char* devm_kstrdup(struct device* dev, const char* s, gfp_t gfp) {
    KLOOM_API();
    if (s == nullptr) return nullptr;
    const size_t size = module_strlen(s) + 1;
    auto* copy = static_cast<char*>(add_memory("devm_kstrdup", dev, size, gfp));
    return copy != nullptr ? static_cast<char*>(std::memcpy(copy, s, size)) : nullptr;
}

char* devm_kvasprintf(struct device* dev, gfp_t gfp, const char* fmt, va_list ap) {
    KLOOM_API();
    va_list copy;
    va_copy(copy, ap);
    const int length = kloom_vsnprintf(nullptr, 0, fmt, copy);
    va_end(copy);
    auto* text =
        static_cast<char*>(add_memory("devm_kasprintf", dev, static_cast<size_t>(length) + 1, gfp));
    if (text != nullptr) kloom_vsnprintf(text, static_cast<size_t>(length) + 1, fmt, ap);
    return text;
}

char* devm_kasprintf(struct device* dev, gfp_t gfp, const char* fmt, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, fmt);
    char* text = devm_kvasprintf(dev, gfp, fmt, arguments);
    va_end(arguments);
    return text;
}

int devm_add_action(struct device* dev, void (*action)(void*), void* data) {
    KLOOM_API();
    auto* resource =
        static_cast<Action*>(allocate("devm_add_action", run_action, sizeof(Action), GFP_KERNEL));
    if (resource == nullptr) return -ENOMEM;
    *resource = {action, data};
    devres_add(dev, resource);
    return 0;
}

int devm_add_action_or_reset(struct device* dev, void (*action)(void*), void* data) {
    KLOOM_API();
    const int error = devm_add_action(dev, action, data);
    if (error != 0) call_operation("devm action", action, data);
    return error;
}

void devm_remove_action(struct device* dev, void (*action)(void*), void* data) {
    KLOOM_API();
    Action wanted = {action, data};
    WARN_ON(devres_destroy(dev, run_action, is_same_action, &wanted) != 0);
}

void devm_release_action(struct device* dev, void (*action)(void*), void* data) {
    KLOOM_API();
    Action wanted = {action, data};
    WARN_ON(devres_release(dev, run_action, is_same_action, &wanted) != 0);
}

int devm_device_add_group(struct device* dev, const struct attribute_group* grp) {
    KLOOM_API();
    return device_add_group(dev, grp);
}

}  // extern "C"
