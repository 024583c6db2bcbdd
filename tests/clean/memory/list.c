// kloom:
// The list is freed at unload.
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>

struct item {
	int number;
	struct list_head list;
};

static LIST_HEAD(items);

static int __init start(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

		if (!item)
			break;
		item->number = i;
		list_add_tail(&item->list, &items);
	}
	return 0;
}

static void __exit stop(void)
{
	struct item *item, *next;

	list_for_each_entry_safe(item, next, &items, list) {
		list_del(&item->list);
		kfree(item);
	}
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
