#include "unit/detect/event_script.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace kloom::detect::testing {

namespace {

constexpr int kCpus = 4;
// Ids 0 .. 2 * kCpus - 1 are the handlers', as on the machine.
constexpr uint16_t kFirstTask = 2 * kCpus;
constexpr uintptr_t kLineBytes = 64;

}  // namespace

EventScript::EventScript() {
    memory_.add_region(trace::Region::ModuleData, kData, kData + 0x10000);
    memory_.add_region(trace::Region::User, kUser, kUser + 0x10000);
    memory_.set_static_percpu(kPerCpu, kPerCpu + 0x1000, kCpus);
    memory_.set_heap(kHeap, kHeap + (uintptr_t{1} << 24));
    detectors_ = make_detectors(
        {.memory = memory_, .visible = visible_, .happens_before = happens_before_, .sink = sink_});
    observers_.add(happens_before_);
    for (const auto& detector : detectors_) observers_.add(*detector);
    begin_execution();
}

void EventScript::begin_execution() {
    memory_.begin_execution();
    heap_top_ = kHeap + 0x1000;
    number_ = 0;
    time_ = 0;
    paths_.assign(kFirstTask, trace::PathInfo());
    observers_.begin_execution();
}

// ---- paths --------------------------------------------------------------------------------------

PathId EventScript::begin(trace::PathInfo path) {
    path.id = PathId(static_cast<uint16_t>(paths_.size()));
    std::snprintf(path.name, sizeof path.name, "task %d", path.id.value);
    paths_.push_back(path);
    return path.id;
}

PathId EventScript::task(CpuId cpu, PathId creator) {
    trace::PathInfo path;
    path.cpu = cpu;
    const PathId id = begin(path);
    emit(id, 0, {.kind = EventKind::PathBegin, .value = creator.value});
    return id;
}

PathId EventScript::user(CpuId cpu) {
    const PathId id = task(cpu);
    info(id).is_user = true;
    return id;
}

PathId EventScript::handler(trace::PathKind kind, CpuId cpu, PathId interrupted) {
    const bool is_hardirq = kind == trace::PathKind::Hardirq;
    const PathId id(static_cast<uint16_t>(cpu.value * 2 + (is_hardirq ? 0 : 1)));
    const uint32_t below = interrupted != trace::kNoPath ? info(interrupted).preempt_count : 0;
    trace::PathInfo& path = info(id);
    path = trace::PathInfo();
    path.id = id;
    path.kind = kind;
    path.cpu = cpu;
    path.irqs_disabled = is_hardirq;
    path.preempt_count = below + (is_hardirq ? trace::kHardirqOffset : trace::kSoftirqOffset);
    path.interrupted = interrupted;
    emit(id, 0, {.kind = EventKind::PathBegin, .value = interrupted.value});
    return id;
}

PathId EventScript::hardirq(CpuId cpu, PathId interrupted) {
    return handler(trace::PathKind::Hardirq, cpu, interrupted);
}
PathId EventScript::softirq(CpuId cpu, PathId interrupted) {
    return handler(trace::PathKind::Softirq, cpu, interrupted);
}

void EventScript::end(PathId path) {
    emit(path, 0, {.kind = EventKind::PathEnd});
}

void EventScript::migrate(PathId path, CpuId to) {
    const CpuId from = info(path).cpu;
    info(path).cpu = to;
    emit(path, 0, {.kind = EventKind::Migrate, .value = from.value});
}

void EventScript::block(PathId path, int line, const char* what, uintptr_t object) {
    emit(path, line, {.kind = EventKind::PathBlock, .address = object, .text = what});
}

void EventScript::wake(PathId woken, PathId waker) {
    emit(woken, 0, {.kind = EventKind::PathWake, .value = waker.value});
}

// ---- memory -------------------------------------------------------------------------------------

void EventScript::access(PathId path, int line, uintptr_t address, uint16_t flags, uint32_t size) {
    emit(path, line, {.kind = EventKind::Access, .flags = flags, .size = size, .address = address});
}

void EventScript::update(PathId path, int line, uintptr_t address) {
    read(path, line, address);
    write(path, line, address);
}

uintptr_t EventScript::allocate(PathId path, int line, uint64_t size) {
    trace::HeapObject object;
    object.address = heap_top_;
    object.size = size;
    object.allocated_by = path;
    object.allocated_at = static_cast<uintptr_t>(line) * kLineBytes;
    object.function = "kmalloc";
    memory_.add_object(object);
    heap_top_ += 0x1000;
    emit(path, line,
         {.kind = EventKind::Allocate,
          .size = static_cast<uint32_t>(size),
          .address = object.address,
          .text = "kmalloc"});
    return object.address;
}

void EventScript::free(PathId path, int line, uintptr_t address) {
    trace::HeapObject* object = memory_.find_object(address);
    const bool is_object = object != nullptr && object->address == address;
    emit(path, line,
         {.kind = EventKind::Free,
          .flags = static_cast<uint16_t>(trace::MemoryKind::Slab),
          .size = is_object ? static_cast<uint32_t>(object->size) : 0,
          .address = address,
          .text = "kfree"});
    if (!is_object) return;
    object->is_live = false;
    object->freed_by = path;
    object->freed_at = static_cast<uintptr_t>(line) * kLineBytes;
}

void EventScript::percpu_address(PathId path, int line, CpuId owner, uint16_t flags) {
    emit(path, line,
         {.kind = EventKind::PerCpuAddress,
          .flags = flags,
          .address = counter_of(owner),
          .value = owner.value});
}

// ---- locks and context --------------------------------------------------------------------------

void EventScript::request(PathId path, int line, uintptr_t lock, uint16_t flags) {
    emit(path, line,
         {.kind = EventKind::LockRequest, .flags = flags, .address = lock, .text = "lock"});
}

void EventScript::acquire_lock(PathId path, int line, uintptr_t lock, uint16_t flags) {
    emit(path, line,
         {.kind = EventKind::LockAcquire, .flags = flags, .address = lock, .text = "lock"});
}

void EventScript::lock(PathId path, int line, uintptr_t lock, uint16_t flags) {
    request(path, line, lock, flags);
    acquire_lock(path, line, lock, flags);
}

void EventScript::unlock(PathId path, int line, uintptr_t lock, uint16_t flags) {
    emit(path, line,
         {.kind = EventKind::LockRelease, .flags = flags, .address = lock, .value = path.value});
}

void EventScript::add_preempt_count(PathId path, int line, int difference) {
    const uint32_t old = info(path).preempt_count;
    info(path).preempt_count = old + static_cast<uint32_t>(difference);
    emit(path, line,
         {.kind = EventKind::ContextChange,
          .value = old | uint64_t{info(path).irqs_disabled} << 32});
}

void EventScript::set_irqs(PathId path, int line, bool disabled) {
    const bool old = info(path).irqs_disabled;
    info(path).irqs_disabled = disabled;
    emit(path, line,
         {.kind = EventKind::ContextChange,
          .value = info(path).preempt_count | uint64_t{old} << 32});
}

void EventScript::emit(PathId path, int line, Event event) {
    if (path != trace::kNoPath) {
        event.path = path;
        event.info = &info(path);
        event.cpu = event.info->cpu;
    }
    event.pc = static_cast<uintptr_t>(line) * kLineBytes;
    event.number = ++number_;
    event.time = time_;
    observers_.notify(event);
}

trace::PathInfo& EventScript::info(PathId path) {
    return paths_[path.index()];
}

// ---- results ------------------------------------------------------------------------------------

std::string EventScript::ids() const {
    std::string ids;
    for (const trace::Finding& finding : findings())
        ids += (ids.empty() ? "" : " ") + std::string(finding.id);
    return ids;
}

const trace::Finding& EventScript::finding(const std::string& id) const {
    static const trace::Finding kNone;
    for (const trace::Finding& finding : findings())
        if (finding.id == id) return finding;
    ADD_FAILURE() << "no " << id << " among: " << ids();
    return kNone;
}

}  // namespace kloom::detect::testing
