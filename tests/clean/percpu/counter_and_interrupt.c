// kloom: --irq 19 --cpus 2
// this_cpu_inc() needs no protection against an interrupt handler on the same CPU.
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

#define LINE 19

static DEFINE_PER_CPU(int, count);
static struct task_struct *thread;

static irqreturn_t handler(int irq, void *data)
{
	this_cpu_inc(count);
	return IRQ_HANDLED;
}

static int worker(void *data)
{
	this_cpu_inc(count);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int __init start(void)
{
	int error = request_irq(LINE, handler, IRQF_SHARED, "counter", &thread);

	if (error)
		return error;
	thread = kthread_run(worker, NULL, "worker");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
	free_irq(LINE, &thread);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
