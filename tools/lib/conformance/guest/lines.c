// SPDX-License-Identifier: MIT
/*
 * Interrupt lines of the guest. A PC's lines from 16 on exist only once a device uses them: this module asks for them.
 * And it raises a line when its number is written to /proc/raise_line, through the interrupt controller, so that the
 * handlers run in a real interrupt.
 */
#include <linux/acpi.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

#define FIRST_LINE 16
#define LAST_LINE 23

static ssize_t raise_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	unsigned int line;
	int err = kstrtouint_from_user(buf, count, 0, &line);

	if (!err)
		err = irq_inject_interrupt(line);
	return err ? err : count;
}

static const struct proc_ops raise_ops = {
	.proc_write = raise_write,
};

static int __init lines_init(void)
{
	u32 line;

	for (line = FIRST_LINE; line <= LAST_LINE; line++) {
		if (acpi_register_gsi(NULL, line, ACPI_EDGE_SENSITIVE, ACPI_ACTIVE_HIGH) < 0)
			pr_warn("line %u cannot be had\n", line);
	}
	return proc_create("raise_line", 0200, NULL, &raise_ops) ? 0 : -ENOMEM;
}

static void __exit lines_exit(void)
{
	remove_proc_entry("raise_line", NULL);
}

module_init(lines_init);
module_exit(lines_exit);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("Interrupt lines for conformance tests");
