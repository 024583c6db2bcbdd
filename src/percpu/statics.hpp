// The mutex under which static variables get their copies. It is taken before the pool's.
#pragma once

namespace percpu::detail {

void lock_statics();
void unlock_statics();

// In a child, where the thread is the owner by another number.
void reset_statics();

}  // namespace percpu::detail
