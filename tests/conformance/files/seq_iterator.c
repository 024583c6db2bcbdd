// SPDX-License-Identifier: MIT
// conformance: in which order seq_file calls start, next, show and stop, for readers of different sizes and at an offset
// drive: insmod $MODULE
// drive: dd if=/proc/seq_iterator bs=4096 2>/dev/null
// drive: echo "$(dd if=/proc/seq_iterator bs=10 count=3 2>/dev/null)"
// drive: echo "$(dd if=/proc/seq_iterator bs=7 skip=1 count=1 2>/dev/null)"
// drive: dd if=/proc/seq_iterator bs=1 skip=1000 count=1 2>/dev/null; echo $?
// drive: head -n 1 /proc/seq_iterator
// drive: rmmod $MODULE
// drive: insmod $MODULE failing=2; dd if=/proc/seq_iterator bs=4096 2>/dev/null; rmmod $MODULE
// drive: insmod $MODULE skipped=1; dd if=/proc/seq_iterator bs=4096 2>/dev/null; rmmod $MODULE
// drive: insmod $MODULE lines=0; dd if=/proc/seq_iterator bs=4096 2>/dev/null; rmmod $MODULE
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static int lines = 4;
module_param(lines, int, 0444);
static int failing = -1;
module_param(failing, int, 0444);
static int skipped = -1;
module_param(skipped, int, 0444);
static int numbers[10];

static void *number_at(loff_t position)
{
	return position < lines ? &numbers[position] : NULL;
}

static void *iterator_start(struct seq_file *m, loff_t *position)
{
	pr_info("start at %lld\n", *position);
	return number_at(*position);
}

static void *iterator_next(struct seq_file *m, void *v, loff_t *position)
{
	pr_info("next at %lld\n", *position);
	return number_at(++*position);
}

static void iterator_stop(struct seq_file *m, void *v)
{
	pr_info("stop, %s\n", v ? "not at the end" : "at the end");
}

static int iterator_show(struct seq_file *m, void *v)
{
	int number = (int *)v - numbers;

	pr_info("show %d\n", number);
	if (number == failing)
		return -EILSEQ;
	seq_printf(m, "line %d\n", number);
	return number == skipped ? SEQ_SKIP : 0;
}

static const struct seq_operations iterator_ops = {
	.start = iterator_start, .next = iterator_next, .stop = iterator_stop, .show = iterator_show};

static int __init seq_iterator_init(void)
{
	return proc_create_seq("seq_iterator", 0444, NULL, &iterator_ops) ? 0 : -ENOMEM;
}

static void __exit seq_iterator_exit(void)
{
	remove_proc_entry("seq_iterator", NULL);
}

module_init(seq_iterator_init);
module_exit(seq_iterator_exit);
MODULE_LICENSE("Dual MIT/GPL");
