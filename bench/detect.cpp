// Which bugs kloom finds, and how soon after the command, beside the measured figures of Linux's
// own tools.
//
// Each row of bench/detect/linux.tsv is a module in that folder with one bug. Each run is a command
// as a person types it,
// `./kloom check OPTIONS MODULE`, from its start to its end, when the report is there:
//
//   first    the module was never compiled: the cache folder is new
//   again    the same command once more
//
// A row is found in a run when the report of the first command names every finding that the module
// expects. The exit status is 1 when a row was missed in a run, whatever the times are.

#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "report.hpp"
#include "toolchain/subprocess.hpp"

namespace kloom {
namespace {

namespace fs = std::filesystem;
using bench::Measurement;

constexpr const char* kFolder = KLOOM_SOURCE_DIR "/bench/detect";
constexpr int kRunsDefault = 5;
constexpr int kRunsMax = 1000;
constexpr double kSecondsGoal = 1;

struct Row {
    std::string module;
    std::string bug;
    std::string linux_detected;
    std::string linux_time;
    std::string options;                // of the module's line "// kloom:"
    std::vector<std::string> expected;  // of its line "// expect:"
};

struct Result {
    int found = 0;
    std::vector<double> first;  // seconds, sorted
    std::vector<double> again;
    std::vector<double> first_work;  // of the processor: kloom, the compiler, the shell
};

struct Arguments {
    int runs = kRunsDefault;
    bool as_json = false;
};

// ---- the table ----------------------------------------------------------------------------------

std::string value_of_header(const std::string& file, const std::string& mark) {
    std::ifstream source(file);
    for (std::string line; std::getline(source, line);)
        if (line.starts_with(mark)) return line.substr(mark.size());
    return "";
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

std::string source_of(const Row& row) {
    return std::string(kFolder) + "/" + row.module + ".c";
}

base::Result<std::vector<Row>> read_rows() {
    const std::string table = std::string(kFolder) + "/linux.tsv";
    std::ifstream stream(table);
    std::vector<Row> rows;
    for (std::string line; std::getline(stream, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream cells(line);
        Row row;
        for (std::string* cell : {&row.module, &row.bug, &row.linux_detected, &row.linux_time})
            std::getline(cells, *cell, '\t');
        row.options = value_of_header(source_of(row), "// kloom:");
        row.expected = words_of(value_of_header(source_of(row), "// expect:"));
        if (row.linux_time.empty() || row.expected.empty())
            return base::Error{table + ": this row or the module's header is not complete: " + line,
                               ""};
        rows.push_back(std::move(row));
    }
    if (rows.empty()) return base::Error{"cannot read " + table, ""};
    return rows;
}

// ---- one command --------------------------------------------------------------------------------

// A folder of its own for each pair of runs: cache, traces.
class WorkFolder {
  public:
    WorkFolder() : path_((fs::temp_directory_path() / "kloom-detect-XXXXXX").string()) {
        if (mkdtemp(path_.data()) == nullptr) path_.clear();
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    ~WorkFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

std::string quoted(const std::string& word) {
    std::string text = "'";
    for (char letter : word) text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return text + "'";
}

std::string kloom_program() {
    const char* chosen = getenv("KLOOM");
    return quoted(chosen != nullptr ? chosen : KLOOM_SOURCE_DIR "/kloom");
}

base::Result<toolchain::ProcessOutcome> run_shell(const std::string& command) {
    return toolchain::run_process({"/bin/sh", "-c", command});
}

struct Timed {
    double seconds = 0;
    double work_seconds = 0;
    std::string report;
};

// Processor time of all commands that have ended. On a busy computer it tells what the wall clock
// hides.
double work_seconds() {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

base::Result<Timed> check(const Row& row, const std::string& folder) {
    const std::string command = "cd " + quoted(folder) + " && XDG_CACHE_HOME=" + quoted(folder) +
                                " exec " + kloom_program() + " check " + row.options + " " +
                                quoted(source_of(row));
    const double work_before = work_seconds();
    const auto begin = std::chrono::steady_clock::now();
    toolchain::ProcessOutcome outcome = TRY(run_shell(command));
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    return Timed{elapsed.count(), work_seconds() - work_before, std::move(outcome.output)};
}

bool names_all(const std::string& report, const std::vector<std::string>& ids) {
    return std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
        return report.find("[" + id + "]") != std::string::npos;
    });
}

base::Result<Result> measure(const Row& row, int runs) {
    Result result;
    for (int run = 0; run < runs; ++run) {
        const WorkFolder folder;
        if (folder.path().empty())
            return base::Error{"cannot write to " + fs::temp_directory_path().string(), ""};
        const Timed first = TRY(check(row, folder.path()));
        const Timed again = TRY(check(row, folder.path()));
        result.found += names_all(first.report, row.expected) ? 1 : 0;
        result.first.push_back(first.seconds);
        result.again.push_back(again.seconds);
        result.first_work.push_back(first.work_seconds);
    }
    for (std::vector<double>* times : {&result.first, &result.again, &result.first_work})
        std::sort(times->begin(), times->end());
    return result;
}

// ---- output -------------------------------------------------------------------------------------

double median(const std::vector<double>& sorted) {
    return sorted[sorted.size() / 2];
}

void add_measurements(const Row& row, const Result& result, int runs,
                      std::vector<Measurement>& measurements) {
    const auto add = [&](const char* what, double value, const char* unit,
                         std::optional<double> goal, bool met) {
        measurements.push_back({.name = row.module + ": " + what,
                                .value = value,
                                .unit = unit,
                                .goal = goal,
                                .met = met});
    };
    const double longest = result.first.back();
    add("found", result.found, "runs", runs, result.found == runs);
    add("command to report, first, median", median(result.first), "s", {}, false);
    add("command to report, first, maximum", longest, "s", kSecondsGoal, longest < kSecondsGoal);
    add("processor time, first, median", median(result.first_work), "s", {}, false);
    add("command to report, again, median", median(result.again), "s", {}, false);
    add("command to report, again, maximum", result.again.back(), "s", {}, false);
}

std::string words_of_computer() {
    double load = -1;
    getloadavg(&load, 1);
    const std::string model = value_of_header("/proc/cpuinfo", "model name\t: ");
    return fmt::format("{} CPUs ({}), load average {:.1f}", std::thread::hardware_concurrency(),
                       model.empty() ? "unknown" : model, load);
}

void print_head(int runs) {
    constexpr const char* kMeaning =
        "first   the module was never compiled     work    processor time of it, median\n"
        "again   the same command once more        Linux   see bench/detect/linux.tsv\n\n";
    fmt::print("{}; {} runs of each row\n", words_of_computer(), runs);
    fmt::print("Seconds from the command to its end, when the report is there:\n{}", kMeaning);
    fmt::print("{:<50} {:>8}  {:>6} {:>6} {:>6}  {:>6} {:>6}   {:<26} {}\n", "", "kloom", "first",
               "", "", "again", "", "Linux", "Linux");
    fmt::print("{:<50} {:>8}  {:>6} {:>6} {:>6}  {:>6} {:>6}   {:<26} {}\n", "bug", "found",
               "median", "max", "work", "median", "max", "detected", "time");
}

void print_row(const Row& row, const Result& result, int runs) {
    fmt::print("{:<50} {:>8}  {:>6.2f} {:>6.2f} {:>6.2f}  {:>6.2f} {:>6.2f}   {:<26} {}\n", row.bug,
               fmt::format("{} of {}", result.found, runs), median(result.first),
               result.first.back(), median(result.first_work), median(result.again),
               result.again.back(), row.linux_detected, row.linux_time);
    std::fflush(stdout);
}

// ---- main ---------------------------------------------------------------------------------------

base::Result<Arguments> parse(int argc, char** argv) {
    Arguments arguments;
    for (int index = 1; index < argc; ++index) {
        const std::string word = argv[index];
        if (word == "--json") {
            arguments.as_json = true;
        } else if (word == "--runs" && index + 1 < argc) {
            arguments.runs = std::atoi(argv[++index]);
        } else {
            return base::Error{"unknown option " + word,
                               "usage: tools/bench detect [--json] [--runs N]"};
        }
    }
    if (arguments.runs < 1 || arguments.runs > kRunsMax)
        return base::Error{"--runs takes a number from 1 to " + std::to_string(kRunsMax), ""};
    return arguments;
}

// Returns whether every row was found in every run.
base::Result<bool> run(const Arguments& arguments) {
    const std::vector<Row> rows = TRY(read_rows());
    const toolchain::ProcessOutcome version =
        TRY(run_shell(kloom_program() + " --version"));  // it may have to be built
    if (version.exit_status != 0) return base::Error{"kloom does not start: " + version.output, ""};

    std::vector<Measurement> measurements;
    size_t found_always = 0;
    size_t in_time = 0;
    if (!arguments.as_json) print_head(arguments.runs);
    for (const Row& row : rows) {
        const Result result = TRY(measure(row, arguments.runs));
        found_always += result.found == arguments.runs ? 1 : 0;
        in_time += result.first.back() < kSecondsGoal ? 1 : 0;
        add_measurements(row, result, arguments.runs, measurements);
        if (!arguments.as_json) print_row(row, result, arguments.runs);
    }
    if (arguments.as_json) {
        bench::print(measurements, true);
    } else {
        fmt::print(
            "\n{} of {} rows found in every run; {} of {} always under {} s from the first command "
            "to its report\n",
            found_always, rows.size(), in_time, rows.size(), kSecondsGoal);
    }
    return found_always == rows.size();
}

int report_error(const base::Error& error) {
    fmt::print(stderr, "bench detect: {}\n", error.message);
    if (!error.hint.empty()) fmt::print(stderr, "bench detect: {}\n", error.hint);
    return 2;
}

}  // namespace
}  // namespace kloom

int main(int argc, char** argv) {
    const auto arguments = kloom::parse(argc, argv);
    if (!arguments) return kloom::report_error(arguments.error());
    const auto found_all = kloom::run(*arguments);
    if (!found_all) return kloom::report_error(found_all.error());
    return *found_all ? 0 : 1;
}
