// SPDX-License-Identifier: MIT
// conformance: printk's %pV, %pt, %pG, %pd and %pD: nested formats, times, flags and names of files
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rtc.h>
#include <linux/time64.h>

static __printf(2, 3) void print_nested(const char *head, const char *format, ...)
{
	struct va_format nested;
	va_list arguments;

	va_start(arguments, format);
	nested.fmt = format;
	nested.va = &arguments;
	pr_info("%s [%pV] [%30pV]\n", head, &nested, &nested);
	va_end(arguments);
}

static void print_times(void)
{
	struct rtc_time time = {
		.tm_year = 124, .tm_mon = 1, .tm_mday = 29, .tm_hour = 7, .tm_min = 8, .tm_sec = 9};
	time64_t seconds = 1234567890;

	pr_info("[%ptR] [%ptRd] [%ptRt]\n", &time, &time, &time);
	pr_info("[%ptRr] [%ptRdr] [%ptRtr]\n", &time, &time, &time);
	pr_info("[%ptRs] [%ptT] [%ptTd] [%ptTt] [%ptTs]\n", &time, &seconds, &seconds, &seconds,
		&seconds);
	time.tm_mon = 15;
	time.tm_hour = 31;
	pr_info("[%ptR] [%ptRr]\n", &time, &time);
}

static void print_flags(void)
{
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO;
	unsigned long vm = VM_READ | VM_WRITE | VM_MAYREAD;

	pr_info("[%pGg]\n", &gfp);
	gfp = GFP_ATOMIC;
	pr_info("[%pGg]\n", &gfp);
	gfp = __GFP_HIGH | __GFP_NOWARN;
	pr_info("[%pGg]\n", &gfp);
	gfp = GFP_NOFS | __GFP_COMP | __GFP_NORETRY;
	pr_info("[%pGg]\n", &gfp);
	gfp = GFP_USER | __GFP_MOVABLE | __GFP_ACCOUNT | GFP_DMA32;
	pr_info("[%pGg]\n", &gfp);
	gfp = __GFP_DIRECT_RECLAIM | __GFP_WRITE;
	pr_info("[%pGg]\n", &gfp);
	gfp = 0;
	pr_info("[%pGg]\n", &gfp);
	pr_info("[%pGv]\n", &vm);
	vm = VM_IO | VM_DONTEXPAND | VM_DONTDUMP | VM_PFNMAP | VM_SHARED;
	pr_info("[%pGv]\n", &vm);
}

static void print_file(const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);

	if (IS_ERR(file)) {
		pr_info("%s: %ld\n", path, PTR_ERR(file));
		return;
	}
	pr_info("[%pD] [%pD2] [%pD4] [%12pD]\n", file, file, file, file);
	pr_info("[%pd] [%pd2] [%-12pd]\n", file->f_path.dentry, file->f_path.dentry,
		file->f_path.dentry);
	filp_close(file, NULL);
}

static int __init nested_init(void)
{
	print_nested("plain", "text");
	print_nested("numbers", "%d %s %#x", 5, "five", 5);
	print_times();
	print_flags();
	print_file("/proc/version");
	print_file("/proc/no_such_file");
	return 0;
}

static void __exit nested_exit(void)
{
}

module_init(nested_init);
module_exit(nested_exit);
MODULE_LICENSE("Dual MIT/GPL");
