/*
 * I/O ports and device memory. On the machine the ports of the keyboard controller answer (0x60: the next scan code, 0x64: its
 * status), other ports keep what was written to them and read 0xff before. ioremap() gives memory that behaves as a device's
 * registers do which only store.
 *
 * Context: any; ioremap() and iounmap(): task.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/page.h>

KLOOM_BEGIN_DECLS

u8 inb(unsigned int port);
u16 inw(unsigned int port);
u32 inl(unsigned int port);
void outb(u8 value, unsigned int port);
void outw(u16 value, unsigned int port);
void outl(u32 value, unsigned int port);

/* Maps `size` bytes of device memory; the same physical range gives the same memory. Null without memory. */
void __iomem *ioremap(resource_size_t offset, unsigned long size);
void iounmap(volatile void __iomem *addr);

KLOOM_END_DECLS

#define inb_p(port) inb(port)
#define inw_p(port) inw(port)
#define inl_p(port) inl(port)
#define outb_p(value, port) outb(value, port)
#define outw_p(value, port) outw(value, port)
#define outl_p(value, port) outl(value, port)

#define ioremap_cache(offset, size) ioremap(offset, size)
#define ioremap_nocache(offset, size) ioremap(offset, size)
#define ioremap_uc(offset, size) ioremap(offset, size)
#define ioremap_wc(offset, size) ioremap(offset, size)

#define KLOOM_MMIO(bits, letter) \
	static __always_inline u##bits read##letter(const volatile void __iomem *addr) \
	{ \
		return *(const volatile u##bits *)addr; \
	} \
	static __always_inline void write##letter(u##bits value, volatile void __iomem *addr) \
	{ \
		*(volatile u##bits *)addr = value; \
	}

KLOOM_MMIO(8, b)
KLOOM_MMIO(16, w)
KLOOM_MMIO(32, l)
KLOOM_MMIO(64, q)
#undef KLOOM_MMIO

#define readb_relaxed(addr) readb(addr)
#define readw_relaxed(addr) readw(addr)
#define readl_relaxed(addr) readl(addr)
#define readq_relaxed(addr) readq(addr)
#define writeb_relaxed(value, addr) writeb(value, addr)
#define writew_relaxed(value, addr) writew(value, addr)
#define writel_relaxed(value, addr) writel(value, addr)
#define writeq_relaxed(value, addr) writeq(value, addr)
#define __raw_readb(addr) readb(addr)
#define __raw_readw(addr) readw(addr)
#define __raw_readl(addr) readl(addr)
#define __raw_readq(addr) readq(addr)
#define __raw_writeb(value, addr) writeb(value, addr)
#define __raw_writew(value, addr) writew(value, addr)
#define __raw_writel(value, addr) writel(value, addr)
#define __raw_writeq(value, addr) writeq(value, addr)
#define ioread8(addr) readb(addr)
#define ioread16(addr) readw(addr)
#define ioread32(addr) readl(addr)
#define ioread64(addr) readq(addr)
#define iowrite8(value, addr) writeb(value, addr)
#define iowrite16(value, addr) writew(value, addr)
#define iowrite32(value, addr) writel(value, addr)
#define iowrite64(value, addr) writeq(value, addr)
