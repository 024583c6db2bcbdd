// SPDX-License-Identifier: MIT
// conformance: printk's %ph, %pE, %pM, %pI, %pU, %pb, %pr: bytes, addresses, identifiers, bitmaps and resources
#include <linux/bitmap.h>
#include <linux/byteorder/generic.h>
#include <linux/cpumask.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/uuid.h>

static const u8 bytes[70] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x41, 0x0a, 0x22, 0x5c, 0x20};

static void print_bytes(void)
{
	static const char text[] = "a\t\"\\ z";

	pr_info("[%*ph] [%*phC] [%*phD] [%*phN]\n", 5, bytes, 5, bytes, 5, bytes, 5, bytes);
	pr_info("[%ph] [%3ph] [%10ph]\n", bytes, bytes, bytes);
	pr_info("[%*ph] [%*ph]\n", 0, bytes, -3, bytes);
	pr_info("[%*phN]\n", 64, bytes);
	pr_info("[%*phN]\n", 70, bytes);
	pr_info("[%*pE] [%*pEa]\n", 4, bytes, 4, bytes);
	pr_info("[%*pE] [%*pEa] [%*pEh] [%*pEo] [%*pEp] [%*pEns] [%*pEhp] [%*pEcs]\n", 6, text, 6,
		text, 6, text, 6, text, 6, text, 6, text, 6, text, 6, text);
	pr_info("[%pE]\n", "a\tb");
	pr_info("[%*pEhp]\n", 4, "a\n\tb");
}

static void print_addresses(void)
{
	static const u8 mac[6] = {0x00, 0x1b, 0xc0, 0xff, 0xee, 0x09};
	__be32 four = htonl(0xc0a80105);
	static const u8 six[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
	static const u8 gaps[16] = {0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8};
	static const u8 mapped[16] = {[10] = 0xff, 0xff, 10, 0, 0, 1};
	static const u8 zero[16];

	pr_info("[%pM] [%pm] [%pMF] [%pMR] [%pmR] [%20pM]\n", mac, mac, mac, mac, mac, mac);
	pr_info("[%pI4] [%pi4] [%pI4h] [%pI4n] [%pI4b] [%pI4l]\n", &four, &four, &four, &four,
		&four, &four);
	pr_info("[%pI6] [%pi6] [%pI6c]\n", six, six, six);
	pr_info("[%pI6c] [%pI6c] [%pI6]\n", mapped, zero, zero);
	pr_info("[%pI6c] [%30pI6c] [%-50pI6]\n", gaps, gaps, gaps);
	pr_info("[%16pI4] [%-16pI4]\n", &four, &four);
}

static void print_identifiers(void)
{
	static const uuid_t uuid = UUID_INIT(0x01020304, 0x0506, 0x0708, 0x09, 0x0a, 0x0b, 0xcc,
					     0xdd, 0xee, 0xff, 0x10);
	static const guid_t guid = GUID_INIT(0x01020304, 0x0506, 0x0708, 0x09, 0x0a, 0x0b, 0xcc,
					     0xdd, 0xee, 0xff, 0x10);

	pr_info("[%pUb] [%pUB]\n", &uuid, &uuid);
	pr_info("[%pUl] [%pUL]\n", &guid, &guid);
	pr_info("[%pU] [%pUl]\n", &uuid, &uuid);
}

static void print_bitmaps(void)
{
	DECLARE_BITMAP(map, 80) = {0};
	struct cpumask mask;

	bitmap_set(map, 0, 3);
	bitmap_set(map, 7, 1);
	bitmap_set(map, 62, 5);
	pr_info("[%*pb] [%*pbl]\n", 80, map, 80, map);
	pr_info("[%*pb] [%*pbl]\n", 9, map, 9, map);
	pr_info("[%*pb] [%*pbl] [%*pb]\n", 0, map, 0, map, 1, map);
	bitmap_zero(map, 80);
	pr_info("[%*pb] [%*pbl]\n", 35, map, 35, map);
	cpumask_clear(&mask);
	cpumask_set_cpu(1, &mask);
	cpumask_set_cpu(3, &mask);
	pr_info("[%*pbl]\n", cpumask_pr_args(&mask));
	pr_info("[%*pb]\n", 4, cpumask_bits(cpu_online_mask));
}

static void print_resources(void)
{
	struct resource memory = DEFINE_RES_MEM(0x80000000, 0x1000);
	struct resource ports = DEFINE_RES_IO(0x60, 5);
	struct resource line = DEFINE_RES_IRQ(7);
	struct resource dma = DEFINE_RES_DMA(3);
	phys_addr_t address = 0x12345678;

	memory.flags |= IORESOURCE_PREFETCH;
	pr_info("[%pr] [%pr] [%pr] [%pr]\n", &memory, &ports, &line, &dma);
	pr_info("[%pR] [%pR]\n", &memory, &ports);
	memory.flags |= IORESOURCE_UNSET;
	pr_info("[%pR]\n", &memory);
	memory.flags |= IORESOURCE_DISABLED | IORESOURCE_WINDOW;
	memory.flags &= ~IORESOURCE_UNSET;
	pr_info("[%pR]\n", &memory);
	pr_info("[%pa] [%pap] [%pad]\n", &address, &address, &address);
}

static int __init extensions_init(void)
{
	print_bytes();
	print_addresses();
	print_identifiers();
	print_bitmaps();
	print_resources();
	return 0;
}

static void __exit extensions_exit(void)
{
}

module_init(extensions_init);
module_exit(extensions_exit);
MODULE_LICENSE("Dual MIT/GPL");
