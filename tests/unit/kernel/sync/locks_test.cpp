#include <gtest/gtest.h>

#include <set>

#include "explore/bounded.hpp"
#include "kernel/sync/locks.hpp"
#include "kernel_program.hpp"

#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>

namespace kloom::tests {
namespace {

using explore::BoundedSearch;
using kernel::kernel;

// Two threads that stay in a region for a while; how many are inside together, at most, in any
// interleaving.
struct Region {
    void stay() {
        most = std::max(most, ++inside);
        machine::machine().step_global(0);
        --inside;
    }
    int inside = 0;
    int most = 0;
};

struct ExclusionCase {
    const char* name;
    void (*enter)();
    void (*leave)();
    int together;  // how many threads may be inside at once
};

spinlock_t g_spinlock;
rwlock_t g_rwlock;
struct mutex g_mutex;
struct semaphore g_semaphore;
struct rw_semaphore g_rwsem;
unsigned long g_flags[2];

size_t self() {
    return machine::machine().cpu().index();
}

const ExclusionCase kExclusionCases[] = {
    {"spin_lock", [] { spin_lock(&g_spinlock); }, [] { spin_unlock(&g_spinlock); }, 1},
    {"spin_lock_bh", [] { spin_lock_bh(&g_spinlock); }, [] { spin_unlock_bh(&g_spinlock); }, 1},
    {"spin_lock_irq", [] { spin_lock_irq(&g_spinlock); }, [] { spin_unlock_irq(&g_spinlock); }, 1},
    {"spin_lock_irqsave",
     [] {
         unsigned long flags;
         spin_lock_irqsave(&g_spinlock, flags);
         g_flags[self()] = flags;
     },
     [] { spin_unlock_irqrestore(&g_spinlock, g_flags[self()]); }, 1},
    {"read_lock", [] { read_lock(&g_rwlock); }, [] { read_unlock(&g_rwlock); }, 2},
    {"write_lock", [] { write_lock(&g_rwlock); }, [] { write_unlock(&g_rwlock); }, 1},
    {"mutex", [] { mutex_lock(&g_mutex); }, [] { mutex_unlock(&g_mutex); }, 1},
    {"semaphore", [] { down(&g_semaphore); }, [] { up(&g_semaphore); }, 1},
    {"rwsem for reading", [] { down_read(&g_rwsem); }, [] { up_read(&g_rwsem); }, 2},
    {"rwsem for writing", [] { down_write(&g_rwsem); }, [] { up_write(&g_rwsem); }, 1},
};

void initialise_locks() {
    spin_lock_init(&g_spinlock);
    rwlock_init(&g_rwlock);
    mutex_init(&g_mutex);
    sema_init(&g_semaphore, 1);
    init_rwsem(&g_rwsem);
}

void share_locks(KernelProgram& program) {
    program.share(g_spinlock);
    program.share(g_rwlock);
    program.share(g_mutex);
    program.share(g_semaphore);
    program.share(g_rwsem);
}

TEST(Locks, ExcludeInEveryInterleaving) {
    for (const ExclusionCase& test : kExclusionCases) {
        SCOPED_TRACE(test.name);
        Region region;
        KernelProgram program;
        share_locks(program);
        program.setup = [&] {
            initialise_locks();
            region.inside = 0;
        };
        const auto visit = [&] {
            test.enter();
            region.stay();
            test.leave();
        };
        program.threads = {visit, visit};

        BoundedSearch search(2);
        const KernelProgram::Count count = program.explore(search);

        EXPECT_EQ(region.most, test.together);
        EXPECT_EQ(count.stuck, 0u);
        EXPECT_EQ(count.misuses, 0u);
        EXPECT_GT(count.executions, 1u);
    }
}

TEST(Locks, LeaveTheContextAsItWas) {
    for (const ExclusionCase& test : kExclusionCases) {
        SCOPED_TRACE(test.name);
        KernelProgram program;
        share_locks(program);
        program.setup = initialise_locks;
        program.threads = {[&] {
            const trace::PathInfo before = machine::machine().current();
            test.enter();
            test.leave();
            EXPECT_EQ(machine::machine().current().preempt_count, before.preempt_count);
            EXPECT_EQ(machine::machine().current().irqs_disabled, before.irqs_disabled);
        }};
        BoundedSearch search(0);
        program.explore(search);
    }
}

TEST(Spinlock, SwitchesOffWhatItsNameSays) {
    KernelProgram program;
    share_locks(program);
    program.setup = initialise_locks;
    program.threads = {[] {
        const machine::Path& path = machine::machine().current();
        spin_lock(&g_spinlock);
        EXPECT_EQ(path.preempt_count, 1u);
        EXPECT_FALSE(path.irqs_disabled);
        spin_unlock(&g_spinlock);
        spin_lock_bh(&g_spinlock);
        EXPECT_EQ(path.preempt_count, 0x201u);
        spin_unlock_bh(&g_spinlock);
        spin_lock_irq(&g_spinlock);
        EXPECT_TRUE(path.irqs_disabled);
        spin_unlock_irq(&g_spinlock);
    }};
    BoundedSearch search(0);
    program.explore(search);
}

TEST(Spinlock, TrylockFailsWhileItIsHeldAndChangesNothing) {
    std::set<int> results;
    KernelProgram program;
    share_locks(program);
    program.setup = initialise_locks;
    program.threads = {[] {
                           spin_lock(&g_spinlock);
                           spin_unlock(&g_spinlock);
                       },
                       [&] {
                           const int is_taken = spin_trylock(&g_spinlock);
                           results.insert(is_taken);
                           EXPECT_EQ(machine::machine().current().preempt_count,
                                     static_cast<unsigned>(is_taken));
                           if (is_taken) spin_unlock(&g_spinlock);
                       }};
    BoundedSearch search(2);
    program.explore(search);
    EXPECT_EQ(results, (std::set<int>{0, 1}));
}

TEST(Spinlock, TakenTwiceStopsThePath) {
    KernelProgram program;
    share_locks(program);
    program.setup = initialise_locks;
    program.threads = {[] {
        spin_lock(&g_spinlock);
        spin_lock(&g_spinlock);
    }};
    BoundedSearch search(0);
    EXPECT_EQ(program.explore(search).stuck, 1u);
}

TEST(Rwlock, WriterNeverMeetsAReader) {
    int readers = 0, writers = 0;
    KernelProgram program(3);
    share_locks(program);
    program.setup = [&] {
        initialise_locks();
        readers = writers = 0;
    };
    const auto read = [&] {
        read_lock(&g_rwlock);
        ++readers;
        machine::machine().step_global(0);
        EXPECT_EQ(writers, 0);
        --readers;
        read_unlock(&g_rwlock);
    };
    const auto write = [&] {
        write_lock(&g_rwlock);
        ++writers;
        machine::machine().step_global(0);
        EXPECT_EQ(readers, 0);
        --writers;
        write_unlock(&g_rwlock);
    };
    program.threads = {read, read, write};
    BoundedSearch search(1);
    EXPECT_EQ(program.explore(search).stuck, 0u);
}

TEST(Mutex, AbbaBlocksInSomeInterleavingOnly) {
    static struct mutex second;
    KernelProgram program;
    share_locks(program);
    program.share(second);
    program.setup = [] {
        initialise_locks();
        mutex_init(&second);
    };
    const auto nest = [](struct mutex& outer, struct mutex& inner) {
        mutex_lock(&outer);
        mutex_lock(&inner);
        mutex_unlock(&inner);
        mutex_unlock(&outer);
    };
    program.threads = {[&] { nest(g_mutex, second); }, [&] { nest(second, g_mutex); }};
    BoundedSearch search(2);
    const KernelProgram::Count count = program.explore(search);
    EXPECT_GT(count.stuck, 0u);
    EXPECT_LT(count.stuck, count.executions);
}

// The undisturbed run (bound 0) goes on with the path that stepped last, which takes the lock again
// and again.
TEST(Locks, NobodyIsPassedForEver) {
    struct Case {
        const char* name;
        void (*hog)();
        void (*wait)();
    };
    const Case cases[] = {
        {"spinlock",
         [] {
             spin_lock(&g_spinlock);
             machine::machine().step_global(0);
             spin_unlock(&g_spinlock);
         },
         [] { spin_lock(&g_spinlock), spin_unlock(&g_spinlock); }},
        {"rwlock",
         [] {
             read_lock(&g_rwlock);
             machine::machine().step_global(0);
             read_unlock(&g_rwlock);
         },
         [] { write_lock(&g_rwlock), write_unlock(&g_rwlock); }},
        {"mutex",
         [] {
             mutex_lock(&g_mutex);
             schedule_timeout_uninterruptible(1);
             mutex_unlock(&g_mutex);
         },
         [] { mutex_lock(&g_mutex), mutex_unlock(&g_mutex); }},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.name);
        constexpr int kRounds = 100;
        int rounds_before_waiter = 0;
        bool is_served = false;
        KernelProgram program(3);
        share_locks(program);
        program.setup = [&] {
            initialise_locks();
            rounds_before_waiter = 0;
            is_served = false;
        };
        const auto hog = [&] {
            for (int round = 0; round < kRounds; ++round) {
                test.hog();
                rounds_before_waiter += is_served ? 0 : 1;
            }
        };
        program.threads = {hog, hog, [&] {
                               test.wait();
                               is_served = true;
                           }};
        BoundedSearch search(0);
        EXPECT_EQ(program.explore(search).stuck, 0u);
        EXPECT_LT(rounds_before_waiter, kRounds);
    }
}

// A sleeper in mutex_lock_interruptible() or down_interruptible() gets -EINTR; the lock stays with
// its holder.
TEST(SleepingLocks, SignalEndsTheWait) {
    struct Case {
        const char* name;
        int (*enter)();
    };
    const Case cases[] = {
        {"mutex", [] { return mutex_lock_interruptible(&g_mutex); }},
        {"semaphore", [] { return down_interruptible(&g_semaphore); }},
        {"rwsem", [] { return down_read_interruptible(&g_rwsem); }},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.name);
        task_struct* sleeper = nullptr;
        std::set<int> results;
        KernelProgram program;
        share_locks(program);
        program.setup = [&] {
            initialise_locks();
            mutex_lock(&g_mutex);
            down(&g_semaphore);
            down_write(&g_rwsem);
            sleeper = nullptr;
        };
        program.threads = {[&] {
                               allow_signal(10);
                               machine::machine().step_global(0);
                               sleeper = get_current();
                               results.insert(test.enter());
                           },
                           [&] {
                               KernelProgram::wait_until(
                                   [](const void* task) {
                                       return *static_cast<task_struct* const*>(task) != nullptr;
                                   },
                                   &sleeper);
                               send_sig(10, sleeper, 0);
                           }};
        BoundedSearch search(1);
        EXPECT_EQ(program.explore(search).stuck, 0u);
        EXPECT_EQ(results, std::set<int>{-EINTR});
    }
}

TEST(Semaphore, AdmitsAsManyAsItCounts) {
    Region region;
    KernelProgram program(3);
    share_locks(program);
    program.setup = [&] {
        sema_init(&g_semaphore, 2);
        region.inside = 0;
    };
    const auto visit = [&] {
        down(&g_semaphore);
        region.stay();
        up(&g_semaphore);
    };
    program.threads = {visit, visit, visit};
    BoundedSearch search(1);
    EXPECT_EQ(program.explore(search).stuck, 0u);
    EXPECT_EQ(region.most, 2);
    EXPECT_EQ(g_semaphore.count, 2u);
}

TEST(Semaphore, TimeoutEndsTheWait) {
    KernelProgram program;
    share_locks(program);
    program.setup = [] { sema_init(&g_semaphore, 0); };
    program.threads = {[] {
        const trace::VirtualTime before = machine::machine().now();
        EXPECT_EQ(down_timeout(&g_semaphore, 5), -ETIME);
        EXPECT_GE(machine::machine().now() - before, 4 * trace::kNanosecondsPerSecond / 250);
    }};
    BoundedSearch search(0);
    EXPECT_EQ(program.explore(search).stuck, 0u);
}

// The boot task reads; the writer queues; the second thread sees that a reader is turned away, and
// ends the first reading.
TEST(Rwsem, ReaderWaitsBehindAWaitingWriter) {
    bool has_written = false;
    KernelProgram program;
    share_locks(program);
    program.setup = [&] {
        initialise_locks();
        down_read(&g_rwsem);
        has_written = false;
    };
    program.threads = {[&] {
                           down_write(&g_rwsem);
                           has_written = true;
                           up_write(&g_rwsem);
                       },
                       [&] {
                           const auto has_waiter = [](const void* sem) {
                               return kernel().locks->sleepers().first(sem) != nullptr;
                           };
                           KernelProgram::wait_until(has_waiter, &g_rwsem);
                           EXPECT_EQ(down_read_trylock(&g_rwsem), 0);
                           up_read(&g_rwsem);
                       }};
    program.finish = [&] { EXPECT_TRUE(has_written); };
    BoundedSearch search(1);
    EXPECT_EQ(program.explore(search).stuck, 0u);
}

// A reader, a writer and another reader queue behind a writer, in this order.
TEST(Rwsem, ReadersThatSleepGoInTogether) {
    int inside = 0, most_inside = 0;
    KernelProgram program(1);
    share_locks(program);
    program.setup = initialise_locks;
    const auto read = [&] {
        down_read(&g_rwsem);
        most_inside = std::max(most_inside, ++inside);
        msleep(10);
        --inside;
        up_read(&g_rwsem);
    };
    program.threads = {[] {
                           down_write(&g_rwsem);
                           msleep(100);
                           up_write(&g_rwsem);
                       },
                       [&] { msleep(10), read(); },
                       [&] {
                           msleep(20);
                           down_write(&g_rwsem);
                           EXPECT_EQ(inside, 0);
                           up_write(&g_rwsem);
                       },
                       [&] { msleep(30), read(); }};
    program.finish = [&] { EXPECT_EQ(most_inside, 2); };
    BoundedSearch search(0);
    EXPECT_EQ(program.explore(search).stuck, 0u);
}

TEST(Rwsem, CountIsThatOfLinux) {
    KernelProgram program;
    share_locks(program);
    program.setup = initialise_locks;
    program.threads = {[] {
        down_write(&g_rwsem);
        EXPECT_EQ(g_rwsem.count.counter, 1);
        downgrade_write(&g_rwsem);
        EXPECT_EQ(g_rwsem.count.counter, 256);
        up_read(&g_rwsem);
        EXPECT_EQ(g_rwsem.count.counter, 0);
    }};
    BoundedSearch search(0);
    program.explore(search);
}

}  // namespace
}  // namespace kloom::tests
