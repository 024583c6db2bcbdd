// kloom:
// Definitions, addresses and operations of per-CPU variables of every kind and size.
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <asm/local.h>

struct pair {
	u32 first;
	u64 second;
};

static DEFINE_PER_CPU(int, number) = 3;
static DEFINE_PER_CPU(int[3], triple) = { 1, 2, 3 };
static DEFINE_PER_CPU_ALIGNED(struct pair, pair);
static DEFINE_PER_CPU_READ_MOSTLY(u8, byte) = 200;
static DEFINE_PER_CPU(u16, half);
static DEFINE_PER_CPU(void *, pointer);
static DEFINE_PER_CPU(bool, flag);
static DEFINE_PER_CPU(local_t, local);

static void check_addresses(void)
{
	int cpu;

	get_cpu_var(number) += 2;
	BUG_ON(*this_cpu_ptr(&number) != 5 || per_cpu(number, raw_smp_processor_id()) != 5);
	put_cpu_var(number);
	get_cpu_var(triple)[1] = 20;
	BUG_ON(__this_cpu_read(triple[1]) != 20);
	put_cpu_var(triple);
	for_each_possible_cpu(cpu) {
		BUG_ON(per_cpu(triple, cpu)[2] != 3);
		BUG_ON(((unsigned long)per_cpu_ptr(&pair, cpu) & (SMP_CACHE_BYTES - 1)) != 0);
	}
}

static void check_operations(void)
{
	int expected = 7;

	preempt_disable();
	this_cpu_write(number, 5);
	this_cpu_add(number, 2);
	BUG_ON(this_cpu_read(number) != 7);
	BUG_ON(this_cpu_inc_return(number) != 8 || this_cpu_sub_return(number, 3) != 5);
	BUG_ON(this_cpu_xchg(number, 7) != 5);
	BUG_ON(this_cpu_cmpxchg(number, 6, 1) != 7 || this_cpu_read(number) != 7);
	BUG_ON(!this_cpu_try_cmpxchg(number, &expected, -1) || this_cpu_read(number) != -1);
	this_cpu_dec(number);
	BUG_ON(this_cpu_read(number) != -2);
	this_cpu_add(byte, 100);
	BUG_ON(this_cpu_read(byte) != 44);
	this_cpu_or(half, 0xf0);
	this_cpu_and(half, 0x30);
	BUG_ON(this_cpu_read(half) != 0x30);
	this_cpu_write(pointer, &expected);
	BUG_ON(this_cpu_read(pointer) != &expected);
	this_cpu_write(flag, true);
	BUG_ON(!this_cpu_read(flag));
	this_cpu_add(pair.second, 1ull << 40);
	BUG_ON(this_cpu_read(pair.second) != 1ull << 40);
	__this_cpu_write(number, 1);
	__this_cpu_add(number, 4);
	BUG_ON(__this_cpu_inc_return(number) != 6 || raw_cpu_xchg(number, 0) != 6);
	local_inc(this_cpu_ptr(&local));
	BUG_ON(local_add_return(4, this_cpu_ptr(&local)) != 5);
	preempt_enable();
}

static void check_dynamic(void)
{
	struct pair __percpu *pairs = alloc_percpu(struct pair);
	struct pair *mine;
	int cpu;

	BUG_ON(!pairs);
	for_each_possible_cpu(cpu) {
		BUG_ON(per_cpu_ptr(pairs, cpu)->first != 0);
		per_cpu_ptr(pairs, cpu)->second = cpu + 10;
	}
	mine = get_cpu_ptr(pairs);
	BUG_ON(mine->second != smp_processor_id() + 10);
	mine->first = 1;
	put_cpu_ptr(pairs);
	free_percpu(pairs);
	free_percpu(NULL);
}

static int __init start(void)
{
	check_addresses();
	check_operations();
	check_dynamic();
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
