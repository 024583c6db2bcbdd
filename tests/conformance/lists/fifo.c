// SPDX-License-Identifier: MIT
// conformance: kfifo: room and length while it fills, wraps and empties, records, and sizes that are no power of two
#include <linux/kernel.h>
#include <linux/kfifo.h>
#include <linux/module.h>
#include <linux/slab.h>

static DEFINE_KFIFO(numbers, int, 4);
static STRUCT_KFIFO_REC_1(16) records;

static void print(const char *what, int result)
{
	pr_info("%s: %d, len %u avail %u empty %d full %d\n", what, result, kfifo_len(&numbers),
		kfifo_avail(&numbers), kfifo_is_empty(&numbers), kfifo_is_full(&numbers));
}

static void of_numbers(void)
{
	static const int more[] = {10, 11, 12, 13, 14, 15};
	int taken[6] = {-1, -1, -1, -1, -1, -1};
	int value = -1, i;

	pr_info("initialized %d size %u esize %u\n", kfifo_initialized(&numbers),
		kfifo_size(&numbers), kfifo_esize(&numbers));
	print("get of empty", kfifo_get(&numbers, &value));
	for (i = 0; i < 5; i++)
		print("put", kfifo_put(&numbers, i));
	print("peek", kfifo_peek(&numbers, &value));
	pr_info("peeked %d\n", value);
	print("get", kfifo_get(&numbers, &value));
	print("get", kfifo_get(&numbers, &value));
	pr_info("got %d\n", value);
	print("in 6", kfifo_in(&numbers, more, 6));
	print("out_peek 6", kfifo_out_peek(&numbers, taken, 6));
	pr_info("peeked %d %d %d %d %d\n", taken[0], taken[1], taken[2], taken[3], taken[4]);
	print("out 3", kfifo_out(&numbers, taken, 3));
	kfifo_skip(&numbers);
	print("skip", 0);
	kfifo_in(&numbers, more, 2);
	kfifo_reset_out(&numbers);
	print("reset_out", 0);
	kfifo_in(&numbers, more, 3);
	kfifo_reset(&numbers);
	print("reset", 0);
}

static void of_records(void)
{
	char text[16] = "";
	int result;

	INIT_KFIFO(records);
	pr_info("records: %u %u", kfifo_in(&records, "abc", 3), kfifo_in(&records, "defgh", 5));
	pr_cont(" too long %u", kfifo_in(&records, "123456789", 9));
	pr_cont(" len %u avail %u peek_len %u\n", kfifo_len(&records), kfifo_avail(&records),
		kfifo_peek_len(&records));
	result = kfifo_out(&records, text, sizeof(text));
	pr_info("out %d [%.*s]\n", result, result, text);
	result = kfifo_out(&records, text, 2);
	pr_info("cut %d [%.*s] empty %d\n", result, result, text, kfifo_is_empty(&records));
}

static int allocated(void)
{
	struct kfifo fifo;
	char *memory;
	char bytes[8];
	int error = kfifo_alloc(&fifo, 100, GFP_KERNEL);

	if (error)
		return error;
	pr_info("alloc 100: size %u in %u\n", kfifo_size(&fifo), kfifo_in(&fifo, "hello", 5));
	kfifo_free(&fifo);
	pr_info("freed: initialized %d\n", kfifo_initialized(&fifo));
	pr_info("alloc 1: %d\n", kfifo_alloc(&fifo, 1, GFP_KERNEL));
	memory = kmalloc(10, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	error = kfifo_init(&fifo, memory, 10);
	pr_info("init 10: %d size %u\n", error, kfifo_size(&fifo));
	pr_info("in %u", kfifo_in(&fifo, "0123456789", 10));
	pr_cont(" out %u", kfifo_out(&fifo, bytes, 3));
	pr_cont(" in %u", kfifo_in(&fifo, "xyz", 3));
	pr_cont(" out %u [%.8s]\n", kfifo_out(&fifo, bytes, 8), bytes);
	kfree(memory);
	return 0;
}

static int __init fifo_init(void)
{
	of_numbers();
	of_records();
	return allocated();
}

static void __exit fifo_exit(void)
{
}

module_init(fifo_init);
module_exit(fifo_exit);
MODULE_LICENSE("Dual MIT/GPL");
