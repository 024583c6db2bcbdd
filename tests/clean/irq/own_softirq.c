// kloom: --bound 1
// A module's own softirq runs on the CPU that raised it, when bottom halves are enabled again.
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/smp.h>

static int runs, cpu, irq_runs;

static void on_softirq(struct softirq_action *action)
{
	WARN_ON(!in_serving_softirq());
	WARN_ON(cpu != smp_processor_id());
	runs++;
}

static void on_irq_work(struct irq_work *work)
{
	WARN_ON(!in_hardirq());
	irq_runs++;
}

static DEFINE_IRQ_WORK(work, on_irq_work);

static int __init example_init(void)
{
	open_softirq(BLOCK_SOFTIRQ, on_softirq);
	local_bh_disable();
	cpu = smp_processor_id();
	raise_softirq(BLOCK_SOFTIRQ);
	WARN_ON(runs != 0);
	local_bh_enable();
	local_bh_disable();
	WARN_ON(runs != 1);
	local_bh_enable();
	irq_work_queue(&work);
	irq_work_sync(&work);
	WARN_ON(irq_runs != 1);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
