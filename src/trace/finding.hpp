// Findings: defects of the code under test, as data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/ids.hpp"

namespace kloom::trace {

// Error: crashes, hangs, corrupts or gives a wrong result in a shown interleaving. Warning: misuse that does not bite there.
enum class Severity : uint8_t { Warning, Error };

// One event that the finding is about: where and by whom.
struct FindingSite {
    PathId path = kNoPath;
    CpuId cpu = kNoCpu;
    uintptr_t pc = 0;
    uint64_t event_number = 0;
    std::string role;  // "reads", "overwrites", "holds &a, wants &b"; may be empty
};

struct Finding {
    // Stable id, as in DESIGN.md section 5: "lost-update". Static storage.
    const char* id = "";
    Severity severity = Severity::Error;
    // One line; the report replaces {object} by a description of `address`, {0}, {1} ... by the name of the path at sites[i].
    std::string message;
    uintptr_t address = 0;  // object concerned; 0 if none
    uint32_t size = 0;
    std::vector<FindingSite> sites;  // the first is where the defect shows
    bool ends_execution = false;     // the code under test cannot go on (crash, deadlock), or not sensibly (see below)
    bool corrupts_memory = false;    // ends_execution only because nothing that follows can be trusted; Linux goes on
};

// Where detectors report. Cheap to ask, so that a finding seen in a million executions costs one string.
class FindingSink {
  public:
    virtual ~FindingSink() = default;

    // Identity of a finding: id and up to two places and an object. False when it has been reported in this session with
    // at least this severity (then report() need not be called) - except that a run which looks for one particular
    // finding (replay, minimisation) answers true again.
    virtual bool wants(const char* id, Severity severity, uintptr_t pc0, uintptr_t pc1 = 0, uintptr_t object = 0) = 0;
    virtual void report(Finding finding) = 0;
};

}  // namespace kloom::trace
