// SPDX-License-Identifier: MIT
// conformance: reading and writing parameters in /sys while the module is loaded: permissions, errors, sizes, offsets
// drive: P=/sys/module/writes/parameters
// drive: insmod $MODULE
// drive: ls $P
// drive: for name in read_only readable writable; do cat $P/$name; echo 5 > $P/$name; echo "$name $?" $(cat $P/$name); done
// drive: echo 9 > $P/hidden; ls $P/hidden
// drive: for text in '' x 5x '5 ' ' 5' 0x10 -1 99999999999 '5 6'; do echo "$text" > $P/writable; echo "[$text] $?" $(cat $P/writable); done
// drive: printf '1234' | dd of=$P/writable bs=2 2>/dev/null; cat $P/writable
// drive: dd if=$P/writable bs=1 skip=1 count=1 2>/dev/null; echo
// drive: dd if=$P/text bs=3 count=2 2>/dev/null; echo
// drive: echo longer > $P/text; cat $P/text; echo 'much too long' > $P/text; cat $P/text
// drive: echo 1,2,3 > $P/list; cat $P/list; echo 4 > $P/list; cat $P/list; echo 1,2,3,4,5 > $P/list; cat $P/list
// drive: echo 1, > $P/list; cat $P/list; echo ,1 > $P/list; cat $P/list
// drive: rm $P/writable; mkdir $P/new; echo 1 > $P/new
// drive: rmmod $MODULE; ls $P
#include <linux/module.h>

static int read_only = 1;
module_param(read_only, int, 0400);
static int readable = 2;
module_param(readable, int, 0444);
static int writable = 3;
module_param(writable, int, 0664);
static int hidden = 4;
module_param(hidden, int, 0);
static char text[8] = "text";
module_param_string(text, text, sizeof(text), 0644);
static int list[4] = {10, 20, 30, 40};
static int count = 2;
module_param_array(list, int, &count, 0644);

static int __init writes_init(void)
{
	return 0;
}

static void __exit writes_exit(void)
{
	pr_info("%d %d %d %d [%s] %d of %d %d %d %d\n", read_only, readable, writable, hidden, text, count, list[0], list[1],
		list[2], list[3]);
}

module_init(writes_init);
module_exit(writes_exit);
MODULE_LICENSE("Dual MIT/GPL");
