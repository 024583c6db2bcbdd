// SPDX-License-Identifier: MIT
// conformance: the limits of each type of number parameter, what insmod and the log say of numbers beyond, and how each is shown
// drive: P=/sys/module/number_limits/parameters
// drive: insmod $MODULE; for name in byte short ushort int uint long ulong ullong hexint; do cat $P/p_$name; done; rmmod $MODULE
// drive: for n in 255 256 -1 0xff; do insmod $MODULE p_byte=$n && cat $P/p_byte && rmmod $MODULE; done
// drive: for n in 32767 32768 -32768 -32769 0x7fff 0xffff; do insmod $MODULE p_short=$n && cat $P/p_short && rmmod $MODULE; done
// drive: for n in 65535 65536 -1 0177777; do insmod $MODULE p_ushort=$n && cat $P/p_ushort && rmmod $MODULE; done
// drive: for n in 2147483647 2147483648 -2147483648 -2147483649 0xffffffff; do insmod $MODULE p_int=$n && cat $P/p_int && rmmod $MODULE; done
// drive: for n in 4294967295 4294967296 -1; do insmod $MODULE p_uint=$n && cat $P/p_uint && rmmod $MODULE; done
// drive: for n in 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809; do
// drive:     insmod $MODULE p_long=$n && cat $P/p_long && rmmod $MODULE
// drive: done
// drive: for n in 18446744073709551615 18446744073709551616 -1; do
// drive:     for type in ulong ullong; do insmod $MODULE p_$type=$n && cat $P/p_$type && rmmod $MODULE; done
// drive: done
// drive: for n in 255 0xdeadbeef 0 65536 4294967296 -1 0x123456; do insmod $MODULE p_hexint=$n && cat $P/p_hexint && rmmod $MODULE; done
#include <linux/module.h>

static unsigned char p_byte = 200;
module_param(p_byte, byte, 0444);
static short p_short = -300;
module_param(p_short, short, 0444);
static unsigned short p_ushort = 60000;
module_param(p_ushort, ushort, 0444);
static int p_int = -5;
module_param(p_int, int, 0444);
static unsigned int p_uint = 4000000000u;
module_param(p_uint, uint, 0444);
static long p_long = -5000000000;
module_param(p_long, long, 0444);
static unsigned long p_ulong = 5000000000;
module_param(p_ulong, ulong, 0444);
static unsigned long long p_ullong = 1ULL << 63;
module_param(p_ullong, ullong, 0444);
static unsigned int p_hexint = 10;
module_param(p_hexint, hexint, 0444);

static int __init number_limits_init(void)
{
	pr_info("%u %d %u %d %u %ld %lu %llu %x\n", p_byte, p_short, p_ushort, p_int, p_uint, p_long, p_ulong, p_ullong, p_hexint);
	return 0;
}

static void __exit number_limits_exit(void)
{
}

module_init(number_limits_init);
module_exit(number_limits_exit);
MODULE_LICENSE("Dual MIT/GPL");
