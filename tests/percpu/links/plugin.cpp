// A shared object with a per-CPU variable, which is loaded and unloaded.
#include "percpu/variable.hpp"

static constinit percpu::variable<long> counted = 7;

// The copy of this CPU after one more; its operation is the last thing that the calling thread does with per-CPU data.
extern "C" long plugin_count() {
    const long now = counted.add_return(1);
    return now;
}
