// Trace files: where the schedules of findings are kept, for `kloom replay`.
//
// A trace names its sources relative to itself, so that a folder with both can be moved.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/program_arguments.hpp"
#include "report/report.hpp"
#include "trace/outcome.hpp"

namespace kloom::cli {

struct TraceWriting {
    std::string folder = ".";
    std::string module;  // the files are <module>-<n>.trace
    bool with_warnings = false;
};

// Writes a trace for each error (and warning) of `outcome`; [finding]. When the folder cannot be
// written the traces go to the system's temporary folder and a note says so.
base::Result<std::vector<report::ReplayPointer>> write_traces(trace::Outcome& outcome,
                                                              const ProgramArguments& program,
                                                              const TraceWriting& writing);

base::Result<trace::TraceFile> read_trace(const std::string& path);

// The sources that a trace at `path` names, as seen from the working directory.
std::vector<std::string> sources_from_trace(const std::vector<std::string>& sources,
                                            const std::string& path);

}  // namespace kloom::cli
