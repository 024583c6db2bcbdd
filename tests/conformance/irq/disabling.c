// SPDX-License-Identifier: MIT
// conformance: disabling a line several times, enabling it too often, what is raised meanwhile, IRQF_NO_AUTOEN
// drive: insmod $MODULE
// drive: raise 23 1
// drive: cat /proc/disabling; raise 23 1; raise 23 1; cat /proc/disabling; cat /proc/disabling; sleep 0.1; cat /proc/disabling
// drive: raise 23 1
// drive: rmmod $MODULE
// drive: insmod $MODULE flags=0x80000; raise 23 1; cat /proc/disabling; raise 23 1; cat /proc/disabling; raise 23 1; rmmod $MODULE
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#define LINE 23

static int flags;
module_param(flags, int, 0444);
static int device, reads;

static irqreturn_t handle(int irq, void *unused)
{
	pr_info("handled\n");
	return IRQ_HANDLED;
}

/* The first reader disables twice, the second one enables once, the third one again, the fourth one once too often. */
static int disabling_show(struct seq_file *m, void *v)
{
	switch (reads++) {
	case 0:
		disable_irq(LINE);
		disable_irq_nosync(LINE);
		if (flags)
			enable_irq(LINE);
		break;
	case 1:
		enable_irq(LINE);
		break;
	case 2:
	case 3:
		enable_irq(LINE);
		break;
	}
	seq_printf(m, "read %d\n", reads);
	return 0;
}

static int __init disabling_init(void)
{
	int error = request_irq(LINE, handle, flags, "disabling", &device);

	if (error)
		return error;
	enable_irq(1000000);
	disable_irq(1000000);
	synchronize_irq(LINE);
	pr_info("disable_hardirq %d\n", disable_hardirq(LINE));
	enable_irq(LINE);
	return proc_create_single("disabling", 0444, NULL, disabling_show) ? 0 : -ENOMEM;
}

static void __exit disabling_exit(void)
{
	remove_proc_entry("disabling", NULL);
	free_irq(LINE, &device);
}

module_init(disabling_init);
module_exit(disabling_exit);
MODULE_LICENSE("Dual MIT/GPL");
