// SPDX-License-Identifier: MIT
// conformance: What a CPU that goes offline leaves behind: its per-CPU data, its timer, its tasks, calls to it
// drive: taskset -c 1 insmod $MODULE
// drive: taskset -c 1 sh -c 'echo 0 >/sys/devices/system/cpu/cpu2/online'
// drive: taskset -c 1 cat /proc/hotplug_state
// drive: taskset -c 2 true 2>/dev/null; echo "taskset $?"
// drive: taskset -c 1 sh -c 'echo 1 >/sys/devices/system/cpu/cpu2/online'
// drive: taskset -c 1 cat /proc/hotplug_state
// drive: taskset -c 2 true; echo "taskset $?"
// drive: taskset -c 1 rmmod $MODULE
// open: process \d+ -> process N | the pid of a task
#include <linux/cpu.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

static DEFINE_PER_CPU(int, number);
static struct timer_list timer;
static int timer_cpu = -1;
static struct task_struct *bound;

static void on_timer(struct timer_list *unused)
{
	WRITE_ONCE(timer_cpu, raw_smp_processor_id());
}

static void add(void *argument)
{
	this_cpu_add(number, *(int *)argument);
}

static int waits(void *unused)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int show(struct seq_file *file, void *unused)
{
	int ten = 10;
	int result, cpu;

	result = smp_call_function_single(2, add, &ten, 1);
	seq_printf(file, "call %d, online %*pbl of %*pbl\n", result,
		   cpumask_pr_args(cpu_online_mask), cpumask_pr_args(cpu_possible_mask));
	on_each_cpu(add, &ten, 1);
	for_each_possible_cpu(cpu) seq_printf(file, "%d: %d\n", cpu, per_cpu(number, cpu));
	seq_printf(file, "pending %d\n", timer_pending(&timer));
	if (!timer_pending(&timer)) {
		seq_printf(file, "it ran on %s\n",
			   timer_cpu == 2  ? "2"
			   : timer_cpu < 0 ? "none"
					   : "another CPU");
		timer_cpu = -1;
	} else {
		mod_timer(&timer, jiffies + 1);
		while (timer_pending(&timer)) /* ends: its time comes */
			schedule_timeout_uninterruptible(1);
		del_timer_sync(&timer);
		seq_printf(file, "timer: pending %d, ran %d, on 2 %d\n", timer_pending(&timer),
			   timer_cpu >= 0, timer_cpu == 2);
		timer_cpu = -1;
	}
	seq_printf(file, "bound task: on an online CPU %d, allowed %*pbl, nr_cpus_allowed %d\n",
		   cpu_online(task_cpu(bound)), cpumask_pr_args(bound->cpus_ptr),
		   bound->nr_cpus_allowed);
	seq_printf(file, "set_cpus_allowed_ptr to 2: %d\n",
		   set_cpus_allowed_ptr(bound, cpumask_of(2)));
	return 0;
}

static int __init hotplug_state_init(void)
{
	int cpu;

	if (!proc_create_single("hotplug_state", 0444, NULL, show))
		return -ENOMEM;
	bound = kthread_create(waits, NULL, "conf_bound");
	if (IS_ERR(bound)) {
		remove_proc_entry("hotplug_state", NULL);
		return PTR_ERR(bound);
	}
	set_cpus_allowed_ptr(bound, cpumask_of(2));
	wake_up_process(bound);
	for_each_possible_cpu(cpu) per_cpu(number, cpu) = cpu;
	timer_setup(&timer, on_timer, 0);
	timer.expires = jiffies + 1000 * HZ;
	add_timer_on(&timer, 2);
	return 0;
}

static void __exit hotplug_state_exit(void)
{
	del_timer_sync(&timer);
	kthread_stop(bound);
	remove_proc_entry("hotplug_state", NULL);
}

module_init(hotplug_state_init);
module_exit(hotplug_state_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("What a CPU leaves behind");
