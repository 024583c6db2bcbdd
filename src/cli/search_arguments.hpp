// The arguments that say how a program is searched.
#pragma once

#include <string>

#include "base/result.hpp"
#include "session/options.hpp"

namespace CLI {
class App;
}

namespace kloom::cli {

class SearchArguments {
  public:
    void add_to(CLI::App& command);
    base::Result<session::SearchOptions> options() const;
    // What tells a search of a program from others, in words: "--strategy=auto --bound=2 ...".
    std::string key() const;

  private:
    std::string strategy_ = "auto";
    int bound_ = 2;
    std::string budget_;  // empty: the default
    uint64_t executions_ = 0;  // 0: as the budget says
    uint64_t seed_ = 1;
    bool stop_at_first_ = false;
    std::string checkpoint_;
    int workers_ = 0;  // 0: one for each CPU of this computer
};

}  // namespace kloom::cli
