// SPDX-License-Identifier: MIT
// conformance: cpulist_parse() and cpumask_parse(): what they take, what they refuse and with which error
#include <linux/cpumask.h>
#include <linux/module.h>

static const char *const lists[] = {
	"",    "0",   "3",  "4",    "0-3", "0,2", "2,0", "1-1",	    "3-1",     "0-4",	  "-1",
	"1-",  "0,",  ",0", "0,,2", " 1",  "1 ",  "1 2", "0-3:1/2", "0-3:2/4", "0-3:3/2", "0-3:1/0",
	"all", "ALL", "N",  "0-N",  "N-1", "x",	  "0x1", "1\n",	    "1,\n3",   "01",	  "+1",
};

static const char *const masks[] = {
	"",	     "0",	  "1",	 "f",	"F",   "10",	    "1f", "0000000f",
	"00000000f", "100000000", "0,1", "0,f", "1,0", "0x3",	    " 3", "3 ",
	"g",	     "3\n",	  "f,f", ",f",	"5,",  "000000005",
};

static int __init mask_parsing_init(void)
{
	cpumask_var_t mask;
	int i, error;

	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		cpumask_clear(mask);
		error = cpulist_parse(lists[i], mask);
		if (error)
			pr_info("list \"%*pE\": %d\n", (int)strlen(lists[i]), lists[i], error);
		else
			pr_info("list \"%*pE\": \"%*pbl\"\n", (int)strlen(lists[i]), lists[i],
				cpumask_pr_args(mask));
	}
	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		cpumask_clear(mask);
		error = cpumask_parse(masks[i], mask);
		if (error)
			pr_info("mask \"%*pE\": %d\n", (int)strlen(masks[i]), masks[i], error);
		else
			pr_info("mask \"%*pE\": %*pb\n", (int)strlen(masks[i]), masks[i],
				cpumask_pr_args(mask));
	}
	free_cpumask_var(mask);
	return 0;
}

static void __exit mask_parsing_exit(void)
{
}

module_init(mask_parsing_init);
module_exit(mask_parsing_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Reading CPU masks");
