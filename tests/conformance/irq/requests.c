// SPDX-License-Identifier: MIT
// conformance: which requests of an interrupt line are refused, with which error, and what the log says to them
#include <linux/interrupt.h>
#include <linux/module.h>

#define LINE 5

static irqreturn_t handle(int irq, void *device)
{
	return IRQ_NONE;
}

static int here, there;

static void try_request(const char *what, unsigned int line, irq_handler_t handler, irq_handler_t thread,
			unsigned long flags, void *device)
{
	int error = request_threaded_irq(line, handler, thread, flags, "conformance", device);

	pr_info("%s: %d\n", what, error);
	if (!error)
		free_irq(line, device);
}

static int __init requests_init(void)
{
	try_request("a free line", LINE, handle, NULL, 0, &here);
	try_request("a free line without a device", LINE, handle, NULL, 0, NULL);
	try_request("shared", LINE, handle, NULL, IRQF_SHARED, &here);
	try_request("shared without a device", LINE, handle, NULL, IRQF_SHARED, NULL);
	try_request("shared, not enabled", LINE, handle, NULL, IRQF_SHARED | IRQF_NO_AUTOEN, &here);
	try_request("suspended on condition, not shared", LINE, handle, NULL, IRQF_COND_SUSPEND, &here);
	try_request("suspended on condition and never", LINE, handle, NULL,
		    IRQF_SHARED | IRQF_COND_SUSPEND | IRQF_NO_SUSPEND, &here);
	try_request("no handler at all", LINE, NULL, NULL, 0, &here);
	try_request("a thread only", LINE, NULL, handle, 0, &here);
	try_request("a thread only, one shot", LINE, NULL, handle, IRQF_ONESHOT, &here);
	try_request("a handler and a thread", LINE, handle, handle, 0, &here);
	try_request("no such line", 1000000, handle, NULL, 0, &here);
	try_request("line -1", -1, handle, NULL, 0, &here);
	try_request("no line connected", IRQ_NOTCONNECTED, handle, NULL, 0, &here);
	try_request("the line of the cascade", 2, handle, NULL, 0, &here);
	try_request("the line of the timer", 0, handle, NULL, 0, &here);
	try_request("the line of the timer, shared", 0, handle, NULL, IRQF_SHARED, &there);
	try_request("the line of the timer, probing", 0, handle, NULL, IRQF_SHARED | IRQF_PROBE_SHARED, &there);
	return 0;
}

static void __exit requests_exit(void)
{
}

module_init(requests_init);
module_exit(requests_exit);
MODULE_LICENSE("Dual MIT/GPL");
