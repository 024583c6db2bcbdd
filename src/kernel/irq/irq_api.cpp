// Interrupt lines as modules use them: request_irq() and what belongs to it.

#include <climits>

#include "kernel/irq/irq.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq.h>

using namespace kloom::kernel;

namespace {

IrqService& irqs() { return *kernel().irqs; }

bool is_line(unsigned int irq) { return irq < NR_IRQS; }

}  // namespace

extern "C" {

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn, unsigned long flags,
                         const char* name, void* dev_id) {
    KLOOM_API();
    if (name != nullptr) module_strlen(name);
    emit_might_sleep("request_threaded_irq", false);
    machine().step_global(0);
    if (irq == IRQ_NOTCONNECTED) return -ENOTCONN;
    return irqs().request({.line = irq,
                           .handler = handler,
                           .thread_function = thread_fn,
                           .flags = flags,
                           .name = name,
                           .device = dev_id});
}

int request_any_context_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char* name, void* dev_id) {
    KLOOM_API();
    const int error = request_threaded_irq(irq, handler, nullptr, flags, name, dev_id);
    return error != 0 ? error : IRQC_IS_HARDIRQ;
}

const void* free_irq(unsigned int irq, void* dev_id) {
    KLOOM_API();
    emit_might_sleep("free_irq", false);
    if (!is_line(irq)) return nullptr;
    if (in_interrupt())
        kloom_warn("WARN(in_interrupt())", "manage.c", 0, "Trying to free IRQ %d from IRQ context!\n", static_cast<int>(irq));
    const std::optional<const char*> name = irqs().free(irq, dev_id);
    if (!name)
        kloom_warn("WARN(1)", "manage.c", 0, "Trying to free already-free IRQ %d\n", static_cast<int>(irq));
    return name.value_or(nullptr);
}

void disable_irq_nosync(unsigned int irq) {
    KLOOM_API();
    machine().step_global(0);
    if (is_line(irq)) irqs().disable(irq);
}

void disable_irq(unsigned int irq) {
    KLOOM_API();
    emit_might_sleep("disable_irq", false);
    disable_irq_nosync(irq);
    synchronize_irq(irq);
}

bool disable_hardirq(unsigned int irq) {
    KLOOM_API();
    disable_irq_nosync(irq);
    return synchronize_hardirq(irq);
}

void enable_irq(unsigned int irq) {
    KLOOM_API();
    machine().step_global(0);
    if (is_line(irq)) irqs().enable(irq);
}

bool synchronize_hardirq(unsigned int irq) {
    KLOOM_API();
    return !is_line(irq) || irqs().wait_for_handlers(irq);
}

void synchronize_irq(unsigned int irq) {
    KLOOM_API();
    if (is_line(irq) && !irqs().wait_for_handlers(irq)) irqs().wait_for_threads(irq);
}

int kloom_irq_set_affinity(unsigned int irq, const struct cpumask* cpus) {
    KLOOM_API();
    if (!is_line(irq)) return -EINVAL;
    machine().step_global(0);
    note_read(cpus, sizeof cpus->bits[0]);
    const kloom::machine::CpuSet set = cpu_set_of(cpus);
    if ((set & machine().online()).none()) return -EINVAL;
    irqs().set_affinity(irq, set);
    return 0;
}

int irq_can_set_affinity(unsigned int irq) { return is_line(irq); }

int irq_set_irq_type(unsigned int irq, unsigned int type) {
    KLOOM_API();
    if (!is_line(irq)) return -EINVAL;
    machine().step_global(0);
    irqs().trigger_type(irq) = type & IRQ_TYPE_SENSE_MASK;
    return 0;
}

unsigned int irq_get_trigger_type(unsigned int irq) { return is_line(irq) ? irqs().trigger_type(irq) : 0; }

bool irq_has_action(unsigned int irq) { return is_line(irq) && irqs().has_action(irq); }

// ---- lines that go with their device ---------------------------------------------------------------------------------------

static void free_device_line(void* record) {
    auto& line = *static_cast<IrqService::DeviceLine*>(record);
    free_irq(line.line, line.device);
    line = {};
}

int devm_request_threaded_irq(struct device* dev, unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
                              unsigned long irqflags, const char* devname, void* dev_id) {
    KLOOM_API();
    if (devname == nullptr) devname = dev_name(dev);
    if (const int error = request_threaded_irq(irq, handler, thread_fn, irqflags, devname, dev_id)) return error;
    return devm_add_action_or_reset(dev, free_device_line, irqs().add_device_line({irq, dev_id}));
}

int devm_request_any_context_irq(struct device* dev, unsigned int irq, irq_handler_t handler, unsigned long irqflags,
                                 const char* devname, void* dev_id) {
    KLOOM_API();
    const int error = devm_request_threaded_irq(dev, irq, handler, nullptr, irqflags, devname, dev_id);
    return error != 0 ? error : IRQC_IS_HARDIRQ;
}

void devm_free_irq(struct device* dev, unsigned int irq, void* dev_id) {
    KLOOM_API();
    IrqService::DeviceLine* line = irqs().find_device_line({irq, dev_id});
    if (line == nullptr) {
        kloom_warn("WARN_ON(devres_destroy())", "devres.c", 0, nullptr);
        return;
    }
    devm_remove_action(dev, free_device_line, line);
    free_device_line(line);
}

// ---- autodetection -----------------------------------------------------------------------------------------------------------

unsigned long probe_irq_on() {
    KLOOM_API();
    emit_might_sleep("probe_irq_on", true);
    machine().step_global(0);
    return irqs().start_probe();
}

int probe_irq_off(unsigned long mask) {
    KLOOM_API();
    machine().step_global(0);
    return irqs().finish_probe(mask);
}

}  // extern "C"
