// World: the computer of the timed simulator, up to 4,096 CPUs in virtual time (os/world.h says what it promises).
//
// Every CPU is a fiber that executes the operating system's code. Time passes where that code works, computes, idles or
// waits for a lock; then the fiber is left for that of the next event:
//
//     os_work(ns) ──▶ EventQueue: this CPU goes on at now + ns ──▶ next event ──▶ its CPU's fiber
//                                                                     └──▶ a device is done: that CPU is kicked
//
// Between two such points nothing else happens, so the code needs no atomic accesses here and a run is determined by
// its workload and seed. What is measured begins anew after the warm-up.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/prng.hpp"
#include "machine/fiber.hpp"
#include "os_models/os/organisation.h"
#include "os_models/timed/event_queue.hpp"
#include "os_models/timed/figures.hpp"
#include "os_models/timed/stacks.hpp"
#include "os_models/workload.hpp"

namespace kloom::os_models {

// The CPUs that run processes: all, but for a master that only serves.
uint32_t computing_cpus(const Workload& workload, const os_organisation& organisation, uint32_t cpus);

struct WorldSetup {
    const os_organisation* organisation = nullptr;
    uint32_t cpus = 1;
    uint64_t seed = 0;
    // What is measured begins after `warm_up_ns`. As long as less is done than half of what would be if nobody waited for
    // the kernel, queues may still grow; then that time is doubled, up to `warm_up_max_ns`.
    uint64_t warm_up_ns = 0;
    uint64_t warm_up_max_ns = 0;
    double measured_per_warm_up = 1;  // length of the measured time
    double rounds_per_ns_at_best = 0;  // if nobody waited for the kernel
};

class World {
  public:
    // `stacks` has one for each CPU; it and the workload outlive this object.
    World(const Workload& workload, const WorldSetup& setup, Stacks& stacks);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // From the start of the system to the end of the measured time. Once.
    Figures run();

    // What the operating system has after the run.
    os& system() { return *system_; }

    // The world whose code is running.
    static World& current() { return *current_; }

    // The services of os/world.h for the CPU that runs.
    void provide(os& system);
    uint32_t add_lock(os_region region);
    void lock(uint32_t lock);
    void unlock(uint32_t lock);
    uint32_t this_cpu() const { return cpu_; }
    uint64_t now_ns() const { return now_ns_; }
    void work(uint64_t ns);
    uint64_t run_until_kicked(uint64_t ns, CpuTime kind);
    void idle();
    void kick(uint32_t cpu);
    bool read_disk(const os_process& process);
    void write_disk();
    void start_timer(const os_process& process);
    os_process* completed();
    os_next next_round(os_process& process);
    uint32_t home_of(uint32_t pid, uint32_t cpus) const;

    void note_ready(const os_process& process);
    void note_dispatched(const os_process& process);
    void note_round() {
        ++figures_.events;
        ++figures_.rounds;
    }
    void note_sent(const os_process& process);
    void note_served(const os_process& process);
    void note_free_pages(int32_t change) { free_pages_ += change; }
    void note_paging(uint32_t pages);
    void note_read(uint32_t block, uint32_t version);
    uint32_t note_write(uint32_t block) { return ++newest_version_[block]; }
    uint32_t disk_version(uint32_t block) const { return disk_version_[block]; }
    void note_written_back(uint32_t block, uint32_t version) { disk_version_[block] = version; }

  private:
    static constexpr uint32_t kNobody = ~0u;

    struct Cpu {
        machine::Fiber fiber;
        CpuTime doing = CpuTime::Idle;
        bool may_be_kicked = false;  // it computes, works interruptibly or idles
        bool is_kicked = false;      // while that was not so
        uint64_t since_ns = 0;       // when it began what it does
        uint32_t next_waiter = kNobody;
        uint32_t first_completed = kNobody;  // processes whose devices are done, by pid
        uint32_t last_completed = kNobody;
    };

    struct Lock {
        os_region region = OS_WHOLE_KERNEL;
        uint32_t holder = kNobody;
        uint32_t last_holder = kNobody;
        uint32_t first_waiter = kNobody;
        uint32_t last_waiter = kNobody;
        uint32_t waiters = 0;
        uint64_t held_since_ns = 0;
        uint64_t held_ns = 0;
    };

    enum class Waiting : uint8_t { No, ForCpu, ForMaster };

    struct Process {
        base::Prng prng{0};
        Waiting waiting = Waiting::No;
        bool has_begun = false;
        uint64_t since_ns = 0;  // it waits
        uint64_t think_ns = 0;
        uint32_t device_cpu = 0;             // where its device will interrupt
        uint32_t next_completed = kNobody;
    };

    static void cpu_entry();

    bool is_next(uint64_t time_ns) const { return queue_.next_time_ns() > time_ns; }
    uint32_t warm_up_event() const { return cpus_ + processes_; }
    uint32_t end_event() const { return cpus_ + processes_ + 1; }
    void* allocate(size_t bytes);
    void leave_until_next_event();
    void wait(CpuTime doing);
    void spend(CpuTime kind, uint64_t since_ns);
    void complete(uint32_t pid);
    bool may_still_fill() const;
    void end_warm_up();
    void begin_measuring();
    void finish_measuring();
    void stop_waiting(Process& process, QueueMeter& meter);
    void update_idle_beside_loaded();
    uint64_t disk_done_ns();
    os_config config_of(const WorldSetup& setup) const;
    uint32_t draw_block(base::Prng& prng) const;
    void draw_call(os_call& call, base::Prng& prng) const;

    static World* current_;

    const Workload& workload_;
    uint32_t cpus_;
    uint32_t processes_;
    uint64_t seed_;
    WorldSetup setup_;
    Stacks& stacks_;
    uint64_t now_ns_ = 0;
    uint64_t measured_from_ns_ = 0;
    uint32_t cpu_ = kNobody;
    machine::Fiber outside_;
    EventQueue queue_;
    std::vector<Cpu> cpu_table_;
    std::vector<Lock> locks_;
    std::vector<Process> process_table_;  // [pid]
    std::vector<uint64_t> disks_;         // when each will be free; a heap, the first is the next
    base::Prng disk_prng_;
    uint32_t blocks_;
    std::vector<uint32_t> newest_version_;  // [block]
    std::vector<uint32_t> disk_version_;    // [block]
    std::vector<std::pair<void*, size_t>> memory_;
    os* system_ = nullptr;
    int64_t free_pages_ = 0;
    uint32_t idle_cpus_ = 0;
    Figures figures_;
};

}  // namespace kloom::os_models
