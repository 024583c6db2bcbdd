// SPDX-License-Identifier: MIT
// conformance: text parameters: arrays of char that are just long enough or too short, char pointers, empty texts, quotes
// drive: P=/sys/module/texts/parameters
// drive: for given in '' 'array= pointer=' array=1234567 array=12345678 array pointer; do
// drive:     insmod $MODULE "$given" && cat $P/array $P/pointer $P/nothing && rmmod $MODULE
// drive: done
// drive: for given in 'pointer="a b"' '"pointer=a b"' 'pointer=a" "b' 'pointer="a b' 'pointer=a b' 'array="a b c"' "pointer='a b'"; do
// drive:     insmod $MODULE "$given" && cat $P/array $P/pointer && rmmod $MODULE
// drive: done
// drive: for given in 'pointer="a=b"' pointer=a=b 'pointer=a\"b' 'pointer=""' 'pointer="' 'pointer=first pointer=second array=1 array=2'; do
// drive:     insmod $MODULE "$given" && cat $P/array $P/pointer && rmmod $MODULE
// drive: done
// drive: long=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '%0100d' $i; done)
// drive: insmod $MODULE; for end in 123456789012345678901234 1234567890123456789012345; do
// drive:     printf $long$end > $P/pointer; echo $?; wc -c < $P/pointer
// drive: done; rmmod $MODULE
#include <linux/module.h>
#include <linux/string.h>

static char array[8] = "default";
module_param_string(array, array, sizeof(array), 0444);
static char *pointer = "the default";
module_param(pointer, charp, 0644);
static char *nothing;
module_param(nothing, charp, 0444);

static int __init texts_init(void)
{
	pr_info("array [%s] pointer %zu bytes [%.40s] nothing [%s]\n", array, strlen(pointer), pointer, nothing);
	return 0;
}

static void __exit texts_exit(void)
{
}

module_init(texts_init);
module_exit(texts_exit);
MODULE_LICENSE("Dual MIT/GPL");
