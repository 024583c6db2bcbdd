// WorkerPool: processes that run parts of a search, each with its own copy of the loaded program.
//
//   search              worker 1          worker 2
//   part 0  ------------->  runs it
//   part 1  ------------------------------->  runs it
//      <---- result ----  of part 0
//   part 2  ------------->  runs it
//
// A worker is a fork of this process and shares nothing with it from then on: what it runs starts
// from the state that the program had.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "explore/strategy.hpp"
#include "session/part_runner.hpp"

namespace kloom::session {

class WorkerPool {
  public:
    using PartWork = std::function<PartResult(const explore::Part&)>;
    struct Done {
        size_t ticket = 0;
        std::optional<PartResult> result;  // none: the worker died before it had one
    };

    // Starts so many processes; fewer when the system refuses. `work` runs in them.
    WorkerPool(int workers, const PartWork& work);
    // Ends them, whatever they do.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    bool has_workers() const;
    bool has_idle() const;
    // Some worker runs the part. Requires: has_idle().
    void start(size_t ticket, const explore::Part& part);
    // The results that have come by now; waits for the first at most so long.
    std::vector<Done> wait(int milliseconds);

  private:
    struct Worker {
        pid_t process = 0;
        int socket = -1;
        std::optional<size_t> ticket;  // of the part that it runs
    };

    bool start_worker(const PartWork& work);
    void bury(Worker& worker, std::vector<Done>& done);

    std::vector<Worker> workers_;
};

// How many processes it makes sense to run side by side here.
int available_cpus();

}  // namespace kloom::session
