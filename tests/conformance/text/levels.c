// SPDX-License-Identifier: MIT
// conformance: lines of the log: levels, continuation, newlines inside, long messages, pr_fmt, _once
// drive: taskset -c 1 insmod $MODULE
// drive: dmesg -r | grep levels
// open: ^(<\d+>)\[ *\d+\.\d+\] -> \1 | time stamps
// drive: rmmod $MODULE
#define pr_fmt(fmt) KBUILD_MODNAME "/" fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>

static void all_levels(void)
{
	pr_emerg("emerg\n");
	pr_alert("alert\n");
	pr_crit("crit\n");
	pr_err("err\n");
	pr_warn("warn\n");
	pr_notice("notice\n");
	pr_info("info\n");
	pr_debug("debug is not compiled in\n");
	printk(KERN_DEBUG "levels debug\n");
	printk("levels default\n");
	printk(KERN_DEFAULT "levels explicit default\n");
	printk(KERN_ERR "levels with level %d\n", 3);
	printk("%s", KERN_CRIT "levels in an argument\n");
}

static void continuation(void)
{
	pr_info("one");
	pr_cont(" two");
	pr_cont(" three\n");
	pr_info("without an end");
	pr_info("next\n");
	pr_cont("cont after an end\n");
	pr_info("a");
	printk("levels plain after open\n");
	pr_info("%s", "");
	pr_cont("\n");
}

static void newlines(void)
{
	pr_info("first\nsecond\nthird\n");
	pr_info("two ends\n\n");
	pr_info("\n");
	printk(KERN_INFO "\nlevels begins with an end\n");
	pr_info("tab\there and bell\x07\n");
}

static void long_message(void)
{
	static char text[1500];
	int result;

	memset(text, 'x', sizeof(text) - 1);
	pr_info("%s\n", text);
	pr_info("%.1000s|\n", text);
	result = printk(KERN_INFO "levels twelve bytes\n");
	pr_info("result %d\n", result);
}

static int __init levels_init(void)
{
	int i;

	all_levels();
	continuation();
	newlines();
	long_message();
	for (i = 0; i < 3; i++) {
		pr_info_once("once %d\n", i);
		pr_warn_once("another once %d\n", i);
		printk_once(KERN_INFO "levels printk_once %d\n", i);
	}
	no_printk("never\n");
	return 0;
}

static void __exit levels_exit(void)
{
}

module_init(levels_init);
module_exit(levels_exit);
MODULE_LICENSE("Dual MIT/GPL");
