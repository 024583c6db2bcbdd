// SPDX-License-Identifier: MIT
// conformance: how debugfs shows variables of each kind and which texts it takes for them
// drive: D=/sys/kernel/debug/values
// drive: insmod $MODULE; ls $D
// drive: for name in u8 u16 u32 u64 ulong x8 x16 x32 x64 size bool atomic; do echo $name; cat $D/$name; done
// drive: for text in 7 0x1F -1 300 y 99999999999; do
// drive:     for name in u8 u32 x16 x64 bool atomic; do echo $text > $D/$name && cat $D/$name; done
// drive: done
// drive: cat $D/blob; echo; echo 1 > $D/fixed; cat $D/fixed; cat $D/array
// drive: rmmod $MODULE; ls $D
#include <linux/debugfs.h>
#include <linux/module.h>

static struct dentry *directory;
static u8 v8 = 200, h8 = 200;
static u16 v16 = 60000, h16 = 60000;
static u32 v32 = 4000000000u, h32 = 4000000000u, fixed = 5;
static u64 v64 = 1ULL << 63, h64 = 1ULL << 63;
static unsigned long along = 77;
static size_t size = 88;
static bool truth = true;
static atomic_t counter = ATOMIC_INIT(-3);
static char bytes[] = "blob of bytes";
static struct debugfs_blob_wrapper blob = {.data = bytes, .size = 8};
static u32 numbers[] = {1, 22, 333};
static struct debugfs_u32_array array = {.array = numbers, .n_elements = 3};

static int __init debugfs_values_init(void)
{
	directory = debugfs_create_dir("values", NULL);
	debugfs_create_u8("u8", 0644, directory, &v8);
	debugfs_create_u16("u16", 0644, directory, &v16);
	debugfs_create_u32("u32", 0644, directory, &v32);
	debugfs_create_u64("u64", 0644, directory, &v64);
	debugfs_create_ulong("ulong", 0644, directory, &along);
	debugfs_create_x8("x8", 0644, directory, &h8);
	debugfs_create_x16("x16", 0644, directory, &h16);
	debugfs_create_x32("x32", 0644, directory, &h32);
	debugfs_create_x64("x64", 0644, directory, &h64);
	debugfs_create_size_t("size", 0644, directory, &size);
	debugfs_create_bool("bool", 0644, directory, &truth);
	debugfs_create_atomic_t("atomic", 0644, directory, &counter);
	debugfs_create_blob("blob", 0444, directory, &blob);
	debugfs_create_u32("fixed", 0444, directory, &fixed);
	debugfs_create_u32_array("array", 0444, directory, &array);
	pr_info("again: %ld, lookup %d %d\n", PTR_ERR(debugfs_create_dir("values", NULL)), !!debugfs_lookup("u8", directory),
		!!debugfs_lookup("nothing", directory));
	return 0;
}

static void __exit debugfs_values_exit(void)
{
	debugfs_remove(directory);
	pr_info("%u %u %u %llx %d %d\n", v8, v32, h16, h64, truth, atomic_read(&counter));
}

module_init(debugfs_values_init);
module_exit(debugfs_values_exit);
MODULE_LICENSE("Dual MIT/GPL");
