/*
 * Pages, address spaces of processes and their areas: the fields that drivers touch.
 */
#pragma once

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>
#include <asm/page.h>

struct address_space;
struct file;
struct vm_operations_struct;

/* `private` is a word of C++. */
#ifdef __cplusplus
#define __page_private __kloom_private
#else
#define __page_private private
#endif

/* One for each page frame; see pfn_to_page(). */
struct page {
	unsigned long flags; /* PG_*, linux/page-flags.h */
	struct list_head lru;
	struct address_space *mapping;
	pgoff_t index;
	unsigned long __page_private;
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned int order; /* of the block that begins with this page */
} __attribute__((__aligned__(64)));
#define page_private(page) ((page)->__page_private)
#define set_page_private(page, v) ((page)->__page_private = (v))

typedef unsigned long pgprotval_t;
typedef struct {
	pgprotval_t pgprot;
} pgprot_t;
typedef struct {
	unsigned long pgd;
} pgd_t;
typedef unsigned long vm_flags_t;
typedef unsigned int vm_fault_t;

#define __pgprot(x) ((pgprot_t){ (x) })
#define pgprot_val(x) ((x).pgprot)
#define pgprot_noncached(prot) (prot)
#define pgprot_writecombine(prot) (prot)
#define pgprot_device(prot) (prot)

struct mm_struct;

/* A contiguous part of a process's address space, as mmap() of a file makes it. */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end; /* the first byte behind it */
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	unsigned long vm_flags;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff; /* offset in the file, in pages */
	struct file *vm_file;
	void *vm_private_data;
};

struct mm_struct {
	struct vm_area_struct *mmap;
	pgd_t *pgd;
	atomic_t mm_users;
	atomic_t mm_count;
	int map_count;
	unsigned long task_size;
	unsigned long hiwater_rss;
	unsigned long total_vm, locked_vm, data_vm, exec_vm, stack_vm;
	unsigned long start_code, end_code, start_data, end_data;
	unsigned long start_brk, brk, start_stack;
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
};

#define VM_FAULT_OOM ((vm_fault_t)0x000001)
#define VM_FAULT_SIGBUS ((vm_fault_t)0x000002)
#define VM_FAULT_MAJOR ((vm_fault_t)0x000004)
#define VM_FAULT_SIGSEGV ((vm_fault_t)0x000040)
#define VM_FAULT_NOPAGE ((vm_fault_t)0x000100)
#define VM_FAULT_LOCKED ((vm_fault_t)0x000200)
#define VM_FAULT_RETRY ((vm_fault_t)0x000400)
#define VM_FAULT_ERROR (VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV)
