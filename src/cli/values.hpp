// Values of options: times, interrupt lines, causes, boot parameters. Errors say what was expected.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "session/options.hpp"

namespace kloom::cli {

// "5s", "200ms", "10us", "3m"; a bare number is seconds.
base::Result<trace::VirtualTime> parse_duration(const std::string& text);
// "19", "19@1", "19*3", "19@1*3": line, the only CPU it interrupts, how often it is raised.
base::Result<session::IrqRequest> parse_irq(const std::string& text);
// "name=value"
base::Result<std::pair<std::string, std::string>> parse_assignment(const std::string& text);

// "10s" limits the time of a search, "5000" its executions.
base::Result<void> parse_budget(const std::string& text, session::SearchOptions& options);
// One of interrupt (irq), softirq, preemption, sleep, smp.
base::Result<void> switch_off_cause(const std::string& name, machine::Causes& causes);
// "nr_cpus=N", "maxcpus=N" or "possible_cpus=N", as on Linux's command line.
base::Result<void> apply_boot_parameter(const std::string& text, machine::MachineConfig& config);
// "NR_CPUS=N", as in a kernel's configuration: N from 1 to kNrCpusDefault, which is Debian's.
inline constexpr int kNrCpusDefault = 8192;
base::Result<int> parse_nr_cpus(const std::string& text);

}  // namespace kloom::cli
