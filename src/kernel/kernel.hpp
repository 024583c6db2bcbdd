// The kernel: the first environment on the machine.
//
// It is a set of services, one class and one folder or file each, all owned here. A service keeps what it knows about the
// current execution in its object and forgets it in begin_execution(). The extern "C" functions that modules call are
// thin: KLOOM_API(), checks, then a method of a service.
//
// How a service function is written:
//
//   extern "C" int wake_up_process(struct task_struct* task) {
//       KLOOM_API();                                        // remember the call site
//       note_object(task, sizeof *task, "wake_up_process"); // must be live memory
//       machine().step_global(0);                           // visible: others may run before it
//       ...                                                 // atomic from here to the next step()
//   }
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "machine/machine.hpp"

namespace kloom::kernel {

using machine::machine;
using trace::CpuId;
using trace::VirtualTime;

// Where the loaded module lies. Fixed for a session.
struct ModuleImage {
    std::string name;                 // KBUILD_MODNAME
    uintptr_t text_begin = 0, text_end = 0;
    uintptr_t image_begin = 0, image_end = 0;  // everything that was mapped
    bool contains(uintptr_t address) const { return address >= image_begin && address < image_end; }
    bool contains_text(uintptr_t address) const { return address >= text_begin && address < text_end; }
};

class Service {
  public:
    virtual ~Service() = default;
    // Forgets the previous execution. Not on a fiber. Cheap when nothing was used.
    virtual void begin_execution() {}
    // The module is gone (after exit, or after a failed init): emits a Leftover event for whatever of it is still alive.
    // On the fiber of rmmod.
    virtual void report_leftovers(const ModuleImage&) {}
};

class LogService;        // log.hpp: printk's ring, dmesg
class TaskService;       // sched/tasks.hpp: task_struct, kthreads, schedule, signals
class HotplugService;    // smp/hotplug.hpp: CPU masks, hotplug states, smp_call_function
class SlabService;       // mm/slab.hpp: kmalloc, kmem_cache, vmalloc, pages
class PerCpuService;     // mm/percpu.hpp
class LockService;       // sync/locks.hpp: who holds and who waits for locks
class WaitQueueService;  // sync/wait_queues.hpp
class RcuService;        // sync/rcu.hpp
class TimerService;      // time/timers.hpp: timer_list
class HrtimerService;    // time/hrtimers.hpp
class SoftirqService;    // irq/softirq.hpp: softirq table, tasklets, ksoftirqd
class IrqService;        // irq/irq.hpp: request_irq, handlers, threaded interrupts
class IoService;         // io/io.hpp: I/O ports, device memory
class WorkqueueService;  // workqueue/workqueue.hpp
class VfsService;        // fs/vfs.hpp: files, inodes, /proc, /dev, /sys, debugfs
class UserService;       // user/user.hpp: user processes and their commands
class ModuleService;     // module/module.hpp: load, parameters, unload

class Kernel final : public machine::Environment {
  public:
    explicit Kernel(machine::Machine& machine);
    ~Kernel() override;

    void begin_execution() override;
    void report_leftovers();

    ModuleImage module;  // set by the loader

    std::unique_ptr<LogService> log;
    std::unique_ptr<TaskService> tasks;
    std::unique_ptr<HotplugService> hotplug;
    std::unique_ptr<SlabService> slab;
    std::unique_ptr<PerCpuService> percpu;
    std::unique_ptr<LockService> locks;
    std::unique_ptr<WaitQueueService> wait_queues;
    std::unique_ptr<RcuService> rcu;
    std::unique_ptr<TimerService> timers;
    std::unique_ptr<HrtimerService> hrtimers;
    std::unique_ptr<SoftirqService> softirqs;
    std::unique_ptr<IrqService> irqs;
    std::unique_ptr<IoService> io;
    std::unique_ptr<WorkqueueService> workqueues;
    std::unique_ptr<VfsService> vfs;
    std::unique_ptr<UserService> users;
    std::unique_ptr<ModuleService> modules;

    void handle_irq(uint32_t line) override;
    void handle_softirq(int nr) override;
    void on_switch(machine::Task* previous, machine::Task* next, CpuId cpu) override;
    void on_task_end(machine::Task& task) override;
    void on_block(machine::Task& task) override;
    void wake_softirq_thread(CpuId cpu) override;

  private:
    machine::Machine& machine_;
    std::vector<Service*> services_;  // in the order of begin_execution
};

// The kernel of this process; exists from load to the end of the session.
Kernel& kernel();

// Words for events, so that services need not fill an Event by hand. All concern the current path.
void emit_acquire(const void* object);
void emit_release(const void* object);
void emit_might_sleep(const char* function, bool surely_sleeps);
void emit_callback_enter(const void* function, const char* kind);
void emit_callback_return(const void* function, const char* kind);
void emit_leftover(const char* kind, const char* name, const void* object);
// Misuse that only the kernel can see ("irq-imbalance", ...): `finding_id` has static storage.
void emit_misuse(const char* finding_id, trace::Severity severity, const char* message, const void* object = nullptr);

}  // namespace kloom::kernel
