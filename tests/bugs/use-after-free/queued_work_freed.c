// kloom: --for 1s
// expect: use-after-free
// cancel_delayed_work() does not wait: the work may be running, or about to run, when it is freed.
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct request {
	struct work_struct work;
	int answer;
};

static void answer(struct work_struct *work)
{
	container_of(work, struct request, work)->answer = 42;
}

static int __init example_init(void)
{
	struct request *request = kzalloc(sizeof(*request), GFP_KERNEL);

	if (!request)
		return -ENOMEM;
	INIT_WORK(&request->work, answer);
	schedule_work(&request->work);
	cancel_work(&request->work);
	kfree(request);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
