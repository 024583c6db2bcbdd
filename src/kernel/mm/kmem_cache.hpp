// struct kmem_cache: opaque to modules, an object of the kernel in the heap.
#pragma once

#include <cstddef>
#include <cstdint>

struct kmem_cache {
    char name[48];
    unsigned int object_size;
    unsigned int alignment;
    unsigned int flags;
    size_t live_objects;
    void (*constructor)(void* object);
};
