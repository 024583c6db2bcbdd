// Outcome: what a search has to say, for reports. And Symbols: how reports turn addresses into words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/finding.hpp"
#include "trace/recording.hpp"

namespace kloom::trace {

// What was proven. The wording in reports follows from this and from nothing else.
enum class ClaimKind : uint8_t {
    Exhaustive,  // every interleaving, up to equivalence
    Bounded,     // every interleaving with at most `bound` preemptions, interrupts, migrations and postponed events
    Sampled,     // `executions` random ones
    Partial,     // stopped by the budget before anything was complete
    Single,      // one interleaving was run (kloom run, kloom replay)
};

struct Claim {
    ClaimKind kind = ClaimKind::Partial;
    int bound = -1;                  // Bounded: complete up to here; Partial: the bound that was being explored
    uint64_t seed = 0;               // of the random ones
    uint64_t sampled = 0;            // random ones, beside what is complete
    // By PCT (explore/pct.hpp): [d - 1] bounds the chance that a defect was missed that shows when d steps come in a certain
    // order, in executions of at most so many paths and choice points. Empty: nothing is known.
    std::vector<double> miss_chances;
    uint64_t sampled_paths = 0;
    uint64_t sampled_points = 0;
    bool reached_goal = false;       // what the user asked for is complete (exit code 0 rather than 3)
    uint64_t executions = 0;         // all, of every stage
    uint64_t redundant = 0;          // of these: recognised as equivalent to another and abandoned
    uint64_t cut = 0;                // of these: ended by the step limit; nothing is claimed about what follows there
    uint64_t steps = 0;
    uint8_t left_out = 0;            // LeftOut, of all executions
    double seconds = 0;              // wall time of the search, measured outside the machine
    std::vector<std::string> limits; // what is not modelled or was limited, one sentence each
};

struct Outcome {
    std::string program;             // as given on the command line
    std::string program_hash;
    Claim claim;
    std::vector<ShownFinding> findings;  // most important first
    std::vector<std::string> notes;      // "init returned -1 (EPERM)", "interrupt line 19 was never requested"
};

struct SourceLocation {
    std::string file;      // as given to the compiler; empty when unknown
    int line = 0;
    std::string function;

    bool is_known() const { return line != 0; }
};

class Symbols {
  public:
    virtual ~Symbols() = default;
    virtual SourceLocation locate(uintptr_t pc) const = 0;
    // The text of a line, trimmed; empty when the file is not readable.
    virtual std::string source_line(const std::string& file, int line) const = 0;
    // "V", "percpu_data[3]", "counter of CPU 1", "an object of 16 bytes allocated at a.c:12", "a local variable of kthread/0".
    virtual std::string describe(uintptr_t address, uint32_t size) const = 0;
};

}  // namespace kloom::trace
