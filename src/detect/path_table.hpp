// PathTable: a detector's state per path, forgotten between executions without giving memory back.
#pragma once

#include <algorithm>
#include <vector>

#include "trace/ids.hpp"

namespace kloom::detect {

// `State` is default-constructible and has clear(), after which it equals a fresh one.
template <class State>
class PathTable {
  public:
    State& operator[](trace::PathId path) {
        if (path.index() >= states_.size()) states_.resize(path.index() + 1);
        used_ = std::max(used_, path.index() + 1);
        return states_[path.index()];
    }

    // Null when the path has no state in this execution.
    const State* find(trace::PathId path) const {
        return path.index() < used_ ? &states_[path.index()] : nullptr;
    }

    // Paths 0 .. size()-1 may have state.
    size_t size() const { return used_; }

    void begin_execution() {
        for (size_t path = 0; path < used_; ++path) states_[path].clear();
        used_ = 0;
    }

  private:
    std::vector<State> states_;  // [path]
    size_t used_ = 0;
};

}  // namespace kloom::detect
