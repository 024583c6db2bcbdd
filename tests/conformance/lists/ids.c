// SPDX-License-Identifier: MIT
// conformance: idr, ida and xarray: which ids are given, what is found, replaced and refused
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/xarray.h>

static int objects[8];

static int number_of(const void *object)
{
	return object ? (const int *)object - objects : -1;
}

static int visit(int id, void *object, void *data)
{
	pr_info("visit %d: %d\n", id, number_of(object));
	return id >= 20 ? -7 : 0;
}

static void use_idr(void)
{
	DEFINE_IDR(idr);
	int id = 3;
	u32 wide_id = 100;

	pr_info("alloc %d", idr_alloc(&idr, &objects[0], 0, 0, GFP_KERNEL));
	pr_cont(" %d", idr_alloc(&idr, &objects[1], 10, 12, GFP_KERNEL));
	pr_cont(" %d", idr_alloc(&idr, &objects[2], 10, 12, GFP_KERNEL));
	pr_cont(" %d", idr_alloc(&idr, &objects[3], 10, 12, GFP_KERNEL));
	pr_cont(" %d", idr_alloc(&idr, NULL, 0, 0, GFP_KERNEL));
	pr_cont(" cyclic %d", idr_alloc_cyclic(&idr, &objects[4], 20, 22, GFP_KERNEL));
	pr_cont(" %d", idr_alloc_cyclic(&idr, &objects[5], 20, 22, GFP_KERNEL));
	pr_cont(" %d\n", idr_alloc_cyclic(&idr, &objects[6], 20, 22, GFP_KERNEL));
	pr_info("find %d %d %d\n", number_of(idr_find(&idr, 10)), number_of(idr_find(&idr, 1)),
		number_of(idr_find(&idr, 12)));
	pr_info("remove %d %d, replace %d %ld\n", number_of(idr_remove(&idr, 10)),
		number_of(idr_remove(&idr, 10)), number_of(idr_replace(&idr, &objects[7], 11)),
		PTR_ERR(idr_replace(&idr, &objects[7], 99)));
	pr_info("again %d", idr_alloc(&idr, &objects[1], 10, 0, GFP_KERNEL));
	pr_cont(" u32 %d", idr_alloc_u32(&idr, &objects[2], &wide_id, 100, GFP_KERNEL));
	pr_cont(" %u", wide_id);
	pr_cont(" %d\n", idr_alloc_u32(&idr, &objects[2], &wide_id, 100, GFP_KERNEL));
	pr_info("next from 3: %d", number_of(idr_get_next(&idr, &id)));
	pr_cont(" id %d\n", id);
	pr_info("for_each %d, empty %d\n", idr_for_each(&idr, visit, NULL), idr_is_empty(&idr));
	idr_destroy(&idr);
	pr_info("destroyed: empty %d\n", idr_is_empty(&idr));
}

static void use_ida(void)
{
	DEFINE_IDA(ida);

	pr_info("ida %d", ida_alloc(&ida, GFP_KERNEL));
	pr_cont(" %d", ida_alloc(&ida, GFP_KERNEL));
	pr_cont(" min %d", ida_alloc_min(&ida, 5, GFP_KERNEL));
	pr_cont(" max %d", ida_alloc_max(&ida, 2, GFP_KERNEL));
	pr_cont(" max %d", ida_alloc_max(&ida, 2, GFP_KERNEL));
	pr_cont(" range %d", ida_alloc_range(&ida, 5, 6, GFP_KERNEL));
	pr_cont(" %d", ida_alloc_range(&ida, 5, 6, GFP_KERNEL));
	pr_cont(" large %d", ida_alloc_min(&ida, 2000, GFP_KERNEL));
	ida_free(&ida, 1);
	pr_cont(" freed %d", ida_alloc(&ida, GFP_KERNEL));
	pr_cont(" simple %d", ida_simple_get(&ida, 1, 4, GFP_KERNEL));
	pr_cont(" %d\n", ida_simple_get(&ida, 1, 4, GFP_KERNEL));
	pr_info("empty %d", ida_is_empty(&ida));
	ida_destroy(&ida);
	pr_cont(" destroyed %d\n", ida_is_empty(&ida));
}

static void use_xarray(void)
{
	DEFINE_XARRAY_ALLOC(array);
	unsigned long index;
	void *entry;
	u32 id;

	pr_info("store: old %d", number_of(xa_store(&array, 5, &objects[0], GFP_KERNEL)));
	pr_cont(" %d", number_of(xa_store(&array, 5, &objects[1], GFP_KERNEL)));
	pr_cont(" load %d %d", number_of(xa_load(&array, 5)), number_of(xa_load(&array, 6)));
	pr_cont(" insert %d %d\n", xa_insert(&array, 5, &objects[2], GFP_KERNEL),
		xa_insert(&array, 1000, &objects[2], GFP_KERNEL));
	pr_info("value %lu is_value %d %d\n", xa_to_value(xa_mk_value(77)),
		xa_is_value(xa_mk_value(77)), xa_is_value(&objects[0]));
	pr_info("alloc %d", xa_alloc(&array, &id, &objects[3], xa_limit_32b, GFP_KERNEL));
	pr_cont(" id %u", id);
	pr_cont(" %d", xa_alloc(&array, &id, &objects[4], XA_LIMIT(5, 6), GFP_KERNEL));
	pr_cont(" id %u", id);
	pr_cont(" %d\n", xa_alloc(&array, &id, &objects[4], XA_LIMIT(5, 6), GFP_KERNEL));
	xa_for_each(&array, index, entry) pr_info("index %lu: %d\n", index, number_of(entry));
	pr_info("cmpxchg %d",
		number_of(xa_cmpxchg(&array, 5, &objects[0], &objects[7], GFP_KERNEL)));
	pr_cont(" %d", number_of(xa_cmpxchg(&array, 5, &objects[1], &objects[7], GFP_KERNEL)));
	pr_cont(" now %d\n", number_of(xa_load(&array, 5)));
	xa_set_mark(&array, 1000, XA_MARK_1);
	pr_info("mark %d %d\n", xa_get_mark(&array, 1000, XA_MARK_1),
		xa_get_mark(&array, 5, XA_MARK_1));
	index = 6;
	entry = xa_find(&array, &index, ULONG_MAX, XA_PRESENT);
	pr_info("find from 6: %d at %lu\n", number_of(entry), index);
	entry = xa_find_after(&array, &index, ULONG_MAX, XA_PRESENT);
	pr_info("after: %d at %lu\n", number_of(entry), index);
	pr_info("erase %d", number_of(xa_erase(&array, 5)));
	pr_cont(" %d", number_of(xa_erase(&array, 5)));
	pr_cont(" empty %d", xa_empty(&array));
	xa_destroy(&array);
	pr_cont(" %d\n", xa_empty(&array));
}

static int __init ids_init(void)
{
	use_idr();
	use_ida();
	use_xarray();
	return 0;
}

static void __exit ids_exit(void)
{
}

module_init(ids_init);
module_exit(ids_exit);
MODULE_LICENSE("Dual MIT/GPL");
