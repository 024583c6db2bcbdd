// SPDX-License-Identifier: MIT
// conformance: kstrto*: bases, signs, newline, spaces, the limits of each type, and the error codes
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/module.h>

#define DEFINE_TRY(type, format)                                                                   \
	static void try_##type(const char *text, unsigned int base)                                \
	{                                                                                          \
		type value = 77;                                                                   \
		int error = kstrto##type(text, base, &value);                                      \
		pr_info(#type " [%*pE] base %u: %d, " format "\n", (int)strlen(text), text, base,  \
			error, value);                                                             \
	}
typedef long long ll;
typedef unsigned long long ull;
typedef long l;
typedef unsigned long ul;
DEFINE_TRY(u8, "%u")
DEFINE_TRY(s8, "%d")
DEFINE_TRY(u16, "%u")
DEFINE_TRY(s16, "%d")
DEFINE_TRY(uint, "%u")
DEFINE_TRY(int, "%d")
DEFINE_TRY(ul, "%lu")
DEFINE_TRY(l, "%ld")
DEFINE_TRY(ull, "%llu")
DEFINE_TRY(ll, "%lld")

static void forms(void)
{
	static const char *const texts[] = {
		"",	"0",	 "1",	  "-1",	   "+1",  "-",	   "+",	   "\n",
		"1\n",	"1\n\n", "1\r\n", " 1",	   "1 ",  "1x",	   "x",	   "0x",
		"0x1f", "0X1F",	 "0xg",	  "017",   "018", "-0x10", "+010", "--1",
		"+-1",	"00012", "0b11",  "1_000", "-0",  "0x\n",  "1.0",  "0x1f\n"};
	int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		try_int(texts[i], 0);
		try_uint(texts[i], 10);
	}
	try_int("0x1f", 16);
	try_int("1f", 16);
	try_int("-1F", 16);
	try_int("777", 8);
	try_int("0777", 8);
	try_int("8", 8);
	try_int("1011", 2);
	try_int("12", 2);
	try_int("z", 36);
	try_int("0x1f", 8);
	try_int("0", 16);
	try_int("0x", 16);
}

static void limits(void)
{
	try_u8("255", 0);
	try_u8("256", 0);
	try_u8("-1", 0);
	try_s8("127", 0);
	try_s8("128", 0);
	try_s8("-128", 0);
	try_s8("-129", 0);
	try_u16("65535", 10);
	try_u16("65536", 10);
	try_s16("-32768", 10);
	try_s16("-32769", 10);
	try_s16("0x7fff", 0);
	try_s16("0x8000", 0);
	try_uint("4294967295", 10);
	try_uint("4294967296", 10);
	try_int("2147483647", 10);
	try_int("2147483648", 10);
	try_int("-2147483648", 10);
	try_int("-2147483649", 10);
	try_ul("18446744073709551615", 10);
	try_ul("18446744073709551616", 10);
	try_l("9223372036854775807", 10);
	try_l("9223372036854775808", 10);
	try_l("-9223372036854775808", 10);
	try_ull("0xffffffffffffffff", 0);
	try_ull("0x10000000000000000", 0);
	try_ull("01777777777777777777777", 0);
	try_ull("02000000000000000000000", 0);
	try_ull("-1", 0);
	try_ull("99999999999999999999x", 0);
	try_ll("-9223372036854775809", 10);
	try_ll("-0x8000000000000000", 0);
	try_ll("9223372036854775808", 0);
}

static void booleans(void)
{
	static const char *const texts[] = {"y",  "Y",	 "yes", "n",   "N",   "no", "1",  "0",
					    "on", "off", "ON",	"oFf", "o",   "ox", "t",  "true",
					    "T",  "f",	 "2",	"",    "1\n", " 1", "nn", "e"};
	int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		bool value = false, other = true;
		int error = kstrtobool(texts[i], &value);

		if (kstrtobool(texts[i], &other))
			pr_info("bool [%*pE]: %d, %d %d\n", (int)strlen(texts[i]), texts[i], error,
				value, other);
		else
			pr_info("bool [%*pE]: %d\n", (int)strlen(texts[i]), texts[i], value);
	}
}

static int __init kstrto_init(void)
{
	forms();
	limits();
	booleans();
	return 0;
}

static void __exit kstrto_exit(void)
{
}

module_init(kstrto_init);
module_exit(kstrto_exit);
MODULE_LICENSE("Dual MIT/GPL");
