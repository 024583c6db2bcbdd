// Wound/wait mutexes.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "explore/bounded.hpp"
#include "kernel_program.hpp"

#include <linux/sched/signal.h>
#include <linux/ww_mutex.h>

namespace kloom::tests {
namespace {

using explore::BoundedSearch;

DEFINE_WW_CLASS(g_wound_wait);
DEFINE_WD_CLASS(g_wait_die);

ww_mutex g_a, g_b;
ww_acquire_ctx g_contexts[2];

void initialise(ww_class& kind) {
    kind.stamp.counter = 0;
    ww_mutex_init(&g_a, &kind);
    ww_mutex_init(&g_b, &kind);
}

void share(KernelProgram& program) {
    program.share(g_wound_wait);
    program.share(g_wait_die);
    program.share(g_a);
    program.share(g_b);
    program.share(g_contexts);
}

// Takes both locks, `first` first unless it has to give way; returns how often it had to.
int take_both(ww_acquire_ctx& context, ww_mutex* first, ww_mutex* second) {
    int retreats = 0;
    int error = ww_mutex_lock(first, &context);
    for (; error == 0; ++retreats) {  // ends: the contended lock is taken, which the older one wins
        error = ww_mutex_lock(second, &context);
        if (error == 0) break;
        EXPECT_EQ(error, -EDEADLK);
        ww_mutex_unlock(first);
        ww_mutex_lock_slow(second, &context);
        std::swap(first, second);
        error = 0;
    }
    EXPECT_EQ(error, 0);
    return retreats;
}

TEST(WwMutex, BothOrdersNeitherBlockNorMeet) {
    for (ww_class* kind : {&g_wound_wait, &g_wait_die}) {
        SCOPED_TRACE(kind == &g_wait_die ? "wait-die" : "wound-wait");
        int inside = 0, most = 0, retreats = 0;
        KernelProgram program;
        share(program);
        program.setup = [&] {
            initialise(*kind);
            inside = 0;
        };
        const auto visit = [&](ww_acquire_ctx& context, ww_mutex& first, ww_mutex& second) {
            ww_acquire_init(&context, kind);
            retreats += take_both(context, &first, &second);
            ww_acquire_done(&context);
            most = std::max(most, ++inside);
            machine::machine().step_global(0);
            --inside;
            ww_mutex_unlock(&second);
            ww_mutex_unlock(&first);
            ww_acquire_fini(&context);
        };
        program.threads = {[&] { visit(g_contexts[0], g_a, g_b); },
                           [&] { visit(g_contexts[1], g_b, g_a); }};
        BoundedSearch search(2);

        const KernelProgram::Count count = program.explore(search);

        EXPECT_EQ(count.stuck, 0u);
        EXPECT_EQ(count.misuses, 0u);
        EXPECT_EQ(most, 1);
        EXPECT_GT(retreats, 0);
    }
}

TEST(WwMutex, TheOlderContextGoesFirst) {
    for (ww_class* kind : {&g_wound_wait, &g_wait_die}) {
        SCOPED_TRACE(kind == &g_wait_die ? "wait-die" : "wound-wait");
        std::set<int> older, younger;
        KernelProgram program;
        share(program);
        program.setup = [&] {
            initialise(*kind);
            ww_acquire_init(&g_contexts[0], kind);
            ww_acquire_fini(&g_contexts[0]);
        };
        const auto visit = [](ww_acquire_ctx& context, ww_mutex& first, ww_mutex& second) {
            EXPECT_EQ(ww_mutex_lock(&first, &context), 0);
            const int error = ww_mutex_lock(&second, &context);
            if (error == 0) ww_mutex_unlock(&second);
            ww_mutex_unlock(&first);
            return error;
        };
        program.threads = {[&] { older.insert(visit(g_contexts[0], g_a, g_b)); },
                           [&] {
                               ww_acquire_init(&g_contexts[1], kind);
                               younger.insert(visit(g_contexts[1], g_b, g_a));
                               g_contexts[1].contending_lock = nullptr;
                               ww_acquire_fini(&g_contexts[1]);
                           }};
        BoundedSearch search(2);

        EXPECT_EQ(program.explore(search).stuck, 0u);

        EXPECT_EQ(older, std::set<int>{0});
        EXPECT_EQ(younger, (std::set<int>{0, -EDEADLK}));
    }
}

TEST(WwMutex, AContextTakesALockOnce) {
    KernelProgram program;
    share(program);
    program.setup = [] { initialise(g_wound_wait); };
    program.threads = {[] {
        ww_acquire_init(&g_contexts[0], &g_wound_wait);
        EXPECT_EQ(ww_mutex_lock(&g_a, &g_contexts[0]), 0);
        EXPECT_EQ(ww_mutex_lock(&g_a, &g_contexts[0]), -EALREADY);
        EXPECT_EQ(ww_mutex_trylock(&g_a, nullptr), 0);
        EXPECT_EQ(g_contexts[0].acquired, 1u);
        ww_mutex_unlock(&g_a);
        EXPECT_EQ(ww_mutex_trylock(&g_a, &g_contexts[0]), 1);
        EXPECT_EQ(g_a.ctx, &g_contexts[0]);
        ww_mutex_unlock(&g_a);
        ww_acquire_fini(&g_contexts[0]);
    }};
    BoundedSearch search(0);
    EXPECT_EQ(program.explore(search).misuses, 0u);
}

TEST(WwMutex, WithoutAContextItIsAMutex) {
    int inside = 0, most = 0;
    KernelProgram program;
    share(program);
    program.setup = [&] {
        initialise(g_wound_wait);
        inside = 0;
    };
    const auto visit = [&] {
        EXPECT_EQ(ww_mutex_lock(&g_a, nullptr), 0);
        most = std::max(most, ++inside);
        machine::machine().step_global(0);
        --inside;
        ww_mutex_unlock(&g_a);
    };
    program.threads = {visit, visit};
    BoundedSearch search(2);
    EXPECT_EQ(program.explore(search).stuck, 0u);
    EXPECT_EQ(most, 1);
}

TEST(WwMutex, WrongUseIsReported) {
    struct Case {
        const char* name;
        void (*act)(ww_acquire_ctx* context);
    };
    const Case cases[] = {
        {"slow without contention", [](ww_acquire_ctx* c) { ww_mutex_lock_slow(&g_a, c); }},
        {"done twice", [](ww_acquire_ctx* c) { ww_acquire_done(c), ww_acquire_done(c); }},
        {"lock after done",
         [](ww_acquire_ctx* c) { ww_acquire_done(c), (void)ww_mutex_lock(&g_a, c); }},
        {"end with a lock",
         [](ww_acquire_ctx* c) { (void)ww_mutex_lock(&g_a, c), ww_acquire_fini(c); }},
        {"another class",
         [](ww_acquire_ctx* c) { c->ww_class = &g_wait_die, (void)ww_mutex_lock(&g_a, c); }},
        {"a second context",
         [](ww_acquire_ctx*) { ww_acquire_init(&g_contexts[1], &g_wound_wait); }},
        {"contended lock not first",
         [](ww_acquire_ctx* c) { c->contending_lock = &g_b, (void)ww_mutex_lock(&g_a, c); }},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.name);
        KernelProgram program;
        share(program);
        program.setup = [] { initialise(g_wound_wait); };
        program.threads = {[&] {
            ww_acquire_init(&g_contexts[0], &g_wound_wait);
            test.act(&g_contexts[0]);
        }};
        BoundedSearch search(0);
        program.explore(search);
        EXPECT_EQ(program.misuses["lock-misuse"], 1);
    }
}

}  // namespace
}  // namespace kloom::tests
