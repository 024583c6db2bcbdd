#include "os_models/timed/world.hpp"

#include <alloca.h>
#include <sys/mman.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.hpp"
#include "os_models/os/scheduler.h"

namespace kloom::os_models {
namespace {

// All stacks end at the same place in a page and so would share a few sets of the caches. Each begins somewhat lower.
constexpr uint32_t kStackColours = 31;
constexpr size_t kStackColourBytes = 192;

// Of a seed and what it is for.
uint64_t mixed(uint64_t seed, uint64_t purpose) { return base::Prng(seed ^ base::Prng(purpose).next()).next(); }

constexpr uint64_t kPurposeProcess = 1;
constexpr uint64_t kPurposePlacement = uint64_t{1} << 32;
constexpr uint64_t kPurposeDisk = uint64_t{2} << 32;

}  // namespace

uint32_t computing_cpus(const Workload& workload, const os_organisation& organisation, uint32_t cpus) {
    const bool master_serves_only = &organisation == &os_master_slave && !workload.master_computes;
    return master_serves_only && cpus > 1 ? cpus - 1 : cpus;
}

World* World::current_ = nullptr;

World::World(const Workload& workload, const WorldSetup& setup, Stacks& stacks)
    : workload_(workload),
      cpus_(setup.cpus),
      processes_(workload.processes_with(computing_cpus(workload, *setup.organisation, setup.cpus))),
      seed_(setup.seed),
      setup_(setup),
      stacks_(stacks),
      queue_(cpus_ + processes_ + 2),
      cpu_table_(cpus_),
      process_table_(processes_),
      disks_(workload.disks, 0),
      disk_prng_(mixed(setup.seed, kPurposeDisk)),
      blocks_(workload.blocks_with(cpus_)),
      newest_version_(blocks_, 0),
      disk_version_(blocks_, 0) {
    CHECK(cpus_ >= 1 && cpus_ <= OS_CPUS_MAX && cpus_ <= stacks.count(), "%u CPUs", cpus_);
    current_ = this;
    for (uint32_t pid = 0; pid < processes_; ++pid)
        process_table_[pid].prng = base::Prng(mixed(seed_, kPurposeProcess + pid));
    queue_.set(warm_up_event(), setup.warm_up_ns);
    system_ = static_cast<os*>(allocate(sizeof(os)));
    const os_config config = config_of(setup);
    os_start(system_, setup.organisation, &config);
}

World::~World() {
    for (const auto& [address, bytes] : memory_) munmap(address, bytes);
    current_ = nullptr;
}

os_config World::config_of(const WorldSetup& setup) const {
    return {.cpus = setup.cpus,
            .processes = processes_,
            .frames_per_cpu = workload_.frames_per_cpu,
            .buffers_per_cpu = workload_.buffers_per_cpu,
            .slice_ns = workload_.slice_ns,
            .dispatch_ns = workload_.dispatch_ns,
            .migration_ns = workload_.migration_ns,
            .interrupt_ns = workload_.interrupt_ns,
            .preempt = static_cast<os_preempt>(workload_.preempt),
            .master_computes = workload_.master_computes || setup.cpus == 1};
}

Figures World::run() {
    for (uint32_t cpu = 0; cpu < cpus_; ++cpu) {
        machine::prepare_small_fiber(cpu_table_[cpu].fiber, stacks_.top(cpu), cpu_entry);
        queue_.set(cpu, 0);
    }
    const EventQueue::Event first = queue_.pop();
    cpu_ = first.id;
    machine::switch_fiber(outside_, cpu_table_[cpu_].fiber);
    return figures_;
}

void World::cpu_entry() {
    auto* colour = static_cast<char*>(alloca(current_->cpu_ % kStackColours * kStackColourBytes + 1));
    asm volatile("" : : "r"(colour) : "memory");  // it is there, though nobody uses it
    os_cpu_loop(current_->system_);
}

// The CPU that runs waits; comes back when it goes on.
void World::leave_until_next_event() {
    for (;;) {
        const EventQueue::Event event = queue_.pop();
        now_ns_ = event.time_ns;
        ++figures_.events;
        if (event.id < cpus_) {
            if (event.id == cpu_) return;
            machine::Fiber& from = cpu_table_[cpu_].fiber;
            cpu_ = event.id;
            machine::switch_fiber(from, cpu_table_[cpu_].fiber);
            return;
        }
        if (event.id == warm_up_event()) {
            end_warm_up();
        } else if (event.id == end_event()) {
            finish_measuring();
            machine::switch_fiber(cpu_table_[cpu_].fiber, outside_);
        } else {
            complete(event.id - cpus_);
        }
    }
}

void World::wait(CpuTime doing) {
    Cpu& cpu = cpu_table_[cpu_];
    cpu.doing = doing;
    cpu.since_ns = now_ns_;
    leave_until_next_event();
    spend(doing, cpu.since_ns);
}

// The time since then, as far as it is measured, was spent on `kind` by the CPU that runs.
void World::spend(CpuTime kind, uint64_t since_ns) {
    const uint64_t ns = now_ns_ - std::max(since_ns, measured_from_ns_);
    figures_.cpu_ns[static_cast<size_t>(kind)] += ns;
    if (cpu_ == 0 && kind == CpuTime::System) figures_.master_busy_ns += ns;
}

void World::work(uint64_t ns) {
    if (ns == 0) return;
    const uint64_t until_ns = now_ns_ + ns;
    if (is_next(until_ns)) {
        ++figures_.events;
        const uint64_t since_ns = std::exchange(now_ns_, until_ns);
        spend(CpuTime::System, since_ns);
        return;
    }
    queue_.set(cpu_, until_ns);
    wait(CpuTime::System);
}

uint64_t World::run_until_kicked(uint64_t ns, CpuTime kind) {
    Cpu& cpu = cpu_table_[cpu_];
    if (std::exchange(cpu.is_kicked, false)) return 0;
    const uint64_t since_ns = now_ns_;
    if (is_next(now_ns_ + ns)) {
        ++figures_.events;
        now_ns_ += ns;
        spend(kind, since_ns);
        return ns;
    }
    queue_.set(cpu_, now_ns_ + ns);
    cpu.may_be_kicked = true;
    wait(kind);
    cpu.may_be_kicked = false;
    return now_ns_ - since_ns;
}

void World::idle() {
    Cpu& cpu = cpu_table_[cpu_];
    if (std::exchange(cpu.is_kicked, false)) return;
    update_idle_beside_loaded();
    ++idle_cpus_;
    cpu.may_be_kicked = true;
    wait(CpuTime::Idle);
    cpu.may_be_kicked = false;
    update_idle_beside_loaded();
    --idle_cpus_;
}

void World::kick(uint32_t cpu) {
    Cpu& kicked = cpu_table_[cpu];
    if (std::exchange(kicked.may_be_kicked, false)) {
        queue_.set(cpu, now_ns_);
    } else {
        kicked.is_kicked = true;
    }
}

uint32_t World::add_lock(os_region region) {
    locks_.push_back({.region = region});
    return static_cast<uint32_t>(locks_.size() - 1);
}

void World::lock(uint32_t id) {
    Lock& lock = locks_[id];
    QueueMeter& meter = figures_.lock_meters[lock.region];
    ++figures_.events;
    ++meter.arrivals;
    if (lock.holder == kNobody) {
        lock.holder = cpu_;
        lock.held_since_ns = now_ns_;
        const uint32_t last = std::exchange(lock.last_holder, cpu_);
        if (workload_.lock_transfer_ns != 0 && last != cpu_ && last != kNobody) {
            queue_.set(cpu_, now_ns_ + workload_.lock_transfer_ns);
            wait(CpuTime::LockWait);
        }
        return;
    }
    CHECK(lock.holder != cpu_, "CPU %u takes a lock that it holds", cpu_);
    (lock.first_waiter == kNobody ? lock.first_waiter : cpu_table_[lock.last_waiter].next_waiter) = cpu_;
    lock.last_waiter = cpu_;
    cpu_table_[cpu_].next_waiter = kNobody;
    ++lock.waiters;
    meter.change(+1, now_ns_);
    const uint64_t since_ns = now_ns_;
    wait(CpuTime::LockWait);
    meter.waited_ns += now_ns_ - std::max(since_ns, measured_from_ns_);
    meter.change(-1, now_ns_);
}

// The lock is handed over in the order in which it was asked for.
void World::unlock(uint32_t id) {
    Lock& lock = locks_[id];
    CHECK(lock.holder == cpu_, "CPU %u gives back a lock that it does not hold", cpu_);
    ++figures_.events;
    if (lock.first_waiter == kNobody) {
        lock.holder = kNobody;
        lock.held_ns += now_ns_ - std::max(lock.held_since_ns, measured_from_ns_);
        return;
    }
    lock.holder = lock.last_holder = lock.first_waiter;
    lock.first_waiter = cpu_table_[lock.holder].next_waiter;
    --lock.waiters;
    queue_.set(lock.holder, now_ns_ + workload_.lock_transfer_ns + lock.waiters * workload_.lock_waiter_ns);
}

bool World::may_still_fill() const {
    return static_cast<double>(figures_.rounds) < static_cast<double>(now_ns_) * setup_.rounds_per_ns_at_best / 2;
}

void World::end_warm_up() {
    if (now_ns_ < setup_.warm_up_max_ns && may_still_fill()) {
        queue_.set(warm_up_event(), std::min(2 * now_ns_, setup_.warm_up_max_ns));
        return;
    }
    begin_measuring();
    figures_.measured_ns = static_cast<uint64_t>(static_cast<double>(now_ns_) * setup_.measured_per_warm_up);
    queue_.set(end_event(), now_ns_ + figures_.measured_ns);
}

void World::begin_measuring() {
    const uint64_t events = figures_.events;
    std::array<QueueMeter, OS_REGIONS> locks = figures_.lock_meters;
    for (QueueMeter& meter : locks) meter.begin_anew(now_ns_);
    QueueMeter ready = figures_.ready, master = figures_.master;
    ready.begin_anew(now_ns_);
    master.begin_anew(now_ns_);
    figures_ = Figures{.events = events,
                       .lock_meters = locks,
                       .ready = ready,
                       .master = master,
                       .beside_changed_at_ns = now_ns_};
    for (Lock& lock : locks_) lock.held_ns = 0;
    measured_from_ns_ = now_ns_;
}

// What has begun and is not over counts as far as it has got.
void World::finish_measuring() {
    for (cpu_ = 0; cpu_ < cpus_; ++cpu_)
        if (cpu_table_[cpu_].since_ns < now_ns_) spend(cpu_table_[cpu_].doing, cpu_table_[cpu_].since_ns);
    cpu_ = 0;
    for (Lock& lock : locks_) {
        if (lock.holder != kNobody) lock.held_ns += now_ns_ - std::max(lock.held_since_ns, measured_from_ns_);
        uint64_t& longest = figures_.lock_held_ns[lock.region];
        longest = std::max(longest, lock.held_ns);
    }
    for (QueueMeter& meter : figures_.lock_meters) meter.change(0, now_ns_);
    figures_.ready.change(0, now_ns_);
    figures_.master.change(0, now_ns_);
    update_idle_beside_loaded();
}

void World::update_idle_beside_loaded() {
    figures_.idle_beside_loaded_ns +=
        std::min(idle_cpus_, figures_.ready.waiting) * (now_ns_ - figures_.beside_changed_at_ns);
    figures_.beside_changed_at_ns = now_ns_;
}

void World::complete(uint32_t pid) {
    Process& process = process_table_[pid];
    Cpu& cpu = cpu_table_[process.device_cpu];
    process.next_completed = kNobody;
    (cpu.first_completed == kNobody ? cpu.first_completed : process_table_[cpu.last_completed].next_completed) = pid;
    cpu.last_completed = pid;
    note_ready(system_->processes[pid]);
    kick(process.device_cpu);
}

os_process* World::completed() {
    Cpu& cpu = cpu_table_[cpu_];
    if (cpu.first_completed == kNobody) return nullptr;
    const uint32_t pid = cpu.first_completed;
    cpu.first_completed = process_table_[pid].next_completed;
    return &system_->processes[pid];
}

// When the next request of a disk will be done. Disks serve requests in their order.
uint64_t World::disk_done_ns() {
    const uint64_t service_ns = std::max<uint64_t>(workload_.disk.draw(disk_prng_), 1);
    figures_.disk_busy_ns += service_ns;
    ++figures_.disk.arrivals;
    if (disks_.empty()) return now_ns_ + service_ns;
    std::pop_heap(disks_.begin(), disks_.end(), std::greater<>());
    const uint64_t begin_ns = std::max(now_ns_, disks_.back());
    figures_.disk.waited_ns += begin_ns - now_ns_;
    disks_.back() = begin_ns + service_ns;
    std::push_heap(disks_.begin(), disks_.end(), std::greater<>());
    return begin_ns + service_ns;
}

bool World::read_disk(const os_process& process) {
    if (workload_.disk.mean_ns == 0) return false;
    process_table_[process.pid].device_cpu = cpu_;
    queue_.set(cpus_ + process.pid, disk_done_ns());
    return true;
}

void World::write_disk() {
    if (workload_.disk.mean_ns != 0) disk_done_ns();
}

void World::start_timer(const os_process& process) {
    Process& timed = process_table_[process.pid];
    timed.device_cpu = cpu_;
    queue_.set(cpus_ + process.pid, now_ns_ + timed.think_ns);
}

uint32_t World::home_of(uint32_t pid, uint32_t cpus) const {
    if (workload_.placement == Placement::Even) return pid % cpus;
    return static_cast<uint32_t>(base::Prng(mixed(seed_, kPurposePlacement + pid)).below(cpus));
}

uint32_t World::draw_block(base::Prng& prng) const {
    const uint32_t hot_blocks = std::max(blocks_ / 10, 1u);
    const bool is_hot = static_cast<double>(prng.below(1 << 20)) < workload_.hot_share * (1 << 20);
    return static_cast<uint32_t>(prng.below(is_hot ? hot_blocks : blocks_));
}

void World::draw_call(os_call& call, base::Prng& prng) const {
    const uint64_t ns = workload_.call.draw(prng);
    double total = 0;
    for (const double weight : workload_.mix) total += weight;
    double left = total * static_cast<double>(prng.below(uint64_t{1} << 53)) / static_cast<double>(uint64_t{1} << 53);
    uint32_t kind = 0;
    while (kind + 1 < OS_CALL_KINDS && (left -= workload_.mix[kind]) >= 0) ++kind;
    call.kind = static_cast<os_call_kind>(kind);
    call.stage = OS_ENTERING;
    call.work_ns = static_cast<uint64_t>(static_cast<double>(ns) * workload_.locked_share);
    call.entry_ns = ns - call.work_ns;
    call.block = draw_block(prng);
    call.pages = static_cast<uint32_t>(prng.below(2 * uint64_t{workload_.pages_per_process} + 1));
}

os_next World::next_round(os_process& process) {
    Process& timed = process_table_[process.pid];
    process.is_first = process.pid < workload_.interactive.processes;
    const Interactive& interactive = workload_.interactive;
    process.compute_ns = (process.is_first ? interactive.compute : workload_.compute).draw(timed.prng);
    timed.think_ns = (process.is_first ? interactive.think : workload_.think).draw(timed.prng);
    draw_call(process.call, timed.prng);
    const bool is_first_round = !std::exchange(timed.has_begun, true);
    return timed.think_ns == 0 || is_first_round ? OS_GOES_ON : OS_THINKS;
}

void World::note_ready(const os_process& process) {
    Process& timed = process_table_[process.pid];
    if (timed.waiting == Waiting::ForCpu) return;
    update_idle_beside_loaded();
    timed.waiting = Waiting::ForCpu;
    timed.since_ns = now_ns_;
    ++figures_.ready.arrivals;
    figures_.ready.change(+1, now_ns_);
}

// Adds to the meter how long it waited, as far as that was measured.
void World::stop_waiting(Process& process, QueueMeter& meter) {
    process.waiting = Waiting::No;
    meter.waited_ns += now_ns_ - std::max(process.since_ns, measured_from_ns_);
    meter.change(-1, now_ns_);
}

void World::note_dispatched(const os_process& process) {
    Process& timed = process_table_[process.pid];
    ++figures_.events;
    if (timed.waiting != Waiting::ForCpu) return;
    update_idle_beside_loaded();
    stop_waiting(timed, figures_.ready);
    (process.is_first ? figures_.interactive : figures_.dispatch).add(now_ns_ - timed.since_ns);
}

void World::note_sent(const os_process& process) {
    Process& timed = process_table_[process.pid];
    if (timed.waiting == Waiting::ForCpu) {
        update_idle_beside_loaded();
        stop_waiting(timed, figures_.ready);
    }
    timed.waiting = Waiting::ForMaster;
    timed.since_ns = now_ns_;
    ++figures_.master.arrivals;
    figures_.master.change(+1, now_ns_);
}

void World::note_served(const os_process& process) {
    Process& timed = process_table_[process.pid];
    ++figures_.events;
    if (timed.waiting == Waiting::ForMaster) stop_waiting(timed, figures_.master);
}

void World::note_paging(uint32_t pages) {
    figures_.page_outs += pages;
    if (free_pages_ > 0) figures_.page_outs_beside_free += pages;
}

void World::note_read(uint32_t block, uint32_t version) {
    ++figures_.reads;
    figures_.stale_reads += version != newest_version_[block];
}

void World::provide(os& system) {
    const os_config& config = system.config;
    const auto table = [this](auto& place, size_t count) {
        place = static_cast<std::remove_reference_t<decltype(place)>>(allocate(count * sizeof(*place)));
    };
    table(system.processes, config.processes);
    table(system.frames, size_t{config.frames_per_cpu} * config.cpus);
    table(system.buffers, size_t{config.buffers_per_cpu} * config.cpus);
    table(system.cpus, config.cpus);
    table(system.queues, config.cpus);
    table(system.pools, config.cpus);
    table(system.caches, config.cpus);
}

// Zeroed; pages that are never touched cost nothing.
void* World::allocate(size_t bytes) {
    const size_t size = std::max<size_t>(bytes, 1);
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory != MAP_FAILED, "no memory for %zu bytes", size);
    memory_.emplace_back(memory, size);
    return memory;
}

}  // namespace kloom::os_models
