// The machine's own files: what /proc, /dev and /sys show without any module.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/log.hpp"
#include "kernel/mm/slab.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/smp/hotplug.hpp"

#include <generated/utsrelease.h>
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>

namespace kloom::kernel {

namespace {

constexpr VirtualTime kTickHz = 100;       // USER_HZ: the unit of /proc/stat and /proc/uptime
constexpr size_t kMemoryKb = 1024 * 1024;  // what /proc/meminfo says the machine has
constexpr size_t kPage = 4096;

__attribute__((format(printf, 2, 3))) void append(std::string& out, const char* format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    out += line;
}

template <class Function>
void for_each_cpu_in(const machine::CpuSet& cpus, Function function) {
    for (unsigned cpu = 0; cpu < cpus.size(); ++cpu)
        if (cpus[cpu]) function(cpu);
}

// "0-3" or "0,2-3".
std::string range_text(const machine::CpuSet& cpus) {
    std::string out;
    for (size_t cpu = 0; cpu < cpus.size(); ++cpu) {
        if (!cpus[cpu]) continue;
        size_t last = cpu;
        while (last + 1 < cpus.size() && cpus[last + 1]) ++last;
        append(out, last > cpu ? "%s%zu-%zu" : "%s%zu", out.empty() ? "" : ",", cpu, last);
        cpu = last;
    }
    return out + "\n";
}

machine::CpuSet possible_cpus() {
    machine::CpuSet cpus;
    for (int cpu = 0; cpu < machine().possible_cpus(); ++cpu) cpus.set(static_cast<size_t>(cpu));
    return cpus;
}

// ---- /proc --------------------------------------------------------------------------------------

void generate_cpuinfo(const Node&, std::string& out) {
    const size_t siblings = machine().online().count();
    for_each_cpu_in(machine().online(), [&](unsigned cpu) {
        append(out, "processor\t: %u\nvendor_id\t: kloom\ncpu family\t: 6\nmodel\t\t: 0\n", cpu);
        append(out,
               "model name\t: kloom virtual CPU\nstepping\t: 0\ncpu MHz\t\t: 1000.000\ncache "
               "size\t: 16384 KB\n");
        append(out,
               "physical id\t: 0\nsiblings\t: %zu\ncore id\t\t: %u\ncpu cores\t: %zu\napicid\t\t: "
               "%u\n",
               siblings, cpu, siblings, cpu);
        append(out,
               "fpu\t\t: yes\nflags\t\t: fpu tsc msr apic constant_tsc nonstop_tsc\nbogomips\t: "
               "2000.00\nclflush size\t: 64\n");
        append(out,
               "cache_alignment\t: 64\naddress sizes\t: 46 bits physical, 48 bits virtual\n\n");
    });
}

void generate_interrupts(const Node&, std::string& out) {
    kernel().irqs->format_interrupts(out);
}

void generate_devices(const Node&, std::string& out) {
    out += "Character devices:\n";
    kernel().vfs->char_devices().format(out);
    out += "\nBlock devices:\n";
}

void generate_misc(const Node&, std::string& out) {
    kernel().vfs->char_devices().format_misc(out);
}

void generate_modules(const Node&, std::string& out) {
    const ModuleService& modules = *kernel().modules;
    const ModuleImage& image = kernel().module;
    if (!modules.is_loaded()) return;
    append(out, "%s %zu %d - Live 0x0000000000000000 (OE)\n", image.name.c_str(),
           static_cast<size_t>(image.image_end - image.image_begin), modules.use_count());
}

void generate_uptime(const Node&, std::string& out) {
    const VirtualTime hundredths = machine().now() / (trace::kNanosecondsPerSecond / kTickHz);
    append(out, "%lu.%02lu 0.00\n", hundredths / kTickHz, hundredths % kTickHz);
}

void generate_stat(const Node&, std::string& out) {
    const VirtualTime ticks = machine().now() / (trace::kNanosecondsPerSecond / kTickHz);
    const size_t cpus = machine().online().count();
    append(out, "cpu  0 0 0 %lu 0 0 0 0 0 0\n", ticks * cpus);
    for_each_cpu_in(machine().online(), [&](unsigned cpu) {
        append(out, "cpu%u 0 0 0 %lu 0 0 0 0 0 0\n", cpu, ticks);
    });
    append(out, "processes %zu\n", kernel().tasks->records().size());
}

void generate_meminfo(const Node&, std::string& out) {
    const size_t used = kernel().slab->allocated_bytes() / 1024;
    append(out,
           "MemTotal:       %8zu kB\nMemFree:        %8zu kB\nMemAvailable:   %8zu kB\nSlab:       "
           "    %8zu kB\n",
           kMemoryKb, kMemoryKb - used, kMemoryKb - used, used);
}

void generate_version(const Node&, std::string& out) {
    append(out, "Linux version %s (kloom virtual SMP machine) #1 SMP PREEMPT_DYNAMIC\n",
           UTS_RELEASE);
}

void generate_loadavg(const Node&, std::string& out) {
    append(out, "0.00 0.00 0.00 1/%zu %d\n", kernel().tasks->records().size(),
           machine().current_task().pid);
}

void generate_cmdline(const Node&, std::string& out) {
    out += "BOOT_IMAGE=/boot/vmlinuz root=/dev/ram0\n";
}

void generate_self_status(const Node&, std::string& out) {
    const machine::Task& task = machine().current_task();
    append(out, "Name:\t%s\nUmask:\t0022\nState:\tR (running)\nTgid:\t%d\nPid:\t%d\nPPid:\t1\n",
           task.name, task.pid, task.pid);
    append(out, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nThreads:\t1\n");
    out += "Cpus_allowed_list:\t" + range_text(task.affinity & possible_cpus());
}

// ---- /sys/devices/system/cpu --------------------------------------------------------------------

void generate_online(const Node&, std::string& out) {
    out += range_text(machine().online());
}
void generate_offline(const Node&, std::string& out) {
    out += range_text(possible_cpus() & ~machine().online());
}
void generate_possible(const Node&, std::string& out) {
    out += range_text(possible_cpus());
}
void generate_cpu_online(const Node& node, std::string& out) {
    append(out, "%d\n", machine().online()[node.argument] ? 1 : 0);
}

int store_cpu_online(const Node& node, std::string_view text) {
    const CpuId cpu(static_cast<uint16_t>(node.argument));
    bool is_wanted = false;
    if (const int error = kstrtobool(std::string(text).c_str(), &is_wanted); error != 0)
        return error;
    if (is_wanted == machine().online()[node.argument]) return 0;
    return is_wanted ? kernel().hotplug->bring_up(cpu) : kernel().hotplug->take_down(cpu);
}

// ---- /sys/module --------------------------------------------------------------------------------

void generate_initstate(const Node&, std::string& out) {
    out += kernel().modules->is_live() ? "live\n" : "coming\n";
}
void generate_refcnt(const Node&, std::string& out) {
    append(out, "%d\n", kernel().modules->use_count());
}
void generate_taint(const Node&, std::string& out) {
    out += "OE\n";  // from outside of the kernel, without a signature
}

const struct kernel_param& parameter_of(const Node& node) {
    return *static_cast<const struct kernel_param*>(node.object);
}

int generate_parameter(const Node& node, std::string& out) {
    const struct kernel_param& parameter = parameter_of(node);
    if (parameter.ops->get == nullptr) return -EPERM;
    auto* page = static_cast<char*>(lend(kPage, "module parameter"));
    const int length = call_operation("get parameter", parameter.ops->get, page, &parameter);
    if (length > 0) out.assign(page, static_cast<size_t>(length));
    take_back(page);
    return std::min(length, 0);
}

int store_parameter(const Node& node, std::string_view text) {
    const struct kernel_param& parameter = parameter_of(node);
    if (parameter.ops->set == nullptr) return -EPERM;
    auto* copy = static_cast<char*>(lend(text.size() + 1, "module parameter"));
    std::memcpy(copy, text.data(), text.size());
    const int error = call_operation("set parameter", parameter.ops->set,
                                     static_cast<const char*>(copy), &parameter);
    take_back(copy);
    return error;
}

// For what cannot fail.
template <void (*generate)(const Node&, std::string&)>
int always(const Node& node, std::string& out) {
    generate(node, out);
    return 0;
}

struct GeneratedFile {
    const char* path;
    int (*generate)(const Node&, std::string&);
};

constexpr GeneratedFile kFiles[] = {
    {"/proc/cpuinfo", always<generate_cpuinfo>},
    {"/proc/interrupts", always<generate_interrupts>},
    {"/proc/devices", always<generate_devices>},
    {"/proc/misc", always<generate_misc>},
    {"/proc/modules", always<generate_modules>},
    {"/proc/uptime", always<generate_uptime>},
    {"/proc/stat", always<generate_stat>},
    {"/proc/meminfo", always<generate_meminfo>},
    {"/proc/version", always<generate_version>},
    {"/proc/loadavg", always<generate_loadavg>},
    {"/proc/cmdline", always<generate_cmdline>},
    {"/proc/self/status", always<generate_self_status>},
    {"/sys/devices/system/cpu/online", always<generate_online>},
    {"/sys/devices/system/cpu/offline", always<generate_offline>},
    {"/sys/devices/system/cpu/present", always<generate_possible>},
    {"/sys/devices/system/cpu/possible", always<generate_possible>},
};

struct DeviceFile {
    const char* path;
    uint32_t device;
};

constexpr DeviceFile kDevices[] = {
    {"/dev/null", MKDEV(1, 3)},    {"/dev/zero", MKDEV(1, 5)},    {"/dev/full", MKDEV(1, 7)},
    {"/dev/random", MKDEV(1, 8)},  {"/dev/urandom", MKDEV(1, 9)}, {"/dev/kmsg", MKDEV(1, 11)},
    {"/dev/console", MKDEV(5, 1)}, {"/dev/tty", MKDEV(5, 0)},
};

}  // namespace

void add_system_files(NodeTree& tree) {
    for (const GeneratedFile& file : kFiles)
        tree.add_builtin(file.path, NodeKind::Generated, 0444).generate = file.generate;
    for (const DeviceFile& file : kDevices)
        tree.add_builtin(file.path, NodeKind::CharDevice, 0666).device = file.device;
    tree.add_builtin("/proc/driver", NodeKind::Directory, 0555);
    tree.add_builtin("/sys/module", NodeKind::Directory, 0755);
    for (int cpu = 0; cpu < machine().possible_cpus(); ++cpu) {
        char path[kPathText];
        std::snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/online", cpu);
        Node& node = tree.add_builtin(path, NodeKind::Generated, 0644);
        node.generate = always<generate_cpu_online>;
        node.store = store_cpu_online;
        node.argument = static_cast<uint32_t>(cpu);
    }
}

void VfsService::add_module_files() {
    Node* modules = tree_.find("/sys/module");
    Node* directory = tree_.add(*modules, kernel().module.name, NodeKind::Directory, 0755);
    if (directory == nullptr) return;
    tree_.add(*directory, "initstate", NodeKind::Generated, 0444)->generate = always<generate_initstate>;
    tree_.add(*directory, "refcnt", NodeKind::Generated, 0444)->generate = always<generate_refcnt>;
    tree_.add(*directory, "taint", NodeKind::Generated, 0444)->generate = always<generate_taint>;
    Node* parameters = nullptr;
    for (const struct kernel_param* parameter : kernel().modules->parameters()) {
        if (parameter->perm == 0) continue;
        if (parameters == nullptr) parameters = tree_.add(*directory, "parameters", NodeKind::Directory, 0755);
        Node* node = tree_.add(*parameters, parameter->name, NodeKind::Generated, parameter->perm);
        if (node == nullptr) continue;
        node->object = const_cast<struct kernel_param*>(parameter);
        node->generate = generate_parameter;
        node->store = store_parameter;
    }
}

void VfsService::remove_module_files() {
    Node* directory = tree_.find("/sys/module")->child(kernel().module.name);
    if (directory != nullptr) tree_.remove(*directory);
}

}  // namespace kloom::kernel
