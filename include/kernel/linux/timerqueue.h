/*
 * A node of a queue that is sorted by expiry, as it is embedded in struct hrtimer.
 */
#pragma once

#include <linux/ktime.h>
#include <linux/rbtree.h>

struct timerqueue_node {
	struct rb_node node;
	ktime_t expires;
};
