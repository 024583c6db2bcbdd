// UserService: the user processes of the machine.
//
// A command line becomes a process that interprets it (interpreter.hpp). Command lines are parsed
// once and kept, because the same ones run in every execution.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/kernel.hpp"
#include "kernel/user/process.hpp"

namespace kloom::kernel {

inline constexpr int32_t kFirstUserPid = 1001;  // 1000 is the task that loads the module

class UserService final : public Service {
  public:
    using OutputSink = std::function<void(int32_t pid, std::string_view text)>;

    void begin_execution() override;

    // ---- on a fiber -----------------------------------------------------------------------------
    // Starts a process that runs `command_line`; returns its pid.
    int32_t start(std::string_view command_line);
    // A process that runs `program`, with what `parent` (null: none) passes on.
    Process& start(std::shared_ptr<shell::List> program, std::string_view name, Process* parent);
    // Waits until no process runs any more; false when `deadline` came first.
    bool wait_all(VirtualTime deadline);
    bool wait_for(const Process& process);
    // As wait_all() without an end. Whoever sleeps after kill_all() is woken when the last process
    // has ended.
    bool all_ended() const { return running_ == 0; }
    void kill_all();

    // ---- what they printed ----------------------------------------------------------------------
    // Everything that the process `pid` wrote to its terminal in this execution, errors included.
    std::string_view output(int32_t pid) const;
    int status(int32_t pid) const;
    const std::deque<Process>& processes() const { return processes_; }
    // Hears of all output when it is written. Empty: nobody.
    void set_output_sink(OutputSink sink) { sink_ = std::move(sink); }

    void show_output(const Process& process, std::string_view text) const;
    void note_end(Process& process);

  private:
    struct Parsed {
        std::shared_ptr<shell::List> program;
        std::string error;
    };

    static void process_main(void* process);
    const Parsed& parse(std::string_view command_line);
    void wake_waiters();

    std::map<std::string, Parsed, std::less<>> parsed_;  // by command line; kept for the session
    std::deque<Process> processes_;
    int32_t next_pid_ = kFirstUserPid;
    int running_ = 0;
    std::vector<machine::Task*> waiters_;
    OutputSink sink_;
};

}  // namespace kloom::kernel
