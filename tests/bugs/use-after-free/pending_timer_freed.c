// kloom: --for 1s
// expect: use-after-free
// The object is freed while the timer inside it is pending.
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>

struct device_state {
	struct timer_list timer;
	int value;
};

static void on_expiry(struct timer_list *t)
{
	struct device_state *state = from_timer(state, t, timer);

	state->value++;
}

static int __init example_init(void)
{
	struct device_state *state = kzalloc(sizeof(*state), GFP_KERNEL);

	if (!state)
		return -ENOMEM;
	timer_setup(&state->timer, on_expiry, 0);
	mod_timer(&state->timer, jiffies + 2);
	kfree(state);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
