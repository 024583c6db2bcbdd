// Events and observers: what happened, told in order to whoever watches.
//
// Detectors, the happens-before clocks and the recorder are Observers. The machine, the hooks and the kernel emit
// Events; the session connects them. An Event is a flat struct so that emitting one costs no allocation; which fields a
// kind uses is documented at the enumerator.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "trace/ids.hpp"
#include "trace/path.hpp"

namespace kloom::trace {

enum class EventKind : uint8_t {
    // Memory. `address`, `size`, `flags` = AccessFlags. Emitted before the access happens.
    Access,
    // The kernel uses an object of the module (a lock, a timer, a list head) of `size` bytes at `address`: it must be
    // live memory, but the use is no data access. `text` = the kernel function.
    ObjectUse,
    // `address`, `size`; `flags` = MemoryKind; `text` = the kernel function (kmalloc, alloc_percpu, ...).
    Allocate,
    // `address` as passed; `size` = size of the object or 0 if there is none there; `flags` = MemoryKind expected;
    // `text` = the kernel function. Emitted before the memory map changes.
    Free,

    // Order. A path publishes its history on / takes over the history of the object at `address`.
    Release,
    Acquire,

    // Locks. `address` = the lock, `value` = address of the lock class key (0: the lock itself), `flags` = LockFlags,
    // `size` = nesting subclass, `text` = class name or null.
    LockRequest,  // about to take it; may wait
    LockAcquire,  // taken (also by a trylock that succeeded)
    LockRelease,  // emitted before it is released; `value` = PathId of the owner recorded in the lock or kNoPath
    LockInit,     // initialised or re-initialised; `size` = bytes of the lock object
    LockDestroy,

    // Paths.
    PathBegin,   // `value` = PathId of the creator or of the interrupted path
    PathEnd,
    PathBlock,   // leaves its CPU to sleep; `text` = what it waits for, `address` = object or 0, `value` = deadline or 0
    PathWake,    // made runnable; `value` = PathId of the path that woke it, or kNoPath for time
    PathSwitch,  // a CPU takes up this path (context switch); `value` = PathId it ran before
    Migrate,     // `value` = CPU it left
    ContextChange,  // preempt_count or irqs_disabled changed; `value` = old preempt_count | old irqs_disabled << 32

    // Rules of the kernel.
    MightSleep,     // a function that may sleep was entered; `text` = its name; `flags` = 1: it surely sleeps now
    CpuNumberRead,  // smp_processor_id; `flags` = CpuReadFlags; `value` = number returned
    PerCpuAddress,  // a per-CPU address was computed: `address` = result, `value` = its CPU, `flags` = CpuReadFlags
    UserAccess,     // copy_to/from_user and friends of `size` bytes; `text` = function
    ReturnToUser,   // a system call ends; `text` = call. Locks held or preemption off here are defects
    HandlerReturn,  // an interrupt, softirq, timer or work function returned; `address` = function
    CallbackEnter,  // the kernel calls module code: `address` = function, `text` = kind ("timer", "work", "init")
    CallbackReturn,

    // Interrupt lines: `value` = line.
    IrqRequest,
    IrqFree,
    IrqDisable,  // `size` = depth after
    IrqEnable,   // `size` = depth before (0: unbalanced)
    IrqRaise,

    // Words.
    Message,    // printk; `text` = the line, `flags` = level
    Assertion,  // WARN or BUG; `text` = condition or message; `flags` = 1 for BUG, 2 for panic
    // The kernel itself found misuse that only it can see: `text` = finding id, `detail` = message, `flags` = Severity.
    Misuse,
    // After unload: something of the module is still alive. `text` = kind (kthread, timer, work, irq, file, ...),
    // `detail` = its name, `address` = object or function.
    Leftover,

    // Execution. `value` as said.
    ModuleLoad,    // before init
    ModuleLoaded,  // after init; `value` = its return value
    ModuleUnload,  // before exit
    ModuleGone,    // after exit returned and the leftovers were reported
    Stuck,         // nothing can ever step again; observers decide whether it is a deadlock or a hang
    Hung,          // the path sleeps without a deadline, whatever signals come, for `value` ns while others go on; again and again
    Count_,
};

inline constexpr size_t kEventKinds = static_cast<size_t>(EventKind::Count_);

enum AccessFlags : uint16_t {
    kRead = 1,
    kWrite = 2,
    kMarked = 4,     // READ_ONCE, WRITE_ONCE, volatile
    kAtomic = 8,     // an atomic operation of the whole machine (lock prefix)
    kAcquireOrder = 16,
    kReleaseOrder = 32,
    kCpuAtomic = 64,  // this_cpu operation: one instruction, atomic against everything on its own CPU only
    kIgnoreRace = 128,  // inside data_race()
    kByKernel = 256,    // done by a kernel function on behalf of the module (memcpy, copy_from_user)
    kFailedCompare = 512,  // a compare-and-swap that did not store
};

enum LockFlags : uint16_t {
    kLockExclusive = 0,
    kLockShared = 1,      // read side
    kLockTry = 2,
    kLockSleeps = 4,      // mutex, semaphore, rwsem: may sleep
    kLockRecursiveRead = 8,  // a reader that waits for no reader, and for no writer that waits itself
    kLockNoOwner = 16,    // semaphore: anybody may release
    kLockNoOrder = 32,    // not part of lock-order rules (semaphores used for signalling, internal locks)
    kLockRcu = 64,
    kLockWoundWait = 128,  // ww_mutex: locks of its class are taken in any order
    kLockInContext = 256,  // a ww_mutex taken in an acquire context, so that its holder can be made to give way
};

enum CpuReadFlags : uint16_t {
    kCpuReadChecked = 1,  // the debug kernel would complain in preemptible code (smp_processor_id, this_cpu_ptr)
    kCpuReadGuarded = 2,  // get_cpu, get_cpu_ptr, get_cpu_var: disables preemption itself
    kCpuReadRaw = 4,      // raw_smp_processor_id, raw_cpu_ptr: the caller takes the risk
    kCpuReadRemote = 8,   // per_cpu, per_cpu_ptr: the CPU was named explicitly
};

enum class MemoryKind : uint8_t { Slab, Cache, PerCpu, Vmalloc, Pages, KernelObject };

struct Event {
    EventKind kind = EventKind::Message;
    uint16_t flags = 0;
    CpuId cpu = kNoCpu;
    PathId path = kNoPath;
    uint32_t size = 0;
    uintptr_t pc = 0;  // in the module (its call or access); 0 if none
    uintptr_t address = 0;
    uint64_t value = 0;
    uint64_t number = 0;  // position in the execution, counts every event and every access
    VirtualTime time = 0;
    const PathInfo* info = nullptr;  // of `path`; null for events without a path
    const char* text = nullptr;      // valid during the call only
    const char* detail = nullptr;
};

class Observer {
  public:
    virtual ~Observer() = default;

    // The kinds it wants, as a bit mask of (1 << kind). Constant for the observer's life.
    virtual uint64_t interests() const = 0;
    virtual void begin_execution() {}
    virtual void on_event(const Event& event) = 0;
    virtual void end_execution() {}
};

constexpr uint64_t interest(EventKind kind) { return uint64_t{1} << static_cast<unsigned>(kind); }
template <class... Kinds>
constexpr uint64_t interests_of(Kinds... kinds) {
    return (interest(kinds) | ...);
}

// The observers of a session, sorted by what they want. Order of registration is order of notification.
class ObserverList {
  public:
    void add(Observer& observer) {
        all_.push_back(&observer);
        for (size_t kind = 0; kind < kEventKinds; ++kind)
            if (observer.interests() >> kind & 1) by_kind_[kind].push_back(&observer);
    }
    void clear() { *this = ObserverList(); }

    void begin_execution() const {
        for (Observer* observer : all_) observer->begin_execution();
    }
    void end_execution() const {
        for (Observer* observer : all_) observer->end_execution();
    }
    void notify(const Event& event) const {
        for (Observer* observer : by_kind_[static_cast<size_t>(event.kind)]) observer->on_event(event);
    }
    bool wants(EventKind kind) const { return !by_kind_[static_cast<size_t>(kind)].empty(); }

  private:
    std::vector<Observer*> all_;
    std::array<std::vector<Observer*>, kEventKinds> by_kind_;
};

}  // namespace kloom::trace
