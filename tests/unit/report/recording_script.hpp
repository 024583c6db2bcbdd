// RecordingScript: hand-written executions for tests of reports, and symbols for their addresses.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "trace/outcome.hpp"

namespace kloom::tests {

// Line N of the module is the instruction at address N.
class FakeSymbols final : public trace::Symbols {
  public:
    std::map<int, std::string> lines;
    std::map<uintptr_t, std::string> objects;

    trace::SourceLocation locate(uintptr_t pc) const override {
        if (pc == 0) return {};
        return {.file = "dir/a.c", .line = static_cast<int>(pc), .function = "worker"};
    }
    std::string source_line(const std::string&, int line) const override {
        const auto found = lines.find(line);
        return found != lines.end() ? found->second : "";
    }
    std::string describe(uintptr_t address, uint32_t) const override {
        const auto found = objects.find(address);
        return found != objects.end() ? found->second : "memory at an unknown address";
    }
};

class RecordingScript {
  public:
    using Path = trace::PathInfo;

    RecordingScript() { shown_.recording = recording_; }

    Path& task(uint16_t id, const char* name, uint16_t cpu) {
        return add_path(id, name, cpu, trace::PathKind::Task, 100 + id);
    }
    Path& hardirq(uint16_t id, uint32_t line, uint16_t cpu) {
        Path& path =
            add_path(id, ("irq " + std::to_string(line)).c_str(), cpu, trace::PathKind::Hardirq, 0);
        path.line = line;
        return path;
    }

    // Each returns the number of its event.
    uint64_t read(const Path& path, uintptr_t pc, uintptr_t address, uint64_t value,
                  uint32_t size = 4) {
        return add(path, {.kind = trace::EventKind::Access,
                          .flags = trace::kRead,
                          .size = size,
                          .pc = pc,
                          .address = address,
                          .value = value});
    }
    uint64_t write(const Path& path, uintptr_t pc, uintptr_t address, uint64_t value,
                   uint32_t size = 4) {
        return add(path, {.kind = trace::EventKind::Access,
                          .flags = trace::kWrite,
                          .size = size,
                          .pc = pc,
                          .address = address,
                          .value = value});
    }
    uint64_t event(const Path& path, trace::EventKind kind, uintptr_t pc = 0, uintptr_t address = 0,
                   uint64_t value = 0) {
        return add(path, {.kind = kind, .pc = pc, .address = address, .value = value});
    }
    uint64_t allocate(const Path& path, uintptr_t pc, uintptr_t address, uint32_t size) {
        return add(
            path, {.kind = trace::EventKind::Allocate, .size = size, .pc = pc, .address = address});
    }
    uint64_t say(const Path& path, trace::EventKind kind, uintptr_t pc, const std::string& text) {
        return add(path, {.kind = kind, .pc = pc, .text = text.c_str()});
    }
    void change_context(Path& path, uintptr_t pc, uint32_t preempt_count) {
        const uint32_t old = path.preempt_count;
        path.preempt_count = preempt_count;
        event(path, trace::EventKind::ContextChange, pc, 0, old);
    }

    trace::Finding& finding(const char* id, const std::string& message) {
        shown_.finding.id = id;
        shown_.finding.message = message;
        return shown_.finding;
    }
    void site(uint64_t number, const std::string& role) {
        const trace::Event& event = recording_->events[number].event;
        shown_.finding.sites.push_back({.path = event.path,
                                        .cpu = event.cpu,
                                        .pc = event.pc,
                                        .event_number = number,
                                        .role = role});
    }

    trace::ShownFinding& shown() { return shown_; }

  private:
    Path& add_path(uint16_t id, const char* name, uint16_t cpu, trace::PathKind kind, int pid) {
        Path& path = paths_[id];
        path.id = trace::PathId(id);
        path.kind = kind;
        path.cpu = trace::CpuId(cpu);
        path.pid = pid;
        std::string(name).copy(path.name, sizeof path.name - 1);
        return path;
    }
    uint64_t add(const Path& path, trace::Event event) {
        event.number = recording_->events.size();
        event.path = path.id;
        event.cpu = path.cpu;
        event.info = &path;
        recording_->add(event);
        return event.number;
    }

    std::map<uint16_t, Path> paths_;
    std::shared_ptr<trace::Recording> recording_ = std::make_shared<trace::Recording>();
    trace::ShownFinding shown_;
};

}  // namespace kloom::tests
