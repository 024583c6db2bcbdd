// SPDX-License-Identifier: MIT
// conformance: the kernel's string functions: copies that do not fit, searches, comparisons, trimming
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static char buffer[12];

static void print(const char *what, long result)
{
	char shown[13];
	int i;

	for (i = 0; i < sizeof(buffer); i++)
		shown[i] = buffer[i] ? buffer[i] : '.';
	shown[12] = '\0';
	pr_info("%s: %ld [%s]\n", what, result, shown);
	memset(buffer, '#', sizeof(buffer));
}

static void copies(const char *text, size_t size)
{
	print("strscpy 0", strscpy(buffer, text, 0));
	print("strscpy 1", strscpy(buffer, text, size - 5));
	print("strscpy 6", strscpy(buffer, text, size));
	print("strscpy 8", strscpy(buffer, text, size + 2));
	print("strscpy_pad 8", strscpy_pad(buffer, text, size + 2));
	print("strscpy_pad 3", strscpy_pad(buffer, text, size - 3));
	print("strlcpy 4", strlcpy(buffer, text, size - 2));
	print("strlcpy 0", strlcpy(buffer, text, size - 6));
	print("strncpy 4", strncpy(buffer, text, size - 2) == buffer);
	print("strncpy 9", strncpy(buffer, text, size + 3) == buffer);
	strcpy(buffer, "ab");
	print("strlcat 6", strlcat(buffer, text, size));
	strcpy(buffer, "ab");
	print("strncat 3", strncat(buffer, text, size - 3) == buffer);
	print("memset16", memset16((u16 *)buffer, 0x4142, 3) == (u16 *)buffer);
	print("memset32", memset32((u32 *)buffer, 0x44434241, 2) == (u32 *)buffer);
	strcpy(buffer, "abcdef");
	print("memmove", memmove(buffer + 2, buffer, 4) == buffer + 2);
	memcpy_and_pad(buffer, 10, text, 3, '+');
	print("memcpy_and_pad", 0);
}

static long at(const char *base, const void *found)
{
	return found ? (const char *)found - base : -1;
}

static void searches(const char *text)
{
	pr_info("strchr %ld %ld %ld strrchr %ld %ld strchrnul %ld %ld\n",
		at(text, strchr(text, 'o')), at(text, strchr(text, 'x')),
		at(text, strchr(text, '\0')), at(text, strrchr(text, 'o')),
		at(text, strrchr(text, '!')), at(text, strchrnul(text, 'w')),
		at(text, strchrnul(text, 'x')));
	pr_info("strnchr %ld %ld strstr %ld %ld %ld strnstr %ld %ld\n",
		at(text, strnchr(text, 3, 'l')), at(text, strnchr(text, 2, 'l')),
		at(text, strstr(text, "wor")), at(text, strstr(text, "")),
		at(text, strstr(text, "wood")), at(text, strnstr(text, "lo", 5)),
		at(text, strnstr(text, "lo", 4)));
	pr_info("strpbrk %ld %ld strspn %zu strcspn %zu %zu strnlen %zu %zu\n",
		at(text, strpbrk(text, "wxyz")), at(text, strpbrk(text, "xyz")),
		strspn(text, "hel"), strcspn(text, "wo"), strcspn(text, "xyz"), strnlen(text, 3),
		strnlen(text, 30));
	pr_info("memchr %ld %ld memscan %ld %ld\n", at(text, memchr(text, 'w', 5)),
		at(text, memchr(text, 'w', 8)), at(text, memscan((void *)text, 'w', 11)),
		at(text, memscan((void *)text, 'x', 11)));
	pr_info("memchr_inv %ld %ld\n", at(text, memchr_inv(text, 'h', 11)),
		at(text, memchr_inv("aaaa", 'a', 4)));
}

static int sign(int number)
{
	return number < 0 ? -1 : number > 0;
}

static void comparisons(void)
{
	pr_info("strcmp %d %d %d %d\n", sign(strcmp("a", "a")), sign(strcmp("a", "b")),
		sign(strcmp("b", "a")), sign(strcmp("\xff", "a")));
	pr_info("strncmp %d %d %d\n", sign(strncmp("abc", "abd", 2)),
		sign(strncmp("abc", "abd", 3)), sign(strncmp("a", "b", 0)));
	pr_info("strcasecmp %d %d strncasecmp %d %d\n", sign(strcasecmp("HeLLo", "hEllO")),
		sign(strcasecmp("a", "B")), sign(strncasecmp("ABx", "aby", 2)),
		sign(strncasecmp("ABx", "aby", 3)));
	pr_info("sysfs_streq %d %d %d %d %d\n", sysfs_streq("on", "on\n"),
		sysfs_streq("on\n", "on"), sysfs_streq("on\n", "on\n"), sysfs_streq("on\n\n", "on"),
		sysfs_streq("on ", "on"));
	pr_info("strstarts %d %d str_has_prefix %zu %zu\n", strstarts("prefix", "pre"),
		strstarts("pre", "prefix"), str_has_prefix("prefix", "pre"),
		str_has_prefix("x", "pre"));
	pr_info("memcmp %d %d %d bcmp %d\n", sign(memcmp("a\0b", "a\0c", 3)),
		sign(memcmp("a", "b", 0)), sign(memcmp("\xff", "\x01", 1)), bcmp("a", "b", 1) != 0);
	pr_info("glob: isspace %d %d isxdigit %d toupper %c tolower %c isprint %d\n",
		!!isspace(0xa0), !!isspace('\v'), !!isxdigit('g'), toupper('q'), tolower('Q'),
		!!isprint(0x7f));
}

static void changes(void)
{
	static const char *const names[] = {"off", "on", "auto", NULL};
	char text[] = "  one,two,,three  \n";
	char spaces[] = " \t\n ";
	char path[] = "a/b/c";
	char *rest = path, *word;
	char *copy;

	pr_info("skip_spaces [%s] strim [%s] of spaces [%s]\n", skip_spaces("  x "), strim(text),
		strim(spaces));
	rest = strim(text);
	while ((word = strsep(&rest, ",")) != NULL)
		pr_info("strsep [%s]\n", word);
	pr_info("strsep of NULL: %d\n", strsep(&rest, ",") == NULL);
	pr_info("strreplace %d [%s]\n", strreplace(path, '/', '!') == path + 5, path);
	pr_info("match_string %d %d %d\n", match_string(names, 3, "on"),
		match_string(names, 3, "o"), match_string(names, -1, "nothing"));
	pr_info("sysfs_match_string %d %d\n", __sysfs_match_string(names, 3, "auto\n"),
		sysfs_match_string(names, "none"));
	pr_info("kbasename [%s] [%s] [%s]\n", kbasename("/a/b/c.c"), kbasename("c.c"),
		kbasename("/a/"));
	copy = kstrndup("abcdef", 3, GFP_KERNEL);
	pr_info("kstrndup [%s], kstrdup of NULL %d\n", copy, kstrdup(NULL, GFP_KERNEL) == NULL);
	kfree(copy);
	copy = kmemdup_nul("abcdef", 2, GFP_KERNEL);
	pr_info("kmemdup_nul [%s]\n", copy);
	kfree(copy);
}

static int __init string_functions_init(void)
{
	memset(buffer, '#', sizeof(buffer));
	copies("hello", 6);
	searches("hello world");
	comparisons();
	changes();
	return 0;
}

static void __exit string_functions_exit(void)
{
}

module_init(string_functions_init);
module_exit(string_functions_exit);
MODULE_LICENSE("Dual MIT/GPL");
