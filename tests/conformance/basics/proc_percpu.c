// SPDX-License-Identifier: MIT
// conformance: a file in /proc writes the per-CPU variable of the writer's CPU and shows all; too long a write is refused
// drive: taskset -c 1 insmod $MODULE
// drive: taskset -c 0 sh -c 'echo 7 > /proc/percpu_value'
// drive: taskset -c 1 sh -c 'echo 8 > /proc/percpu_value'
// drive: taskset -c 2 sh -c 'echo 9 > /proc/percpu_value'
// drive: taskset -c 3 sh -c 'echo 10 > /proc/percpu_value'
// drive: cat /proc/percpu_value
// drive: taskset -c 2 sh -c 'echo many > /proc/percpu_value'
// drive: taskset -c 2 sh -c 'echo 12345678901234567890 > /proc/percpu_value'
// drive: cat /proc/percpu_value
// drive: taskset -c 1 rmmod $MODULE
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

static DEFINE_PER_CPU(int, value);

static int value_show(struct seq_file *m, void *unused)
{
	int cpu;

	for_each_online_cpu(cpu)
		seq_printf(m, "Processor %d:%d\n", cpu, per_cpu(value, cpu));
	return 0;
}

static int value_open(struct inode *inode, struct file *file)
{
	return single_open(file, value_show, NULL);
}

static ssize_t value_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	int number;
	int err = kstrtoint_from_user(buf, count, 10, &number);

	if (err) {
		pr_info("%zu bytes refused: %pe\n", count, ERR_PTR(err));
		return err;
	}
	get_cpu_var(value) = number;
	pr_info("on cpu=%d is %d\n", smp_processor_id(), number);
	put_cpu_var(value);
	return count;
}

static const struct proc_ops value_ops = {
	.proc_open = value_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = value_write,
};

static int __init proc_percpu_init(void)
{
	pr_info("%s: In init\n", __func__);
	return proc_create("percpu_value", 0666, NULL, &value_ops) ? 0 : -ENOMEM;
}

static void __exit proc_percpu_exit(void)
{
	remove_proc_entry("percpu_value", NULL);
	pr_info("%s: In exit\n", __func__);
}

module_init(proc_percpu_init);
module_exit(proc_percpu_exit);
MODULE_LICENSE("Dual MIT/GPL");
