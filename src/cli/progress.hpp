// Progress: one line on a terminal's stderr, drawn again and again; nothing in a pipe.
#pragma once

#include <string>

#include "session/search.hpp"

namespace kloom::cli {

class Progress {
  public:
    Progress();

    void show(const session::Progress& progress);
    void show(const std::string& text);
    // A bar.
    void show(double share_done, const std::string& what);
    // Takes the line away; to be called before anything else is printed.
    void clear();

  private:
    bool is_on_;
    bool is_drawn_ = false;
};

}  // namespace kloom::cli
