// kloom:
// The delay lies outside.
#include <linux/module.h>
#include <linux/delay.h>
#include <linux/irqflags.h>

static int __init example_init(void)
{
	local_irq_disable();
	local_irq_enable();
	mdelay(2000);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
