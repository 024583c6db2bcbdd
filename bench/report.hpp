// How benchmarks print: a table for people, with --json an array of {name, value, unit, goal, met}.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace kloom::bench {

struct Measurement {
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<double> goal;  // set by an issue or the documents; absent otherwise
    bool met = false;
};

// Smallest time of `rounds` calls of `work`, in seconds per operation. The minimum is the figure least disturbed by whatever
// else the machine does.
template <class Work>
double best_seconds_per_operation(int rounds, uint64_t operations, Work work) {
    double best = 1e300;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
        best = std::min(best, elapsed.count() / static_cast<double>(operations));
    }
    return best;
}

inline void print(const std::vector<Measurement>& measurements, bool as_json) {
    if (!as_json) {
        for (const Measurement& m : measurements) {
            fmt::print("{:<58} {:>14.4g} {}", m.name, m.value, m.unit);
            if (m.goal.has_value()) fmt::print("   goal {:g}: {}", *m.goal, m.met ? "met" : "not met");
            fmt::print("\n");
        }
        return;
    }
    nlohmann::ordered_json array = nlohmann::ordered_json::array();
    for (const Measurement& m : measurements) {
        nlohmann::ordered_json entry = {{"name", m.name}, {"value", m.value}, {"unit", m.unit}};
        if (m.goal.has_value()) {
            entry["goal"] = *m.goal;
            entry["met"] = m.met;
        }
        array.push_back(entry);
    }
    fmt::print("{}\n", array.dump(2));
}

inline bool wants_json(int argc, char** argv) { return argc > 1 && std::strcmp(argv[1], "--json") == 0; }

}  // namespace kloom::bench
