// Workloads by chance: every setting, in ranges that are sane but for their combination.
#pragma once

#include <algorithm>
#include <string>

#include "base/prng.hpp"
#include "os_models/os/os.h"
#include "os_models/simulate.hpp"
#include "os_models/workload.hpp"

namespace kloom::os_models::tests {

struct RandomRun {
    Workload workload;
    const os_organisation* organisation = nullptr;
    uint32_t cpus = 1;
    uint64_t measured_ns = 0;
};

class RandomSettings {
  public:
    explicit RandomSettings(uint64_t seed) : prng_(seed) {}

    uint32_t up_to(uint32_t most) { return static_cast<uint32_t>(prng_.below(uint64_t{most} + 1)); }
    uint32_t from(uint32_t least, uint32_t most) { return least + up_to(most - least); }
    bool one_in(uint32_t n) { return prng_.below(n) == 0; }
    double share() { return up_to(4) / 4.0; }
    // Often none.
    uint64_t cost_ns(uint32_t most) { return one_in(2) ? 0 : up_to(most); }
    Span span(uint32_t most_ns) {
        return {one_in(4) ? 0.0 : from(1, most_ns), static_cast<Shape>(up_to(static_cast<uint32_t>(Shape::Heavy)))};
    }
    // Takes some time.
    Span some_time(uint32_t most_ns) {
        Span span = this->span(most_ns);
        span.mean_ns = std::max(span.mean_ns, 1000.0);
        return span;
    }

  private:
    base::Prng prng_;
};

inline Workload random_workload(RandomSettings& random) {
    Workload workload;
    workload.processes_per_cpu = random.from(1, 16) / 4.0;
    workload.processes = random.one_in(3) ? random.from(1, 60) : 0;
    workload.placement = random.one_in(2) ? Placement::Random : Placement::Even;
    workload.compute = random.span(200'000);
    workload.call = random.some_time(50'000);
    workload.think = random.one_in(2) ? Span{0, Shape::Constant} : random.span(500'000);
    workload.locked_share = random.share();
    for (double& weight : workload.mix) weight = random.up_to(4);
    workload.mix[random.up_to(3)] += 1;
    workload.frames_per_cpu = random.up_to(64);
    workload.pages_per_process = random.up_to(40);
    workload.blocks = random.from(1, 200);
    workload.blocks_per_cpu = random.up_to(8);
    workload.buffers_per_cpu = OS_CACHE_WAYS * random.from(1, 16);
    workload.hot_share = random.share();
    workload.disk = random.span(100'000);
    workload.disks = random.up_to(3);
    workload.dispatch_ns = random.cost_ns(5000);
    workload.migration_ns = random.cost_ns(5000);
    workload.interrupt_ns = random.cost_ns(3000);
    workload.lock_transfer_ns = random.cost_ns(2000);
    workload.lock_waiter_ns = random.cost_ns(200);
    workload.slice_ns = random.from(10'000, 1'000'000);
    workload.preempt = static_cast<Preempt>(random.up_to(2));
    workload.master_computes = random.one_in(2);
    workload.interactive = {random.one_in(2) ? 0 : random.from(1, 3), random.span(1'000'000), random.span(100'000)};
    return workload;
}

inline RandomRun random_run(uint64_t seed) {
    RandomSettings random(seed);
    RandomRun run;
    run.workload = random_workload(random);
    run.workload.name = "random workload";
    const auto all = organisations();
    run.organisation = all[random.up_to(static_cast<uint32_t>(all.size()) - 1)];
    run.cpus = random.from(1, 40);
    // Odd, so that runs end in the middle of something.
    run.measured_ns = random.from(1'000'001, 4'000'000);
    return run;
}

}  // namespace kloom::os_models::tests
