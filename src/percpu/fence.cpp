#include "percpu/detail/fence.hpp"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "percpu/fatal.hpp"

namespace percpu::detail {
namespace {

long membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0); }

// The process registers once; the kernel keeps the registration over fork. Relaxed: registering twice does no harm.
bool register_for(int command, std::atomic<int>& state) {
    int known = state.load(std::memory_order_relaxed);
    if (known == 0) {
        known = membarrier(command) == 0 ? 1 : -1;
        state.store(known, std::memory_order_relaxed);
    }
    return known > 0;
}

bool is_ready_to_restart() {
    static std::atomic<int> state{0};
    return register_for(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, state);
}

}  // namespace

bool can_restart_sequences() { return is_ready_to_restart(); }

bool restart_all_sequences() {
    return is_ready_to_restart() && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) == 0;
}

bool fence_all_threads() {
    static std::atomic<int> state{0};
    return register_for(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, state) &&
           membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0;
}

}  // namespace percpu::detail
