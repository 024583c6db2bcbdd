/*
 * The operating systems as a module, so that kloom check tries their interleavings: two CPUs run a few processes that
 * make a few system calls. `kloom check --organisation NAME` builds it with
 *
 *   OS_ORGANISATION     os_smp and so on
 *   OS_WITHOUT_LOCK     a bit for each region whose lock is not taken
 *   OS_PROCESSES, OS_ROUNDS
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

#include "organisation.h"
#include "scheduler.h"

#ifndef OS_ORGANISATION
#define OS_ORGANISATION os_smp
#endif
#ifndef OS_PROCESSES
#define OS_PROCESSES 2
#endif
#ifndef OS_ROUNDS
#define OS_ROUNDS 2
#endif

#define FRAMES_PER_CPU  OS_PROCESSES
#define BUFFERS_PER_CPU OS_CACHE_WAYS

struct doorbell {
	wait_queue_head_t wait;
	bool is_rung;
};

static struct os system;
static struct os_process processes[OS_PROCESSES];
static struct os_frame frames[OS_CPUS_MAX * FRAMES_PER_CPU];
static struct os_buffer buffers[OS_CPUS_MAX * BUFFERS_PER_CPU];
static DEFINE_PER_CPU(struct os_cpu, cpus);
static DEFINE_PER_CPU(struct os_run_queue, run_queues);
static DEFINE_PER_CPU(struct os_page_pool, page_pools);
static DEFINE_PER_CPU(struct os_buffer_cache, buffer_caches);

static struct task_struct *threads[OS_CPUS_MAX];
static struct completion stopped[OS_CPUS_MAX];
static struct doorbell doorbells[OS_CPUS_MAX];
static atomic_t living = ATOMIC_INIT(OS_PROCESSES);

void os_provide(struct os *os)
{
	os->processes = processes;
	os->frames = frames;
	os->buffers = buffers;
	os->cpus = &cpus;
	os->queues = &run_queues;
	os->pools = &page_pools;
	os->caches = &buffer_caches;
}

void os_kick(u32 cpu)
{
	WRITE_ONCE(doorbells[cpu].is_rung, true);
	wake_up(&doorbells[cpu].wait);
}

bool os_idle(void)
{
	struct doorbell *bell = &doorbells[os_this_cpu()];

	wait_event(bell->wait, xchg(&bell->is_rung, false) || !atomic_read(&living));
	return atomic_read(&living) != 0;
}

static void end_process(void)
{
	u32 cpu;

	if (!atomic_dec_and_test(&living))
		return;
	for (cpu = 0; cpu < num_online_cpus(); ++cpu)
		os_kick(cpu);
}

/* All want a page and the same block, so that they meet. */
enum os_next os_next_round(struct os_process *p)
{
	static const enum os_call_kind calls[] = {OS_CALL_MEMORY, OS_CALL_WRITE, OS_CALL_PROCESS, OS_CALL_READ};

	if (p->rounds == OS_ROUNDS) {
		end_process();
		return OS_ENDS;
	}
	p->call = (struct os_call){.kind = calls[p->rounds % ARRAY_SIZE(calls)], .pages = 1};
	return OS_GOES_ON;
}

static int cpu_thread(void *data)
{
	os_cpu_loop(&system);
	complete(data);
	return 0;
}

static int __init organisations_init(void)
{
	const struct os_config config = {
		.cpus = num_online_cpus(),
		.processes = OS_PROCESSES,
		.frames_per_cpu = FRAMES_PER_CPU,
		.buffers_per_cpu = BUFFERS_PER_CPU,
		.master_computes = true,
	};
	u32 cpu;

	for (cpu = 0; cpu < config.cpus; ++cpu) {
		init_waitqueue_head(&doorbells[cpu].wait);
		init_completion(&stopped[cpu]);
	}
	os_start(&system, &OS_ORGANISATION, &config);
	for (cpu = 0; cpu < config.cpus; ++cpu) {
		threads[cpu] = kthread_create(cpu_thread, &stopped[cpu], "cpu/%u", cpu);
		kthread_bind(threads[cpu], cpu);
	}
	for (cpu = 0; cpu < config.cpus; ++cpu)
		wake_up_process(threads[cpu]);
	return 0;
}

static void __exit organisations_exit(void)
{
	const char *complaint;
	u32 cpu;

	for (cpu = 0; cpu < system.config.cpus; ++cpu)
		wait_for_completion(&stopped[cpu]);
	complaint = os_audit(&system);
	WARN(complaint, "%s", complaint);
}

module_init(organisations_init);
module_exit(organisations_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Operating systems for many CPUs, organised in five ways");
