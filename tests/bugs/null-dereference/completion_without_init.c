// kloom: --for 1s
// expect: null-dereference
/* A zeroed completion works until somebody has to wait for it. */
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/slab.h>

static struct completion *done;

static int __init start(void)
{
	done = kzalloc(sizeof(*done), GFP_KERNEL);
	if (!done)
		return -ENOMEM;
	complete(done);
	wait_for_completion(done);
	wait_for_completion(done);
	return 0;
}

static void __exit stop(void)
{
	kfree(done);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
