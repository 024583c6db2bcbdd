/*
 * Ring buffers whose length is a power of two.
 */
#pragma once

struct circ_buf {
	char *buf;
	int head;
	int tail;
};

/* Filled, free, and filled or free up to the end of the memory. One place stays free, so that full
 * and empty differ. */
#define CIRC_CNT(head, tail, size)   (((head) - (tail)) & ((size)-1))
#define CIRC_SPACE(head, tail, size) CIRC_CNT((tail), ((head) + 1), (size))
#define CIRC_CNT_TO_END(head, tail, size)                                                          \
	({                                                                                         \
		int __circ_end = (size) - (tail);                                                  \
		int __circ_n = ((head) + __circ_end) & ((size)-1);                                 \
		__circ_n < __circ_end ? __circ_n : __circ_end;                                     \
	})
#define CIRC_SPACE_TO_END(head, tail, size)                                                        \
	({                                                                                         \
		int __circ_end = (size)-1 - (head);                                                \
		int __circ_n = (__circ_end + (tail)) & ((size)-1);                                 \
		__circ_n <= __circ_end ? __circ_n : __circ_end + 1;                                \
	})
