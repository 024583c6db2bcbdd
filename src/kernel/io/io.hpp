// Devices as far as the machine has any: I/O ports, memory-mapped registers, and who reserved which of them.
//
// The keyboard controller answers with scan codes, so that handlers of line 1 have something to read; all other ports and
// registers keep what is written to them. Device memory lies in a window of its own, page by page in order of first use.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "kernel/kernel.hpp"

struct resource;

namespace kloom::kernel {

class IoService final : public Service {
  public:
    explicit IoService(machine::Machine& machine);
    ~IoService() override;

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // `bytes` is 1, 2 or 4. The caller has stepped on port_state().
    uint32_t read_port(uint32_t port, uint32_t bytes);
    void write_port(uint32_t port, uint32_t value, uint32_t bytes);
    const void* port_state() const { return &ports_; }

    // The device memory of a physical range; null when there is no room. The caller has stepped (Global).
    void* map(uint64_t physical, size_t bytes);

    // Reserves [start, start + count) of the parent's space; null when part of it is taken. The caller has stepped (Global).
    resource* reserve(resource* parent, uint64_t start, uint64_t count, const char* name);
    bool release(resource* parent, uint64_t start, uint64_t count);

  private:
    static constexpr uintptr_t kWindowBegin = 0x2d0000000000;
    static constexpr size_t kWindowBytes = size_t{64} << 20;

    struct Mapping {
        uint64_t physical = 0;  // of the first page
        size_t bytes = 0;       // whole pages
        uintptr_t address = 0;
    };

    machine::Machine& machine_;
    std::vector<uint8_t> ports_;          // [port]
    std::vector<uint32_t> written_ports_;
    size_t next_scan_code_ = 0;
    std::vector<Mapping> mappings_;
    size_t window_used_ = 0;
    std::deque<resource> reservations_;   // released ones have no parent
};

}  // namespace kloom::kernel
