// SPDX-License-Identifier: MIT
// conformance: seq_list_* and seq_hlist_* helpers, private data of seq_files, the head that SEQ_START_TOKEN stands for
// drive: insmod $MODULE
// drive: for name in list head hlist private; do cat /proc/seq_lists_$name; done
// drive: echo "$(dd if=/proc/seq_lists_head bs=6 2>/dev/null)"
// drive: rmmod $MODULE
#include <linux/list.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

struct entry {
	int number;
	struct list_head list;
	struct hlist_node hash;
};

static LIST_HEAD(list);
static HLIST_HEAD(hash_list);
static struct entry entries[3];

static void *list_start(struct seq_file *m, loff_t *position)
{
	return seq_list_start(&list, *position);
}

static void *list_start_head(struct seq_file *m, loff_t *position)
{
	return seq_list_start_head(&list, *position);
}

static void *list_next(struct seq_file *m, void *v, loff_t *position)
{
	return seq_list_next(v, &list, position);
}

static void *hash_start(struct seq_file *m, loff_t *position)
{
	return seq_hlist_start_head(&hash_list, *position);
}

static void *hash_next(struct seq_file *m, void *v, loff_t *position)
{
	return seq_hlist_next(v, &hash_list, position);
}

static void stop(struct seq_file *m, void *v)
{
}

static int list_show(struct seq_file *m, void *v)
{
	if (v == &list)
		seq_puts(m, "the head\n");
	else
		seq_printf(m, "entry %d\n", list_entry(v, struct entry, list)->number);
	return 0;
}

static int hash_show(struct seq_file *m, void *v)
{
	if (v == SEQ_START_TOKEN)
		seq_puts(m, "the token\n");
	else
		seq_printf(m, "hashed %d\n", hlist_entry(v, struct entry, hash)->number);
	return 0;
}

static int private_show(struct seq_file *m, void *v)
{
	int *count = m->private;

	seq_printf(m, "counted %d\n", ++*count);
	return list_show(m, v);
}

static const struct seq_operations list_ops = {.start = list_start, .next = list_next, .stop = stop, .show = list_show};
static const struct seq_operations head_ops = {.start = list_start_head, .next = list_next, .stop = stop, .show = list_show};
static const struct seq_operations hash_ops = {.start = hash_start, .next = hash_next, .stop = stop, .show = hash_show};
static const struct seq_operations private_ops = {.start = list_start, .next = list_next, .stop = stop, .show = private_show};

static int __init seq_lists_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		entries[i].number = i + 1;
		list_add_tail(&entries[i].list, &list);
		hlist_add_head(&entries[i].hash, &hash_list);
	}
	proc_create_seq("seq_lists_list", 0444, NULL, &list_ops);
	proc_create_seq("seq_lists_head", 0444, NULL, &head_ops);
	proc_create_seq("seq_lists_hlist", 0444, NULL, &hash_ops);
	proc_create_seq_private("seq_lists_private", 0444, NULL, &private_ops, sizeof(int), NULL);
	return 0;
}

static void __exit seq_lists_exit(void)
{
	remove_proc_entry("seq_lists_list", NULL);
	remove_proc_entry("seq_lists_head", NULL);
	remove_proc_entry("seq_lists_hlist", NULL);
	remove_proc_entry("seq_lists_private", NULL);
}

module_init(seq_lists_init);
module_exit(seq_lists_exit);
MODULE_LICENSE("Dual MIT/GPL");
