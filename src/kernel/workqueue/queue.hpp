// What a module's opaque workqueue_struct is.
#pragma once

#include <vector>

#include "kernel/workqueue/workqueue.hpp"

struct workqueue_struct {
    static constexpr size_t kNameMax = 24;  // Linux's WQ_NAME_LEN

    // The queue's share of one pool.
    struct Share {
        int active = 0;                                  // items in the pool or being worked on
        std::vector<kloom::kernel::WorkItem> waiting;    // beyond max_active
    };

    char name[kNameMax] = {};
    unsigned flags = 0;  // WQ_*
    int max_active = 0;
    int drainers = 0;    // drain_workqueue() calls under way
    bool is_destroyed = false;
    std::vector<Share> shares;  // [pool]
};
