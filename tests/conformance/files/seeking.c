// SPDX-License-Identifier: MIT
// conformance: the position of an open file: lseek on devices and seq_files, reading on from there, streams, files that cannot seek
// drive: insmod $MODULE
// drive: exec 3<>/dev/seeking
// drive: seek 3 0 1; dd bs=4 count=1 <&3 2>/dev/null; echo; seek 3 0 1; seek 3 -2 1; dd bs=4 count=1 <&3 2>/dev/null; echo
// drive: seek 3 5; seek 3 -1; seek 3 0 2; seek 3 -3 2; dd bs=10 count=1 <&3 2>/dev/null; echo
// drive: seek 3 1000; dd bs=10 count=1 <&3 2>/dev/null; seek 3 0 1; seek 3 0 9; seek 3 0 -1
// drive: seek 3 8; echo AB >&3; seek 3 0 1; exec 3>&-
// drive: exec 3</dev/seeking_stream; seek 3 0; seek 3 5 1; dd bs=4 count=1 <&3 2>/dev/null; echo; dd bs=4 count=1 <&3 2>/dev/null; echo; exec 3<&-
// drive: exec 3</dev/seeking_none; seek 3 0; dd bs=4 count=2 <&3 2>/dev/null; echo; exec 3<&-
// drive: exec 3</proc/seeking; dd bs=5 count=1 <&3 2>/dev/null; echo; seek 3 0 1; seek 3 2; dd bs=5 count=1 <&3 2>/dev/null; echo
// drive: seek 3 3 1; dd bs=5 count=1 <&3 2>/dev/null; echo; seek 3 100; dd bs=5 count=1 <&3 2>/dev/null; seek 3 0 1; seek 3 0 2; exec 3<&-
// drive: rmmod $MODULE
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

static char text[20] = "abcdefghijklmnopqrst";

static ssize_t seeking_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	loff_t none = 0;

	return simple_read_from_buffer(to, count, position ?: &none, text, sizeof(text));
}

static ssize_t seeking_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	return simple_write_to_buffer(text, sizeof(text), position, from, count);
}

static loff_t seeking_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, sizeof(text));
}

static int stream(struct inode *inode, struct file *file)
{
	return stream_open(inode, file);
}

static int none(struct inode *inode, struct file *file)
{
	return nonseekable_open(inode, file);
}

static const struct file_operations ops = {
	.owner = THIS_MODULE, .read = seeking_read, .write = seeking_write, .llseek = seeking_llseek};
static const struct file_operations stream_ops = {.owner = THIS_MODULE, .open = stream, .read = seeking_read, .llseek = no_llseek};
static const struct file_operations none_ops = {.owner = THIS_MODULE, .open = none, .read = seeking_read, .llseek = no_llseek};
static struct miscdevice devices[] = {{.minor = MISC_DYNAMIC_MINOR, .name = "seeking", .fops = &ops},
				      {.minor = MISC_DYNAMIC_MINOR, .name = "seeking_stream", .fops = &stream_ops},
				      {.minor = MISC_DYNAMIC_MINOR, .name = "seeking_none", .fops = &none_ops}};

static int seeking_show(struct seq_file *m, void *v)
{
	seq_write(m, text, sizeof(text));
	return 0;
}

static int __init seeking_init(void)
{
	int i, error = proc_create_single("seeking", 0444, NULL, seeking_show) ? 0 : -ENOMEM;

	for (i = 0; i < ARRAY_SIZE(devices); i++)
		error = error ?: misc_register(&devices[i]);
	return error;
}

static void __exit seeking_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(devices); i++)
		misc_deregister(&devices[i]);
	remove_proc_entry("seeking", NULL);
	pr_info("[%.20s]\n", text);
}

module_init(seeking_init);
module_exit(seeking_exit);
MODULE_LICENSE("Dual MIT/GPL");
