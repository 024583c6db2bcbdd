// SPDX-License-Identifier: MIT
// conformance: how often a single_open() file is shown as its text grows beyond a page, what is seen at an offset, helpers for text
// drive: for size in 10 4095 4096 4097 10000; do
// drive:     insmod $MODULE size=$size; cat /proc/seq_sizes | wc -c; rmmod $MODULE
// drive: done
// drive: insmod $MODULE size=6000
// drive: dd if=/proc/seq_sizes bs=5000 count=1 2>/dev/null | wc -c
// drive: dd if=/proc/seq_sizes bs=100 skip=59 2>/dev/null | wc -c
// drive: cat /proc/seq_helpers
// drive: rmmod $MODULE
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static int size = 10;
module_param(size, int, 0444);

static int sizes_show(struct seq_file *m, void *v)
{
	int i;

	pr_info("show into %zu bytes, data %ld\n", m->size, (long)m->private);
	for (i = 0; i < size; i++)
		seq_putc(m, 'a' + i % 26);
	pr_info("overflowed %d\n", seq_has_overflowed(m));
	return 0;
}

static int helpers_show(struct seq_file *m, void *v)
{
	static const char bytes[] = "a\tb\\c\n\001d";

	seq_puts(m, "puts ");
	seq_write(m, "write!", 5);
	seq_putc(m, '\n');
	seq_put_decimal_ull(m, "decimal ", 12345);
	seq_put_decimal_ll(m, " signed ", -7);
	seq_putc(m, '\n');
	seq_printf(m, "padded [%5d]", 42);
	seq_pad(m, '\n');
	seq_setwidth(m, 20);
	seq_puts(m, "width");
	seq_pad(m, '|');
	seq_putc(m, '\n');
	seq_escape(m, bytes, "\t\\\n");
	seq_putc(m, '\n');
	seq_hex_dump(m, "dump ", DUMP_PREFIX_OFFSET, 16, 1, bytes, sizeof(bytes), true);
	return 0;
}

static int sizes_open(struct inode *inode, struct file *file)
{
	return single_open(file, sizes_show, (void *)5);
}

static const struct proc_ops sizes_ops = {
	.proc_open = sizes_open, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = single_release};

static int __init seq_sizes_init(void)
{
	if (!proc_create("seq_sizes", 0444, NULL, &sizes_ops))
		return -ENOMEM;
	return proc_create_single("seq_helpers", 0444, NULL, helpers_show) ? 0 : -ENOMEM;
}

static void __exit seq_sizes_exit(void)
{
	remove_proc_entry("seq_helpers", NULL);
	remove_proc_entry("seq_sizes", NULL);
}

module_init(seq_sizes_init);
module_exit(seq_sizes_exit);
MODULE_LICENSE("Dual MIT/GPL");
