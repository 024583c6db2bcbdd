// SPDX-License-Identifier: MIT
// conformance: operands of other types than the per-CPU variable: unsigned to wide, negative to unsigned, pointers
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(long, wide);
static DEFINE_PER_CPU(unsigned long, unsigned_wide);
static DEFINE_PER_CPU(u8, byte);
static DEFINE_PER_CPU(s8, signed_byte);
static DEFINE_PER_CPU(bool, flag);
static DEFINE_PER_CPU(int *, pointer);

static int targets[4];

/* `one` is an unsigned int: the negation of an unsigned operand happens before or after it is
 * widened. */
static void subtract_unsigned(unsigned int one)
{
	long from_this, from_guarded, from_raw;

	OPTIMIZER_HIDE_VAR(one);
	this_cpu_write(wide, 0);
	this_cpu_sub(wide, one);
	from_this = this_cpu_read(wide);
	__this_cpu_write(wide, 0);
	__this_cpu_sub(wide, one);
	from_guarded = this_cpu_read(wide);
	raw_cpu_write(wide, 0);
	raw_cpu_sub(wide, one);
	from_raw = this_cpu_read(wide);
	pr_info("sub unsigned 1: this_cpu %ld __this_cpu %ld raw_cpu %ld\n", from_this,
		from_guarded, from_raw);
	this_cpu_write(wide, 0);
	from_this = this_cpu_sub_return(wide, one);
	this_cpu_write(wide, 0);
	from_guarded = __this_cpu_sub_return(wide, one);
	this_cpu_write(wide, 0);
	from_raw = raw_cpu_sub_return(wide, one);
	pr_info("sub_return unsigned 1: this_cpu %ld __this_cpu %ld raw_cpu %ld\n", from_this,
		from_guarded, from_raw);
}

static void add_other_types(int minus, unsigned int large, u8 small)
{
	OPTIMIZER_HIDE_VAR(minus);
	OPTIMIZER_HIDE_VAR(large);
	this_cpu_write(unsigned_wide, 10);
	this_cpu_add(unsigned_wide, minus);
	pr_info("u64 10 + int -1: %lu\n", this_cpu_read(unsigned_wide));
	this_cpu_add(unsigned_wide, large);
	pr_info("+ unsigned 0xffffffff: %lu\n", this_cpu_read(unsigned_wide));
	this_cpu_add(unsigned_wide, small);
	this_cpu_sub(unsigned_wide, small);
	pr_info("+ - u8 200: %lu\n", this_cpu_read(unsigned_wide));
	this_cpu_write(unsigned_wide, minus);
	pr_info("written int -1: %lu\n", this_cpu_read(unsigned_wide));
	this_cpu_write(unsigned_wide, large);
	pr_info("written unsigned 0xffffffff: %lu\n", this_cpu_read(unsigned_wide));
	pr_info("cmpxchg int -1 against 0xffffffff: %lu\n",
		this_cpu_cmpxchg(unsigned_wide, minus, 1));
	pr_info("cmpxchg unsigned 0xffffffff: %lu\n", this_cpu_cmpxchg(unsigned_wide, large, 2));
	pr_info("now %lu\n", this_cpu_read(unsigned_wide));
}

static void use_bytes(int minus, int wide_number)
{
	OPTIMIZER_HIDE_VAR(minus);
	this_cpu_write(byte, minus);
	pr_info("u8 of -1: %d, returned by inc %d\n", this_cpu_read(byte),
		this_cpu_inc_return(byte));
	this_cpu_write(byte, wide_number);
	pr_info("u8 of 0x1ff: %d, xchg %d, add_return %d\n", this_cpu_read(byte),
		this_cpu_xchg(byte, 250), this_cpu_add_return(byte, 10));
	this_cpu_write(signed_byte, 127);
	pr_info("s8 127 + 1: %d, cmpxchg -128: %d, now %d\n", this_cpu_inc_return(signed_byte),
		this_cpu_cmpxchg(signed_byte, -128, minus), this_cpu_read(signed_byte));
	this_cpu_write(flag, true);
	pr_info("bool: %d xchg %d %d cmpxchg %d %d\n", this_cpu_read(flag),
		this_cpu_xchg(flag, false), this_cpu_read(flag),
		this_cpu_cmpxchg(flag, false, true), this_cpu_read(flag));
}

static void use_pointers(void)
{
	pr_info("pointer at first NULL: %d\n", this_cpu_read(pointer) == NULL);
	this_cpu_write(pointer, &targets[1]);
	pr_info("written: %td\n", this_cpu_read(pointer) - targets);
	pr_info("xchg: %td, now %td\n", this_cpu_xchg(pointer, &targets[2]) - targets,
		this_cpu_read(pointer) - targets);
	pr_info("cmpxchg fails: %td\n", this_cpu_cmpxchg(pointer, NULL, &targets[3]) - targets);
	pr_info("cmpxchg: %td, now %td\n",
		this_cpu_cmpxchg(pointer, &targets[2], &targets[3]) - targets,
		this_cpu_read(pointer) - targets);
	raw_cpu_write(pointer, NULL);
	pr_info("NULL again: %d\n", __this_cpu_read(pointer) == NULL);
}

static int __init operands_init(void)
{
	preempt_disable();
	subtract_unsigned(1);
	add_other_types(-1, 0xffffffff, 200);
	use_bytes(-1, 0x1ff);
	use_pointers();
	preempt_enable();
	return 0;
}

static void __exit operands_exit(void)
{
}

module_init(operands_init);
module_exit(operands_exit);
MODULE_LICENSE("Dual MIT/GPL");
