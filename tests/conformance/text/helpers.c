// SPDX-License-Identifier: MIT
// conformance: string_get_size, hex2bin, hex_dump_to_buffer, print_hex_dump, uuid_parse and checksums
#include <linux/crc32.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uuid.h>

static void sizes(void)
{
	static const u64 numbers[] = {0,     1,	     999,     1000,	 1023,	     1024, 1536,
				      10240, 999999, 1048576, 123456789, 1ULL << 40, ~0ULL};
	char two[16], ten[16];
	int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		string_get_size(numbers[i], 1, STRING_UNITS_2, two, sizeof(two));
		string_get_size(numbers[i], 1, STRING_UNITS_10, ten, sizeof(ten));
		pr_info("%llu: %s, %s\n", numbers[i], two, ten);
	}
	string_get_size(976773168, 512, STRING_UNITS_10, ten, sizeof(ten));
	string_get_size(976773168, 512, STRING_UNITS_2, two, sizeof(two));
	pr_info("a disk: %s, %s\n", two, ten);
	string_get_size(0, 512, STRING_UNITS_2, two, sizeof(two));
	pr_info("nothing: %s\n", two);
	string_get_size(123456789, 1, STRING_UNITS_2, two, 5);
	pr_info("cut: [%s]\n", two);
}

static void hex(void)
{
	u8 bytes[4] = {0};
	char text[9] = {0};
	int results[4];

	results[0] = hex2bin(bytes, "00fFa9", 3);
	pr_info("hex2bin %d [%*ph]\n", results[0], 3, bytes);
	results[1] = hex2bin(bytes, "1g", 1);
	results[2] = hex2bin(bytes, "", 0);
	results[3] = hex2bin(bytes, "123", 2);
	pr_info("hex2bin of bad ones %d %d %d\n", results[1], results[2], results[3]);
	pr_info("bin2hex %td [%s]\n", bin2hex(text, "\x01\xab\xff", 3) - text, text);
	pr_info("hex_to_bin %d %d %d %d\n", hex_to_bin('9'), hex_to_bin('a'), hex_to_bin('F'),
		hex_to_bin('g'));
}

static void dump(const void *data, size_t size, int row, int group, bool ascii)
{
	char line[150];
	int result = hex_dump_to_buffer(data, size, row, group, line, sizeof(line), ascii);

	pr_info("%zu row %d group %d: %d [%s]\n", size, row, group, result, line);
}

static void dumps(void)
{
	static const char data[] = "0123456789abcdef\x01\x02\x7f\x80 the end of the data";
	char line[20];

	dump(data, 16, 16, 1, true);
	dump(data, 16, 16, 2, true);
	dump(data, 16, 16, 4, true);
	dump(data, 16, 16, 8, false);
	dump(data, 10, 16, 1, true);
	dump(data, 10, 16, 4, false);
	dump(data, 40, 32, 1, false);
	dump(data, 20, 7, 3, true);
	dump(data, 0, 16, 1, true);
	pr_info("cut: %d [%s]\n", hex_dump_to_buffer(data, 16, 16, 1, line, sizeof(line), true),
		line);
	pr_info("no room: %d\n", hex_dump_to_buffer(data, 16, 16, 1, NULL, 0, true));
	print_hex_dump(KERN_INFO, "offset: ", DUMP_PREFIX_OFFSET, 16, 1, data, sizeof(data), true);
	print_hex_dump(KERN_INFO, "none: ", DUMP_PREFIX_NONE, 32, 4, data, 36, false);
	print_hex_dump_bytes("bytes: ", DUMP_PREFIX_OFFSET, data, 4);
}

static void identifiers(void)
{
	static const char *const texts[] = {
		"01020304-0506-0708-090a-0b0c0d0e0f10", "01020304-0506-0708-090A-0B0C0D0E0F10",
		"01020304-0506-0708-090a-0b0c0d0e0f1",	"01020304-0506-0708-090a-0b0c0d0e0f10x",
		"0102030405060708090a0b0c0d0e0f10",	"g1020304-0506-0708-090a-0b0c0d0e0f10"};
	guid_t guid;
	uuid_t uuid;
	int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		pr_info("uuid_is_valid %d parse %d guid %d\n", uuid_is_valid(texts[i]),
			uuid_parse(texts[i], &uuid), guid_parse(texts[i], &guid));
	uuid_parse(texts[0], &uuid);
	guid_parse(texts[0], &guid);
	pr_info("%*ph / %*ph / %d %d\n", 16, &uuid, 16, &guid, uuid_is_null(&uuid),
		uuid_is_null(&uuid_null));
	uuid_gen(&uuid);
	pr_info("random: version %d variant %d\n", uuid.b[6] >> 4, uuid.b[8] >> 6);
}

static int __init helpers_init(void)
{
	sizes();
	hex();
	dumps();
	identifiers();
	pr_info("crc32 %08x %08x %08x\n", crc32(0, "123456789", 9), crc32(~0, "123456789", 9),
		crc32_be(~0, "123456789", 9));
	pr_info("crc32c-like %08x ether %08x\n", __crc32c_le(~0, "123456789", 9),
		ether_crc_le(9, "123456789"));
	return 0;
}

static void __exit helpers_exit(void)
{
}

module_init(helpers_init);
module_exit(helpers_exit);
MODULE_LICENSE("Dual MIT/GPL");
