#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "os_models/presets.hpp"
#include "os_models/workload.hpp"
#include "unit/toolchain/temporary_folder.hpp"

namespace kloom::os_models {
namespace {

using base::Result;

struct KeyRow {
    const char* key;
    const char* value;  // as on the command line: "5us"
    std::function<bool(const Workload&)> is_set;
};

#define SET_TO(member, expected) [](const Workload& w) { return w.member == (expected); }

// One row for each key, none of the values the default.
const std::vector<KeyRow> kKeyRows = {
    {"processes.per_cpu", "2.5", SET_TO(processes_per_cpu, 2.5)},
    {"processes.count", "17", SET_TO(processes, 17u)},
    {"processes.placement", "random", SET_TO(placement, Placement::Random)},
    {"compute.mean", "5us", SET_TO(compute.mean_ns, 5e3)},
    {"compute.shape", "constant", SET_TO(compute.shape, Shape::Constant)},
    {"calls.mean", "1.5ms", SET_TO(call.mean_ns, 1.5e6)},
    {"calls.shape", "uniform", SET_TO(call.shape, Shape::Uniform)},
    {"calls.locked", "0.25", SET_TO(locked_share, 0.25)},
    {"calls.mix.read", "3", SET_TO(mix[0], 3)},
    {"calls.mix.write", "4", SET_TO(mix[1], 4)},
    {"calls.mix.memory", "5", SET_TO(mix[2], 5)},
    {"calls.mix.process", "0", SET_TO(mix[3], 0)},
    {"think.mean", "2s", SET_TO(think.mean_ns, 2e9)},
    {"think.shape", "heavy", SET_TO(think.shape, Shape::Heavy)},
    {"memory.frames_per_cpu", "99", SET_TO(frames_per_cpu, 99u)},
    {"memory.pages_per_process", "7", SET_TO(pages_per_process, 7u)},
    {"files.blocks", "1000", SET_TO(blocks, 1000u)},
    {"files.blocks_per_cpu", "1.5", SET_TO(blocks_per_cpu, 1.5)},
    {"files.buffers_per_cpu", "8", SET_TO(buffers_per_cpu, 8u)},
    {"files.hot", "0.75", SET_TO(hot_share, 0.75)},
    {"disk.mean", "80us", SET_TO(disk.mean_ns, 80e3)},
    {"disk.shape", "constant", SET_TO(disk.shape, Shape::Constant)},
    {"disk.count", "3", SET_TO(disks, 3u)},
    {"costs.dispatch", "1us", SET_TO(dispatch_ns, 1000u)},
    {"costs.migration", "2us", SET_TO(migration_ns, 2000u)},
    {"costs.interrupt", "3us", SET_TO(interrupt_ns, 3000u)},
    {"costs.lock_transfer", "100ns", SET_TO(lock_transfer_ns, 100u)},
    {"costs.lock_waiter", "20ns", SET_TO(lock_waiter_ns, 20u)},
    {"scheduling.slice", "1ms", SET_TO(slice_ns, 1'000'000u)},
    {"scheduling.preempt", "full", SET_TO(preempt, Preempt::Full)},
    {"scheduling.master_computes", "false", SET_TO(master_computes, false)},
    {"interactive.processes", "2", SET_TO(interactive.processes, 2u)},
    {"interactive.think.mean", "3ms", SET_TO(interactive.think.mean_ns, 3e6)},
    {"interactive.think.shape", "uniform", SET_TO(interactive.think.shape, Shape::Uniform)},
    {"interactive.compute.mean", "4us", SET_TO(interactive.compute.mean_ns, 4e3)},
    {"interactive.compute.shape", "heavy", SET_TO(interactive.compute.shape, Shape::Heavy)},
};

#undef SET_TO

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Numbers and truth values as they are, others in quotes.
std::string as_toml(const std::string& value) {
    const bool is_plain = value.find_first_not_of("0123456789.") == std::string::npos || value == "true" || value == "false";
    return is_plain ? value : '"' + value + '"';
}

class WorkloadFile : public testing::Test {
  protected:
    Result<Workload> load(const std::string& contents) { return load_workload(folder_.write("my.toml", contents)); }

    // What is said about a file with these contents, after its name.
    std::string complaint(const std::string& contents) {
        const Result<Workload> workload = load(contents);
        if (workload) return "(it is accepted)";
        const std::string file = folder_.path("my.toml");
        const std::string& message = workload.error().message;
        EXPECT_EQ(message.substr(0, file.size()), file);
        return message.substr(std::min(file.size(), message.size())) + " | " + workload.error().hint;
    }

    toolchain::TemporaryFolder folder_;
};

std::string complaint_about(const std::string& assignment) {
    Workload workload;
    const Result<void> changed = change_workload(workload, assignment);
    return changed ? "(it is accepted)" : changed.error().message + " | " + changed.error().hint;
}

TEST_F(WorkloadFile, EveryKeyHasARowHere) {
    std::vector<std::string> rows, keys = workload_keys();
    for (const KeyRow& row : kKeyRows) rows.push_back(row.key);
    std::sort(rows.begin(), rows.end());
    std::sort(keys.begin(), keys.end());

    EXPECT_EQ(keys, rows);
}

TEST_F(WorkloadFile, EveryKeyCanBeSetInAFile) {
    for (const KeyRow& row : kKeyRows) {
        ASSERT_FALSE(row.is_set(Workload{})) << row.key;

        const auto workload = load(std::string(row.key) + " = " + as_toml(row.value) + "\n");

        ASSERT_TRUE(workload) << row.key << ": " << workload.error().message;
        EXPECT_TRUE(row.is_set(*workload)) << row.key;
    }
}

TEST_F(WorkloadFile, EveryKeyCanBeChanged) {
    for (const KeyRow& row : kKeyRows) {
        Workload workload;

        const Result<void> changed = change_workload(workload, std::string(row.key) + "=" + row.value);

        ASSERT_TRUE(changed) << row.key << ": " << changed.error().message;
        EXPECT_TRUE(row.is_set(workload)) << row.key;
    }
}

TEST_F(WorkloadFile, KeysCanStandInSections) {
    const auto workload = load("[calls]\nmean = \"3us\"\n[calls.mix]\nread = 9\n[interactive]\nthink.mean = \"1s\"\n");

    ASSERT_TRUE(workload) << workload.error().message;
    EXPECT_EQ(workload->call.mean_ns, 3e3);
    EXPECT_EQ(workload->mix[0], 9);
    EXPECT_EQ(workload->interactive.think.mean_ns, 1e9);
}

TEST_F(WorkloadFile, SpacesAndQuotesInAChangeDoNotMatter) {
    Workload workload;

    EXPECT_TRUE(change_workload(workload, " calls.mean = \"7us\" "));
    EXPECT_EQ(workload.call.mean_ns, 7e3);
}

TEST_F(WorkloadFile, PresetsLoadByName) {
    for (const std::string& name : preset_names()) {
        const auto workload = load_workload(name);

        ASSERT_TRUE(workload) << name;
        EXPECT_EQ(workload->name, name);
    }
    EXPECT_EQ(preset_names(), (std::vector<std::string>{"textbook", "build-server", "web", "database", "desktop"}));
}

TEST_F(WorkloadFile, TheTextbookSpendsATenthInSystemCalls) {
    EXPECT_DOUBLE_EQ(find_preset("textbook")->system_share(), 0.1);
}

TEST_F(WorkloadFile, AFileCanStartFromAPreset) {
    const auto workload = load("calls.mean = \"1us\"\npreset = \"web\"\n");

    ASSERT_TRUE(workload) << workload.error().message;
    EXPECT_EQ(workload->call.mean_ns, 1e3);
    EXPECT_EQ(workload->processes_per_cpu, find_preset("web")->processes_per_cpu);
    EXPECT_EQ(workload->dispatch_ns, find_preset("web")->dispatch_ns);
}

TEST_F(WorkloadFile, AFileHasItsPathAsNameUnlessItSaysAnother) {
    const auto unnamed = load("calls.mean = \"1us\"\n");
    const auto named = load("name = \"mine\"\n");

    ASSERT_TRUE(unnamed && named);
    EXPECT_EQ(unnamed->name, folder_.path("my.toml"));
    EXPECT_EQ(named->name, "mine");
}

TEST_F(WorkloadFile, AnEmptyFileIsTheDefault) {
    const auto workload = load("");

    ASSERT_TRUE(workload) << workload.error().message;
    EXPECT_EQ(workload->compute.mean_ns, Workload{}.compute.mean_ns);
}

TEST_F(WorkloadFile, WrongFilesAreNamedWithTheLineAndWhatIsExpected) {
    const struct {
        const char* name;
        const char* contents;
        const char* begin;   // after the file's name
        const char* expects;  // somewhere later
    } rows[] = {
        {"unknown key", "\n[calls]\nmeen = 5\n", ":3: there is no key 'calls.meen'", "calls.mean, calls.shape"},
        {"unknown section", "[call]\nmean = \"5us\"\n", ":2: there is no key 'call.mean'", "sections are calls, compute"},
        {"unknown top key", "cpus = 5\n", ":1: there is no key 'cpus'", "sections are calls, compute"},
        {"value for a section", "calls = 3\n", ":1: there is no key 'calls'", "calls.mean"},
        {"section for a value", "[calls.mean]\nus = 3\n", ":2: there is no key 'calls.mean.us'", "calls.mean"},
        {"above the range", "\nfiles.hot = 1.5\n", ":2: files.hot: 1.5 is out of range", "from 0 to 1"},
        {"below the range", "memory.frames_per_cpu = -1\n", ":1: memory.frames_per_cpu: -1 is out", "from 0 to 65536"},
        {"a long range", "processes.count = 1000001\n", ":1: processes.count: 1000001 is out", "from 0 to 1000000 "},
        {"not whole", "processes.count = 2.5\n", ":1: processes.count: 2.5 is no whole number", ""},
        {"not a number", "processes.count = \"many\"\n", ":1: processes.count: 'many' is no number", ""},
        {"nan", "files.hot = nan\n", ":1: files.hot: 'nan' is no number", ""},
        {"wrong unit", "calls.mean = \"5min\"\n", ":1: calls.mean: '5min' is no time", "500ns, 90us, 1.5ms or 2s"},
        {"no unit", "calls.mean = 5\n", ":1: calls.mean: '5' is no time", "500ns, 90us, 1.5ms or 2s"},
        {"no number", "calls.mean = \"us\"\n", ":1: calls.mean: 'us' is no time", "500ns, 90us, 1.5ms or 2s"},
        {"negative time", "calls.mean = \"-1us\"\n", ":1: calls.mean: '-1us' is no time", "500ns, 90us, 1.5ms or 2s"},
        {"too long a time", "calls.mean = \"1001s\"\n", ":1: calls.mean: '1001s' is no time", "up to 1000s"},
        {"wrong shape", "calls.shape = \"square\"\n", ":1: calls.shape: 'square' is none of", "constant, uniform, exponential, heavy"},
        {"wrong truth", "scheduling.master_computes = \"yes\"\n", ":1: scheduling.master_computes: 'yes'", "true, false"},
        {"a list", "\ncalls.mean = [1, 2]\n", ":2: calls.mean: neither a number, a text nor true or false", ""},
        {"unknown preset", "\npreset = \"nope\"\n", ":2: there is no preset of that name", "presets are textbook, build-server"},
        {"name is no text", "name = [1]\n", ":1: name: not a text", ""},
        {"not TOML", "a = 1\nthis is no toml\n", ":2: not TOML: ", "docs/reference/workload.md"},
        {"twice", "files.hot = 0\nfiles.hot = 1\n", ":2: not TOML: ", "docs/reference/workload.md"},
        {"no call has a weight", "[calls.mix]\nread = 0\nwrite = 0\nmemory = 0\nprocess = 0\n", ":5: calls.mix: all weights are 0",
         "give read, write"},
        {"no time", "calls.mean = \"0\"\n\ncompute.mean = \"0\"\n", ":3: nothing takes time", "give one of them a time"},
        // Constant times are rounded: each of these is none, though together they are more than 1 ns.
        {"little time", "calls.mean = \"0.4ns\"\ncompute.mean = \"0.4ns\"\nthink.mean = \"0.4ns\"\n", ":3: nothing takes time", ""},
        {"no time for interaction",
         "calls.mean = \"0\"\ninteractive.processes = 1\ninteractive.think.mean = \"0\"\ninteractive.compute.mean = \"0\"\n",
         ":4: interactive processes take no time", "interactive.think.mean"},
        {"short slice", "\n\nscheduling.slice = \"999ns\"\n", ":3: scheduling.slice: less than 1us", "longer"},
        {"odd buffers", "files.buffers_per_cpu = 6\n", ":1: files.buffers_per_cpu: 6 is not a multiple of 4", ""},
    };
    for (const auto& row : rows) {
        const std::string said = complaint(row.contents);
        EXPECT_EQ(said.substr(0, strlen(row.begin)), row.begin) << row.name;
        EXPECT_TRUE(has(said, row.expects)) << row.name << ": " << said;
    }
}

TEST_F(WorkloadFile, WhatIsNoFileIsNamedWithThePresets) {
    for (const std::string& name : {folder_.path("nofile.toml"), folder_.path(), std::string("nopreset")}) {
        const Result<Workload> workload = load_workload(name);

        ASSERT_FALSE(workload) << name;
        EXPECT_TRUE(has(workload.error().message, "'" + name + "' is neither a preset nor a file")) << workload.error().message;
        EXPECT_TRUE(has(workload.error().hint, "textbook, build-server")) << workload.error().hint;
    }
}

TEST_F(WorkloadFile, WrongChangesSayWhatIsExpected) {
    const struct {
        const char* change;
        const char* begin;
        const char* expects;
    } rows[] = {
        {"calls.mean", "'calls.mean' is no KEY=VALUE", "calls.mean=20us"},
        {"", "'' is no KEY=VALUE", "calls.mean=20us"},
        {"=", "there is no key ''", "sections are"},
        {"calls.mean=", "calls.mean: '' is no time", "90us"},
        {"calls.mean=5", "calls.mean: '5' is no time", "90us"},
        {"calls.meen=5us", "there is no key 'calls.meen'", "calls.mean"},
        {"files.hot=2", "files.hot: 2 is out of range", "from 0 to 1"},
        {"files.hot=0.5x", "files.hot: '0.5x' is no number", ""},
        {"scheduling.preempt=some", "scheduling.preempt: 'some' is none of", "none, voluntary, full"},
        {"scheduling.slice=10ns", "scheduling.slice: less than 1us", "longer"},
    };
    for (const auto& row : rows) {
        const std::string said = complaint_about(row.change);
        EXPECT_EQ(said.substr(0, strlen(row.begin)), row.begin) << row.change;
        EXPECT_TRUE(has(said, row.expects)) << row.change << ": " << said;
    }
}

}  // namespace
}  // namespace kloom::os_models
