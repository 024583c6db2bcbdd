// Memory of tasks: what init_task, kthreads and user processes have in common. task_struct and pid are separate objects of the
// memory map, because a struct pid may be used after its task is gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "trace/memory_map.hpp"

struct cred;
struct mm_struct;
struct pid;
struct task_struct;

namespace kloom::kernel {

// Tells the memory map of what lies outside the window: init_task, tasklist_lock, the credentials of root.
void add_task_regions(trace::MemoryMap& memory);

// A fresh, zeroed task_struct with its signal_struct and sighand_struct.
task_struct* new_task_struct();
// The memory keeps its address and is recognised as freed.
void free_task_struct(task_struct* task);
// Lives until the end of the execution.
::pid* new_identity(int32_t pid);

// Fills in what is the same for all tasks. `number` goes to kloom_index.
void init_task_struct(task_struct& task, std::string_view name, int32_t pid, unsigned number);

// The address space that all user processes share in name; its pages are not modelled.
mm_struct* user_address_space();

// Those of all tasks that did not commit their own; back to their initial state.
const ::cred& root_credentials();
void reset_root_credentials();

// tasklist_lock: whether somebody holds it; back to its initial state.
bool is_task_list_locked();
void reset_task_list_lock();

}  // namespace kloom::kernel
