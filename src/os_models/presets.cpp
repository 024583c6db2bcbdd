#include "os_models/presets.hpp"

namespace kloom::os_models {
namespace {

constexpr double kUs = 1e3;
constexpr double kMs = 1e6;

// What today's hardware costs: a context switch, refilling the caches, an interrupt, a contended cache line.
Workload on_real_hardware() {
    Workload workload;
    workload.dispatch_ns = 1500;
    workload.migration_ns = 5000;
    workload.interrupt_ns = 1000;
    workload.lock_transfer_ns = 100;
    workload.lock_waiter_ns = 20;
    workload.placement = Placement::Random;
    workload.slice_ns = static_cast<uint64_t>(4 * kMs);
    return workload;
}

// Tanenbaum's argument, as pure as queueing theory: a tenth of the time in system calls, nothing else costs anything,
// each computing CPU has one process.
Workload textbook() {
    Workload workload;
    workload.name = "textbook";
    workload.compute = {90 * kUs, Shape::Exponential};
    workload.call = {10 * kUs, Shape::Exponential};
    workload.mix = {30, 10, 30, 30};
    workload.blocks = 256;
    workload.blocks_per_cpu = 64;
    workload.slice_ns = static_cast<uint64_t>(1e12);
    workload.master_computes = false;
    return workload;
}

// Compilers: long computing, many short files, memory that comes and goes.
Workload build_server() {
    Workload workload = on_real_hardware();
    workload.name = "build-server";
    workload.processes_per_cpu = 2;
    workload.compute = {400 * kUs, Shape::Heavy};
    workload.call = {40 * kUs, Shape::Exponential};
    workload.locked_share = 0.4;
    workload.mix = {45, 15, 30, 10};
    workload.frames_per_cpu = 1024;
    workload.pages_per_process = 300;
    workload.blocks = 2048;
    workload.blocks_per_cpu = 32;
    workload.buffers_per_cpu = 128;
    workload.hot_share = 0.8;
    workload.disk = {200 * kUs, Shape::Exponential};
    return workload;
}

// Many clients that think, short requests, a third of the time in the kernel.
Workload web() {
    Workload workload = on_real_hardware();
    workload.name = "web";
    workload.processes_per_cpu = 24;
    workload.compute = {60 * kUs, Shape::Exponential};
    workload.call = {30 * kUs, Shape::Exponential};
    workload.think = {2 * kMs, Shape::Exponential};
    workload.locked_share = 0.3;
    workload.mix = {60, 10, 5, 25};
    workload.frames_per_cpu = 4096;
    workload.pages_per_process = 40;
    workload.blocks = 1024;
    workload.buffers_per_cpu = 256;
    workload.hot_share = 0.9;
    workload.disk = {100 * kUs, Shape::Exponential};
    return workload;
}

// Few processes, all of which read and write the same hot blocks.
Workload database() {
    Workload workload = on_real_hardware();
    workload.name = "database";
    workload.processes_per_cpu = 4;
    workload.compute = {50 * kUs, Shape::Exponential};
    workload.call = {20 * kUs, Shape::Exponential};
    workload.locked_share = 0.5;
    workload.mix = {60, 35, 3, 2};
    workload.frames_per_cpu = 1024;
    workload.pages_per_process = 100;
    workload.blocks = 4096;
    workload.blocks_per_cpu = 64;
    workload.buffers_per_cpu = 256;
    workload.hot_share = 0.7;
    workload.disk = {80 * kUs, Shape::Exponential};
    return workload;
}

// One person at a terminal, beside processes whose system calls take milliseconds: what kernel preemption is for.
Workload desktop() {
    Workload workload = on_real_hardware();
    workload.name = "desktop";
    workload.processes_per_cpu = 1.5;
    workload.compute = {2 * kMs, Shape::Exponential};
    workload.call = {4 * kMs, Shape::Exponential};
    workload.locked_share = 0.02;
    workload.mix = {60, 20, 15, 5};
    workload.frames_per_cpu = 4096;
    workload.pages_per_process = 100;
    workload.interactive = {.processes = 1, .think = {10 * kMs, Shape::Exponential}, .compute = {100 * kUs, Shape::Constant}};
    return workload;
}

}  // namespace

const std::vector<Workload>& presets() {
    static const std::vector<Workload> all = {textbook(), build_server(), web(), database(), desktop()};
    return all;
}

const Workload* find_preset(const std::string& name) {
    for (const Workload& preset : presets())
        if (preset.name == name) return &preset;
    return nullptr;
}

std::vector<std::string> preset_names() {
    std::vector<std::string> names;
    for (const Workload& preset : presets()) names.push_back(preset.name);
    return names;
}

}  // namespace kloom::os_models
