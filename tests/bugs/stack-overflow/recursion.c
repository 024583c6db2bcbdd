// kloom:
// expect: stack-overflow
// A function calls itself without end.
#include <linux/module.h>

static int depth(int n)
{
	volatile char frame[256];

	frame[0] = n;
	return depth(n + 1) + frame[0];
}

static int __init example_init(void)
{
	return depth(0);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
