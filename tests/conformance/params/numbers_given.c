// SPDX-License-Identifier: MIT
// conformance: which texts a number parameter takes: bases, signs, spaces, newlines; what the log says of the others
// drive: for text in 0 1 -1 +1 0x1f 0X1F -0x10 017 018 0b1 1e3 1.0 '' - + 0x x 1x '"1"' '" 1"' '"1 "' --1 00012 1_000; do
// drive:     insmod $MODULE "count=$text" && rmmod $MODULE
// drive:     insmod $MODULE "unsigned_count=$text" && rmmod $MODULE
// drive: done
// drive: for given in "$(printf 'count=5\nunsigned_count=6')" "$(printf 'count=5\tunsigned_count=6')" '  count=7   unsigned_count=8  '; do
// drive:     insmod $MODULE "$given" && rmmod $MODULE
// drive: done
// drive: for given in count 'count =3' 'count= 4' 'count=1 count=2 count=3' unsigned-count=9 Count=9 count.x=9; do
// drive:     insmod $MODULE "$given" && rmmod $MODULE
// drive: done
#include <linux/module.h>

static int count = -77;
module_param(count, int, 0444);
static unsigned int unsigned_count = 77;
module_param(unsigned_count, uint, 0444);

static int __init numbers_given_init(void)
{
	pr_info("count %d unsigned_count %u\n", count, unsigned_count);
	return 0;
}

static void __exit numbers_given_exit(void)
{
}

module_init(numbers_given_init);
module_exit(numbers_given_exit);
MODULE_LICENSE("Dual MIT/GPL");
