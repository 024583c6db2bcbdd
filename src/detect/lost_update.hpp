// LostUpdate: a path reads a location, another path writes it, and the first writes what it made of
// the old value.
//
//      CPU 0   path A              CPU 1   path B
//      reads V = 1
//                                  writes V = 2
//      writes V = 2                                     B's update is lost
//
// It is reported when it happened: A's write is its first since its read, and nothing orders B's
// write with either. Reads and writes that are marked were meant to race; they count only when they
// stand in one expression, which is judged by their distance in the code. Lazy allocation (check,
// then act on a pointer) is the same pattern.
#pragma once

#include <vector>

#include "detect/detectors.hpp"
#include "detect/shadow_table.hpp"
#include "detect/site.hpp"

namespace kloom::detect {

class LostUpdate final : public trace::Observer {
  public:
    explicit LostUpdate(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override { return trace::interests_of(trace::EventKind::Access); }
    void begin_execution() override;
    void on_event(const trace::Event& event) override;

  private:
    // A path's latest read of some bytes that it has not written since.
    struct OpenRead {
        uint32_t next = 0;  // index + 1 of the granule's next one; 0: none
        uint32_t epoch = 0;
        uint8_t bytes = 0;
        bool is_marked = false;
        bool intruder_is_marked = false;
        uint32_t intruder_epoch = 0;
        Site read;
        Site intruder;       // the latest unordered write of another path since; unknown if none
        Site intruder_read;  // that path's own read before it, if any
    };
    struct Cell {
        uint32_t first = 0;
    };

    void on_read(const trace::Event& event, uintptr_t granule, uint8_t bytes);
    void on_write(const trace::Event& event, uintptr_t granule, uint8_t bytes);
    OpenRead* find_own(const Cell& cell, trace::PathId path, uint8_t bytes);
    OpenRead* find_spent(const Cell& cell);
    void intrude(OpenRead& open, const trace::Event& event, const OpenRead* own);
    void close(OpenRead& open, const trace::Event& event);
    bool is_lost(const OpenRead& open, const trace::Event& write) const;

    DetectorContext context_;
    ShadowTable<Cell> cells_;
    std::vector<OpenRead> reads_;  // arena of the execution
};

}  // namespace kloom::detect
