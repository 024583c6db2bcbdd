// The kernel's spelling, as its texts use it.
#include "percpu/kernel.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "unit/percpu/without_rseq.hpp"

DECLARE_PER_CPU(int, sockets_in_use);
DEFINE_PER_CPU(int, sockets_in_use);
static DEFINE_PER_CPU(int[3], my_array) = {1, 2, 3};
static DEFINE_PER_CPU(long, started) = 5;

struct abc {
    int count;
    unsigned char state;
    long sizes[2];
};

namespace {

TEST(KernelSpelling, GetCpuVarIsAnLvalue) {
    get_cpu_var(sockets_in_use)++;
    put_cpu_var(sockets_in_use);
    get_cpu_var(my_array)[1] = 7;
    put_cpu_var(my_array);

    int cpu, sum = 0, sevens = 0;
    for_each_possible_cpu(cpu) {
        sum += per_cpu(sockets_in_use, cpu);
        sevens += per_cpu(my_array, cpu)[1] == 7;
        EXPECT_EQ(per_cpu(started, cpu), 5);
    }
    EXPECT_EQ(sum, 1);
    EXPECT_EQ(sevens, 1);
}

TEST(KernelSpelling, OperationsTakeVariablesElementsAndMembers) {
    struct abc* const p = alloc_percpu(struct abc);
    ASSERT_NE(p, nullptr);
    std::thread([&] {
        percpu::pin_to(percpu::first_allowed_cpu());
        this_cpu_inc(p->count);
        this_cpu_add(p->count, 5);
        this_cpu_sub(p->count, 2);
        this_cpu_or(p->state, 6);
        this_cpu_and(p->state, 3);
        this_cpu_xor(p->state, 1);
        this_cpu_add(p->sizes[1], 100);
        this_cpu_add(my_array[2], 10);
        this_cpu_dec(started);
    }).join();
    int cpu, count = 0, state = 0;
    long size = 0;
    for_each_possible_cpu(cpu) {
        count += per_cpu_ptr(p, cpu)->count;
        state += per_cpu_ptr(p, cpu)->state;
        size += per_cpu_ptr(p, cpu)->sizes[1];
    }
    EXPECT_EQ(count, 4);
    EXPECT_EQ(state, (6 & 3) ^ 1);
    EXPECT_EQ(size, 100);
    free_percpu(p);
}

TEST(KernelSpelling, ReturnsWhatLinuxReturns) {
    int* const p = static_cast<int*>(__alloc_percpu(sizeof(int), __alignof__(int)));
    get_cpu();  // nobody else works on it, but the thread must not move between the steps
    EXPECT_EQ(*get_cpu_ptr(p), 0);
    put_cpu_ptr(p);
    *get_cpu_var(p) = 3;
    put_cpu_var(p);
    put_cpu();
    int cpu, sum = 0;
    for_each_possible_cpu(cpu) sum += *per_cpu_ptr(p, cpu);
    EXPECT_EQ(sum, 3);
    free_percpu(p);
}

TEST(KernelSpelling, ThreadsWithoutRseqRunOnTheLastCpu) {
    const int cpu = get_cpu();
    EXPECT_GE(cpu, 0);
    EXPECT_LT(cpu, nr_cpu_ids);
    put_cpu();
}

TEST(KernelSpellingDeathTest, PutWithoutGetIsRefused) {
    EXPECT_DEATH(put_cpu_var(sockets_in_use), "percpu: put_cpu_var: this thread holds no CPU");
}

TEST(KernelSpellingDeathTest, FreeOfAnotherPointerIsRefused) {
    int local = 0;
    EXPECT_DEATH(free_percpu(&local), "it was not allocated here");
}

}  // namespace
