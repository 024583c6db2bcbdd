// DataRace: two accesses to the same bytes, at least one a write, that nothing orders.
//
// For every 8-byte granule the detector keeps the accesses that a later one could still race with:
// an access drops an older one that happens before it, touches no other bytes and is no less prone
// to race (FastTrack's argument, for exact bytes and for reads and writes alike). A plain counter
// needs one or two records.
//
// Every unordered conflict makes its location visible to the search, whether or not it is a defect:
// marked accesses, and memory that is freed after somebody else used it, too. What is reported
// follows KCSAN:
//
//   plain against plain                                 data race
//   marked or atomic write against plain                data race
//   marked read against a plain write                   none: plain writes are taken to be atomic,
//                                                       and the reader said that it expects one
//                                                       (READ_ONCE, wait_event, a seqlock)
//   both marked, or one inside data_race()              none
//   this_cpu operation against a plain read of a word   none: statistics are summed up so
//
// In a CPU's copy of a per-CPU variable, with one of the two on another CPU, the finding is
// remote-percpu.
#pragma once

#include <vector>

#include "detect/detectors.hpp"
#include "detect/shadow_table.hpp"
#include "detect/site.hpp"

namespace kloom::detect {

class DataRace final : public trace::Observer {
  public:
    explicit DataRace(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override;
    void begin_execution() override;
    void on_event(const trace::Event& event) override;

    // The latest write of another path than `except` to the granule at `address` with an event
    // number in (after, before); unknown if there is none.
    Site find_write(uintptr_t address, trace::PathId except, uint64_t after, uint64_t before);

  private:
    // An access that later ones can race with.
    struct Record {
        uint32_t next = 0;  // index + 1 of the granule's next record; 0: none
        uint32_t epoch = 0;
        uint32_t size = 0;
        uint16_t flags = 0;
        trace::PathKind kind = trace::PathKind::Task;
        uint8_t bytes = 0;     // of the granule
        bool updates = false;  // a write whose path read the bytes before: a read-modify-write
        uintptr_t address = 0;
        Site site;

        bool is_write() const { return (flags & trace::kWrite) != 0; }
    };
    struct Cell {
        uint32_t first = 0;  // index + 1 into records_; 0: none
    };

    void on_access(const trace::Event& event);
    void on_free(const trace::Event& event);
    void touch(Record record, uintptr_t granule, uint8_t bytes);
    void forget(uintptr_t granule, trace::PathId freed_by);
    void insert(const Record& record, Cell& cell);
    // Removes the record at `index` from its list, whose previous link is `link`. Returns the next
    // index.
    uint32_t remove(uint32_t& link, uint32_t index);
    void on_conflict(const Record& now, const Record& before, uintptr_t granule);
    void report(const Record& now, const Record& before, const char* id, trace::Severity severity);

    DetectorContext context_;
    ShadowTable<Cell> cells_;
    std::vector<Record> records_;  // arena of the execution
    uint32_t free_records_ = 0;    // list of removed ones, index + 1
    int cpus_seen_ = 1;
    // Event numbers of the pair that was judged last.
    uint64_t judged_now_ = ~uint64_t{0};
    uint64_t judged_before_ = ~uint64_t{0};
};

}  // namespace kloom::detect
