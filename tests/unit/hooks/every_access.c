/*
 * Every kind of access that compilers instrument, for the test that each of their hooks exists. Never run.
 */
typedef unsigned long size_t;
struct small {
	long words[3];
};
struct large {
	char bytes[700];
};
struct __attribute__((packed)) packed {
	char tag;
	short two;
	int four;
	long eight;
	volatile int marked;
	__int128 sixteen;
};
struct bits {
	unsigned low : 3, high : 7;
};

char g1;
short g2;
int g4;
long g8;
__int128 g16;
volatile char v1;
volatile short v2;
volatile int v4;
volatile long v8;
volatile __int128 v16;
struct small small_a, small_b;
struct large large_a, large_b;
struct packed packed_a;
struct bits bits_a;
void *memset(void *s, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void use(void *);

void plain(void)
{
	g1++, g2++, g4++, g8++, g16++;
	v1++, v2++, v4++, v8++, v16++;
	packed_a.two++, packed_a.four++, packed_a.eight++, packed_a.marked++, packed_a.sixteen++;
	bits_a.low++;
}

void blocks(int n)
{
	struct small local = { { 1, 2, 3 } };
	small_a = small_b;
	large_a = large_b;
	use(&local);
	small_a = local;
	memset(&large_a, 0, sizeof(large_a));
	memcpy(&large_a, &large_b, n);
	memmove(&large_a, &large_b, sizeof(small_a));
	__builtin_memset(&small_a, 0, sizeof(small_a));
	__builtin_memcpy(&small_a, &small_b, sizeof(small_a));
}

#define ATOMICS(type, suffix) \
	type atomic_##suffix(type *p, type a, type b) \
	{ \
		type old = __atomic_load_n(p, __ATOMIC_RELAXED); \
		__atomic_store_n(p, a, __ATOMIC_RELEASE); \
		old += __atomic_exchange_n(p, a, __ATOMIC_ACQ_REL); \
		old += __atomic_fetch_add(p, a, __ATOMIC_SEQ_CST) + __atomic_fetch_sub(p, a, __ATOMIC_RELAXED); \
		old += __atomic_fetch_and(p, a, __ATOMIC_ACQUIRE) + __atomic_fetch_or(p, a, __ATOMIC_RELAXED); \
		old += __atomic_fetch_xor(p, a, __ATOMIC_RELAXED) + __atomic_fetch_nand(p, a, __ATOMIC_RELAXED); \
		old += __atomic_add_fetch(p, a, __ATOMIC_RELAXED) + __atomic_or_fetch(p, a, __ATOMIC_RELAXED); \
		old += __atomic_compare_exchange_n(p, &a, b, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED); \
		old += __atomic_compare_exchange_n(p, &a, b, 1, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED); \
		old += __sync_val_compare_and_swap(p, a, b) + __sync_bool_compare_and_swap(p, a, b); \
		old += __sync_fetch_and_add(p, a) + __sync_lock_test_and_set(p, b); \
		__sync_lock_release(p); \
		__atomic_thread_fence(__ATOMIC_SEQ_CST); \
		__atomic_signal_fence(__ATOMIC_SEQ_CST); \
		__sync_synchronize(); \
		return old; \
	}
ATOMICS(unsigned char, 1)
ATOMICS(unsigned short, 2)
ATOMICS(unsigned int, 4)
ATOMICS(unsigned long, 8)
ATOMICS(unsigned __int128, 16)
