#include "cli/traces.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "trace/schedule.hpp"

namespace kloom::cli {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Result;

constexpr uintmax_t kTraceBytesMax = 64u << 20;

// Applies `change` to each path of "a.c,b.c".
template <class Change>
std::string for_each_path(const std::string& list, const Change& change) {
    std::string changed;
    for (size_t begin = 0; begin <= list.size();) {
        const size_t end = std::min(list.find(',', begin), list.size());
        if (begin != 0) changed += ',';
        changed += change(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return changed;
}

std::string relative_to(const std::string& path, const fs::path& folder) {
    std::error_code error;
    const fs::path relative = fs::proximate(path, folder, error);
    return error || relative.empty() ? fs::absolute(path, error).string() : relative.string();
}

// All or nothing: a reader never sees half a trace.
bool write_file(const fs::path& path, const std::string& text) {
    const fs::path unfinished = path.string() + "." + std::to_string(getpid());
    std::ofstream file(unfinished, std::ios::binary);
    file << text;
    file.close();
    std::error_code error;
    if (file.good()) fs::rename(unfinished, path, error);
    if (file.good() && !error) return true;
    fs::remove(unfinished, error);
    return false;
}

trace::TraceFile make_trace(const trace::Outcome& outcome, const trace::ShownFinding& shown,
                            const ProgramArguments& program, const fs::path& folder) {
    trace::TraceFile trace;
    trace.program_hash = outcome.program_hash;
    trace.finding_id = shown.finding.id;
    trace.schedule = shown.schedule;
    trace.arguments = {"check"};
    for (const std::string& source : program.sources())
        trace.arguments.push_back(for_each_path(
            source, [&](const std::string& path) { return relative_to(path, folder); }));
    for (const std::string& argument : program.options_given()) trace.arguments.push_back(argument);
    return trace;
}

std::string quoted(const std::string& path) {
    constexpr std::string_view kSafe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+,:@%=";
    return path.find_first_not_of(kSafe) == std::string::npos ? path : "'" + path + "'";
}

}  // namespace

Result<std::vector<report::ReplayPointer>> write_traces(trace::Outcome& outcome,
                                                        const ProgramArguments& program,
                                                        const TraceWriting& writing) {
    std::vector<report::ReplayPointer> pointers(outcome.findings.size());
    fs::path folder = writing.folder;
    std::error_code error;
    if (folder != ".") fs::create_directories(folder, error);
    int number = 0;
    for (size_t index = 0; index < pointers.size(); ++index) {
        const trace::ShownFinding& shown = outcome.findings[index];
        if (shown.finding.severity != trace::Severity::Error && !writing.with_warnings) continue;
        const std::string name = writing.module + "-" + std::to_string(++number) + ".trace";
        const auto write_to = [&](const fs::path& place) {
            return write_file(place / name,
                              trace::format_trace(make_trace(outcome, shown, program, place)));
        };
        if (!write_to(folder)) {
            const int reason = errno;
            const fs::path temporary = fs::temp_directory_path(error);
            if (error || folder == temporary || !write_to(temporary))
                return Error{"cannot write the trace " + (folder / name).string() + ": " +
                                 std::strerror(reason),
                             "name a folder that can be written with --trace-dir"};
            outcome.notes.push_back("the folder for traces cannot be written; they are in " +
                                    temporary.string());
            folder = temporary;
        }
        const std::string path = (folder / name).lexically_normal().string();
        pointers[index] = {.trace = path, .command = "kloom replay " + quoted(path)};
    }
    return pointers;
}

Result<trace::TraceFile> read_trace(const std::string& path) {
    std::error_code error;
    const std::string hint = "give it a trace that kloom check wrote";
    if (fs::is_directory(path, error)) return Error{path + " is a folder, not a trace", hint};
    const uintmax_t bytes = fs::file_size(path, error);
    if (error) return Error{"cannot read " + path + ": " + error.message(), hint};
    if (bytes > kTraceBytesMax) return Error{path + " is no kloom trace: it is too large", hint};
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    if (!file.good() && !file.eof())
        return Error{"cannot read " + path + ": " + std::strerror(errno), hint};
    auto trace = trace::parse_trace(text);
    if (!trace) return Error{path + ": " + trace.error().message, trace.error().hint};
    return std::move(trace).value();
}

std::vector<std::string> sources_from_trace(const std::vector<std::string>& sources,
                                            const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    std::vector<std::string> seen;
    for (const std::string& source : sources)
        seen.push_back(for_each_path(source, [&](const std::string& name) {
            return (folder / name).lexically_normal().string();
        }));
    return seen;
}

}  // namespace kloom::cli
