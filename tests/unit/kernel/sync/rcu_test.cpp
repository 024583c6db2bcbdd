#include "kernel/sync/rcu.hpp"

#include <gtest/gtest.h>

#include "explore/bounded.hpp"
#include "kernel_program.hpp"

#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/srcu.h>

namespace kloom::tests {
namespace {

using explore::BoundedSearch;

struct Object {
    rcu_head rcu;
    bool is_freed;
};

Object g_object;
bool g_is_published;
srcu_struct g_srcu;
int g_callbacks;

void step() {
    machine::machine().step_global(0);
}

struct RcuProgram : KernelProgram {
    RcuProgram() : KernelProgram(2) {
        share(g_object);
        share(g_srcu);
        setup = [] {
            g_object = {};
            g_is_published = true;
            g_callbacks = 0;
            init_srcu_struct(&g_srcu);
        };
    }
    Count explore_bound(int bound) {
        BoundedSearch search(bound);
        return explore(search);
    }
};

struct Flavour {
    const char* name;
    int (*enter)();
    void (*leave)(int);
    void (*synchronize)();
};

int without_index(void (*enter)()) {
    enter();
    return 0;
}

const Flavour kFlavours[] = {
    {"rcu", [] { return without_index(rcu_read_lock); }, [](int) { rcu_read_unlock(); },
     synchronize_rcu},
    {"rcu_bh", [] { return without_index(rcu_read_lock_bh); }, [](int) { rcu_read_unlock_bh(); },
     synchronize_rcu},
    {"rcu_sched", [] { return without_index(rcu_read_lock_sched); },
     [](int) { rcu_read_unlock_sched(); }, synchronize_rcu},
    {"preempt_disable", [] { return without_index(preempt_disable); },
     [](int) { preempt_enable(); }, synchronize_rcu},
    {"srcu", [] { return srcu_read_lock(&g_srcu); },
     [](int index) { srcu_read_unlock(&g_srcu, index); }, [] { synchronize_srcu(&g_srcu); }},
};

// Whoever finds the object published may use it until he leaves.
TEST(Rcu, GracePeriodWaitsForReaders) {
    for (const Flavour& flavour : kFlavours) {
        SCOPED_TRACE(flavour.name);
        int uses = 0;
        RcuProgram program;
        program.threads = {[&] {
                               const int index = flavour.enter();
                               step();
                               if (g_is_published) {
                                   step();
                                   EXPECT_FALSE(g_object.is_freed);
                                   ++uses;
                               }
                               flavour.leave(index);
                           },
                           [&] {
                               step();
                               g_is_published = false;
                               flavour.synchronize();
                               g_object.is_freed = true;
                           }};
        const auto count = program.explore_bound(3);
        EXPECT_EQ(count.stuck, 0u);
        EXPECT_EQ(count.misuses, 0u);
        EXPECT_GT(uses, 0);
    }
}

// The pointer is read before the reader enters: some interleaving frees what he uses.
TEST(Rcu, GracePeriodDoesNotWaitForWhoEntersLate) {
    bool was_used_after_free = false;
    RcuProgram program;
    program.threads = {[&] {
                           step();
                           const bool is_published = g_is_published;
                           rcu_read_lock();
                           step();
                           was_used_after_free |= is_published && g_object.is_freed;
                           rcu_read_unlock();
                       },
                       [] {
                           step();
                           g_is_published = false;
                           synchronize_rcu();
                           g_object.is_freed = true;
                       }};
    program.explore_bound(1);
    EXPECT_TRUE(was_used_after_free);
}

void free_object(rcu_head* head) {
    EXPECT_TRUE(machine::machine().current().in_serving_softirq());
    container_of(head, Object, rcu)->is_freed = true;
    ++g_callbacks;
}

TEST(Rcu, CallbackRunsInASoftirqAfterTheReaders) {
    RcuProgram program;
    program.threads = {[] {
                           rcu_read_lock();
                           step();
                           if (g_is_published) {
                               step();
                               EXPECT_FALSE(g_object.is_freed);
                           }
                           rcu_read_unlock();
                       },
                       [] {
                           step();
                           g_is_published = false;
                           call_rcu(&g_object.rcu, free_object);
                           rcu_barrier();
                           EXPECT_TRUE(g_object.is_freed);
                       }};
    program.finish = [] { EXPECT_EQ(g_callbacks, 1); };
    EXPECT_EQ(program.explore_bound(2).stuck, 0u);
}

// The second grace period begins in a softirq and ends although only RCU's own interrupt runs on
// the CPU.
TEST(Rcu, CallbackMayQueueAnother) {
    RcuProgram program;
    program.threads = {[] {
        call_rcu(&g_object.rcu, [](rcu_head* head) { call_rcu(head, free_object); });
        rcu_barrier();
        rcu_barrier();
        EXPECT_TRUE(g_object.is_freed);
    }};

    EXPECT_EQ(program.explore_bound(0).stuck, 0u);
}

TEST(Srcu, CallbackRunsInATaskWithSoftirqsOff) {
    RcuProgram program;
    program.threads = {[] {
        call_srcu(&g_srcu, &g_object.rcu, [](rcu_head*) {
            EXPECT_TRUE(in_task());
            EXPECT_EQ(preempt_count(), int{SOFTIRQ_DISABLE_OFFSET});
            g_object.is_freed = true;
        });
        srcu_barrier(&g_srcu);
        EXPECT_TRUE(g_object.is_freed);
    }};

    EXPECT_EQ(program.explore_bound(1).stuck, 0u);
}

TEST(Srcu, IndexOfReadersChangesWithEachGracePeriod) {
    RcuProgram program;
    program.threads = {[] {
        for (const int expected : {0, 1, 0}) {
            const int index = srcu_read_lock(&g_srcu);
            EXPECT_EQ(index, expected);
            srcu_read_unlock(&g_srcu, index);
            synchronize_srcu(&g_srcu);
        }
    }};

    program.explore_bound(0);
}

TEST(Rcu, ReadersNest) {
    RcuProgram program;
    program.threads = {[] {
        rcu_read_lock();
        rcu_read_lock();
        rcu_read_unlock();
        EXPECT_TRUE(rcu_read_lock_held());
        rcu_read_unlock();
        EXPECT_FALSE(rcu_read_lock_held());
    }};
    EXPECT_EQ(program.explore_bound(0).misuses, 0u);
}

TEST(Rcu, MisuseIsReported) {
    struct Case {
        const char* name;
        void (*body)();
    };
    static int* pointer = nullptr;
    const Case cases[] = {
        {"unlock without lock", [] { rcu_read_unlock(); }},
        {"dereference outside of a reader", [] { EXPECT_EQ(rcu_dereference(pointer), nullptr); }},
        {"the same head twice",
         [] {
             call_rcu(&g_object.rcu, free_object);
             call_rcu(&g_object.rcu, free_object);
         }},
        {"srcu unlock without lock", [] { srcu_read_unlock(&g_srcu, 0); }},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.name);
        RcuProgram program;
        program.threads = {test.body};
        EXPECT_EQ(program.explore_bound(0).misuses, 1u);
        EXPECT_EQ(program.misuses.count("rcu-misuse"), 1u);
    }
}

TEST(Rcu, AReaderThatWaitsForReadersIsStuck) {
    RcuProgram program;
    program.threads = {[] {
        rcu_read_lock();
        synchronize_rcu();
    }};
    const auto count = program.explore_bound(0);
    EXPECT_EQ(count.stuck, 1u);
    EXPECT_EQ(count.misuses, 1u);
}

TEST(Rcu, PolledGracePeriodEndsWithItsReader) {
    RcuProgram program;
    program.threads = {[] {
        rcu_read_lock();
        const unsigned long cookie = start_poll_synchronize_rcu();
        EXPECT_FALSE(poll_state_synchronize_rcu(cookie));
        rcu_read_unlock();
        EXPECT_TRUE(poll_state_synchronize_rcu(cookie));
        EXPECT_FALSE(poll_state_synchronize_rcu(get_state_synchronize_rcu()));
    }};
    program.explore_bound(0);
}

TEST(Srcu, ReadersMaySleepAndOtherDomainsDoNotWait) {
    RcuProgram program;
    bool is_synchronized = false;
    program.threads = {[&] {
                           is_synchronized = false;
                           const int index = srcu_read_lock(&g_srcu);
                           schedule_timeout_uninterruptible(5);
                           EXPECT_TRUE(is_synchronized);
                           srcu_read_unlock(&g_srcu, index);
                       },
                       [&] {
                           schedule_timeout_uninterruptible(1);
                           synchronize_rcu();
                           is_synchronized = true;
                       }};
    EXPECT_EQ(program.explore_bound(0).stuck, 0u);
}

}  // namespace
}  // namespace kloom::tests
