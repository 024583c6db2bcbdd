// How fast the exhaustive search is, and what its reduction and a second worker save.
//
// Each module in bench/explore is searched to the end by `kloom check --strategy exhaustive`, all
// detectors on: with one worker, with two, and by plain enumeration (--strategy bounded with a bound
// that is never reached), which is cut off after kPlainExecutionsMax. Times are those of the search,
// without compiling, the best of kRounds that alternate; ratios are within one run.

#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "report.hpp"
#include "toolchain/subprocess.hpp"

namespace kloom {
namespace {

namespace fs = std::filesystem;
using bench::Measurement;

constexpr const char* kFolder = KLOOM_SOURCE_DIR "/bench/explore";
constexpr int kRounds = 3;
constexpr uint64_t kPlainExecutionsMax = 1'000'000;
constexpr double kExecutionsGoal = 1e6;  // per second, of executions of at most 65 steps
constexpr double kStepsGoal = 50e6;      // per second
constexpr double kTwoWorkersGoal = 1.9;

struct Searched {
    uint64_t executions = 0;
    uint64_t steps = 0;
    double seconds = 1e300;
    bool is_complete = false;
};

// Keeps the shorter time in `best`.
base::Result<void> search(const fs::path& module, const std::string& options, Searched& best) {
    const char* kloom = getenv("KLOOM");
    const std::string command = std::string(kloom != nullptr ? kloom : KLOOM_SOURCE_DIR "/kloom") +
                                " check --json --budget 600s " + options + " '" + module.string() +
                                "' 2>/dev/null";  // where the launcher says what it builds
    const toolchain::ProcessOutcome outcome =
        TRY(toolchain::run_process({"/bin/sh", "-c", command}));
    const nlohmann::json report = nlohmann::json::parse(outcome.output, nullptr, false);
    if (report.is_discarded() || !report.contains("claim"))
        return base::Error{"no report from: " + command, outcome.output};
    const nlohmann::json& claim = report["claim"];
    best.executions = claim["executions"];
    best.steps = claim["steps"];
    best.is_complete = claim["reached_goal"];
    best.seconds = std::min(best.seconds, claim["seconds"].get<double>());
    return {};
}

struct Row {
    std::string name;
    Searched one, two, plain;
};

base::Result<Row> measure(const fs::path& module) {
    Row row{.name = module.stem().string(), .one = {}, .two = {}, .plain = {}};
    TRY_VOID(search(module,
                    "--workers 1 --strategy bounded --bound 100 --executions " +
                        std::to_string(kPlainExecutionsMax),
                    row.plain));
    for (int round = 0; round < kRounds; ++round) {
        TRY_VOID(search(module, "--strategy exhaustive --workers 1", row.one));
        TRY_VOID(search(module, "--strategy exhaustive --workers 2", row.two));
    }
    if (!row.one.is_complete || row.one.executions != row.two.executions)
        return base::Error{row.name + ": the searches did not come to the same end", ""};
    return row;
}

std::vector<Measurement> measurements_of(const Row& row) {
    const double rate = static_cast<double>(row.one.executions) / row.one.seconds;
    const double step_rate = static_cast<double>(row.one.steps) / row.one.seconds;
    const double speed_up = row.one.seconds / row.two.seconds;
    const double length =
        static_cast<double>(row.one.steps) / static_cast<double>(row.one.executions);
    const std::string plain = row.plain.is_complete ? ": plain executions" : ": plain executions, more than";
    return {
        {row.name + ": executions", static_cast<double>(row.one.executions), "", {}, false},
        {row.name + plain, static_cast<double>(row.plain.executions), "", {}, false},
        {row.name + ": steps of an execution", length, "", {}, false},
        {row.name + ": executions per second", rate, "/s", kExecutionsGoal, rate >= kExecutionsGoal},
        {row.name + ": steps per second", step_rate, "/s", kStepsGoal, step_rate >= kStepsGoal},
        {row.name + ": two workers against one", speed_up, "x", kTwoWorkersGoal, speed_up >= kTwoWorkersGoal},
    };
}

base::Result<std::vector<Measurement>> run() {
    std::vector<fs::path> modules;
    for (const fs::directory_entry& entry : fs::directory_iterator(kFolder))
        if (entry.path().extension() == ".c") modules.push_back(entry.path());
    std::sort(modules.begin(), modules.end());
    std::vector<Measurement> measurements;
    for (const fs::path& module : modules) {
        const Row row = TRY(measure(module));
        for (const Measurement& measurement : measurements_of(row))
            measurements.push_back(measurement);
    }
    return measurements;
}

}  // namespace
}  // namespace kloom

int main(int argc, char** argv) {
    const auto measurements = kloom::run();
    if (!measurements) {
        fmt::print(stderr, "bench explore: {}\n{}\n", measurements.error().message,
                   measurements.error().hint);
        return 2;
    }
    kloom::bench::print(*measurements, kloom::bench::wants_json(argc, argv));
    return 0;
}
