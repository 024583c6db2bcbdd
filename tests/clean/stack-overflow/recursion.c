// kloom:
// The recursion ends.
#include <linux/module.h>

static int depth(int n)
{
	volatile char frame[256];

	frame[0] = n;
	return n < 20 ? depth(n + 1) + frame[0] : 0;
}

static int __init example_init(void)
{
	if (depth(0) < 0)
		return -EINVAL;
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
