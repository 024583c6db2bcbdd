// SPDX-License-Identifier: MIT
// conformance: lseek: what each llseek helper allows, relative to begin, current position and end
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

#define SIZE 100

static void try_seek(const char *name, const struct proc_ops *ops)
{
	static const struct {
		loff_t offset;
		int whence;
	} tries[] = {{0, SEEK_SET},  {50, SEEK_SET}, {100, SEEK_SET}, {101, SEEK_SET}, {-1, SEEK_SET}, {10, SEEK_CUR}, {-200, SEEK_CUR},
		     {200, SEEK_CUR}, {0, SEEK_CUR},  {0, SEEK_END},   {-10, SEEK_END}, {10, SEEK_END}, {-101, SEEK_END}, {5, SEEK_DATA},
		     {5, SEEK_HOLE}, {200, SEEK_DATA}, {1, 9},	       {-1, SEEK_CUR}};
	struct file *file;
	int i;

	if (!proc_create("positions", 0444, NULL, ops))
		return;
	file = filp_open("/proc/positions", O_RDONLY, 0);
	if (IS_ERR(file)) {
		pr_info("%s: %ld\n", name, PTR_ERR(file));
		goto remove;
	}
	file->f_pos = 20;
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		loff_t result = vfs_llseek(file, tries[i].offset, tries[i].whence);

		pr_info("%s %lld from %d: %lld, at %lld\n", name, tries[i].offset, tries[i].whence, result, file->f_pos);
	}
	filp_close(file, NULL);
remove:
	remove_proc_entry("positions", NULL);
}

static loff_t fixed(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, SIZE);
}

static loff_t no_end(struct file *file, loff_t offset, int whence)
{
	return no_seek_end_llseek(file, offset, whence);
}

static loff_t no_end_size(struct file *file, loff_t offset, int whence)
{
	return no_seek_end_llseek_size(file, offset, whence, SIZE);
}

#define DEFINE_OPS(name, seek) static const struct proc_ops name = {.proc_lseek = seek}
DEFINE_OPS(fixed_ops, fixed);
DEFINE_OPS(no_end_ops, no_end);
DEFINE_OPS(no_end_size_ops, no_end_size);
DEFINE_OPS(noop_ops, noop_llseek);
DEFINE_OPS(none_ops, no_llseek);
DEFINE_OPS(default_ops, default_llseek);

static int __init positions_init(void)
{
	try_seek("fixed", &fixed_ops);
	try_seek("no end", &no_end_ops);
	try_seek("no end up to a size", &no_end_size_ops);
	try_seek("noop", &noop_ops);
	try_seek("none", &none_ops);
	try_seek("default", &default_ops);
	return 0;
}

static void __exit positions_exit(void)
{
}

module_init(positions_init);
module_exit(positions_exit);
MODULE_LICENSE("Dual MIT/GPL");
