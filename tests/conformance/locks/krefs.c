// SPDX-License-Identifier: MIT
// conformance: kref: who runs the release function, when, and with which lock held
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

static struct kref ref;
static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);

static void release(struct kref *released)
{
	pr_info("release: same %d, refs %u, spin %d, mutex %d\n", released == &ref,
		kref_read(released), spin_is_locked(&lock), mutex_is_locked(&mutex));
}

static void release_and_unlock(struct kref *released)
{
	release(released);
	spin_unlock(&lock);
}

static void release_and_unlock_mutex(struct kref *released)
{
	release(released);
	mutex_unlock(&mutex);
}

static int __init krefs_init(void)
{
	int result;

	kref_init(&ref);
	pr_info("init %u\n", kref_read(&ref));
	kref_get(&ref);
	pr_info("get %u\n", kref_read(&ref));
	result = kref_get_unless_zero(&ref);
	pr_info("get_unless_zero %d, refs %u\n", result, kref_read(&ref));
	result = kref_put(&ref, release);
	pr_info("put %d\n", result);
	result = kref_put(&ref, release);
	pr_info("put %d\n", result);
	result = kref_put(&ref, release);
	pr_info("put %d\n", result);
	result = kref_get_unless_zero(&ref);
	pr_info("get_unless_zero %d, refs %u\n", result, kref_read(&ref));
	kref_init(&ref);
	kref_get(&ref);
	result = kref_put_lock(&ref, release_and_unlock, &lock);
	pr_info("put_lock %d, spin %d\n", result, spin_is_locked(&lock));
	result = kref_put_lock(&ref, release_and_unlock, &lock);
	pr_info("put_lock %d, spin %d, preempt_count %x\n", result, spin_is_locked(&lock),
		preempt_count());
	kref_init(&ref);
	kref_get(&ref);
	result = kref_put_mutex(&ref, release_and_unlock_mutex, &mutex);
	pr_info("put_mutex %d, mutex %d\n", result, mutex_is_locked(&mutex));
	result = kref_put_mutex(&ref, release_and_unlock_mutex, &mutex);
	pr_info("put_mutex %d, mutex %d\n", result, mutex_is_locked(&mutex));
	return 0;
}

static void __exit krefs_exit(void)
{
}

module_init(krefs_init);
module_exit(krefs_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kref");
