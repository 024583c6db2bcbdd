#include "session/supervisor.hpp"

#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "session/search.hpp"

namespace kloom::session {
namespace {

constexpr int kPollMicroseconds = 2000;

void on_interrupt(int) { Search::interrupt(); }

[[noreturn]] void run_worker(const std::function<int()>& work) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    const int code = work();
    std::fflush(nullptr);
    _exit(code);
}

double now_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Of a process that a signal ended, as shells have it.
constexpr int kExitAfterSignal = 128;

}  // namespace

int supervise(const std::function<int()>& work, double seconds_max, int exit_if_dead, const std::function<void(const std::string&)>& complain) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) {
        complain(std::string("cannot start a worker process: ") + std::strerror(errno));
        return exit_if_dead;
    }
    if (child == 0) run_worker(work);

    signal(SIGINT, SIG_IGN);  // the terminal sends it to the worker as well
    const double give_up_at = now_seconds() + seconds_max;
    int status = 0;
    for (;;) {
        const pid_t done = waitpid(child, &status, WNOHANG);
        if (done == child) break;
        if (done < 0 && errno != EINTR) break;
        if (now_seconds() > give_up_at) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            complain("the worker process was stopped after " + std::to_string(static_cast<int>(seconds_max)) + " s: it did not end by itself");
            return exit_if_dead;
        }
        usleep(kPollMicroseconds);
    }
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    // Whoever reads the output has seen enough of it (kloom ... | head): ends without a word, as any program does.
    if (WTERMSIG(status) == SIGPIPE) return kExitAfterSignal + SIGPIPE;
    complain(std::string("the module brought down the worker process (") + strsignal(WTERMSIG(status)) +
             "): it damaged memory that is not its own");
    return exit_if_dead;
}

void fix_addresses(char** arguments) {
    const int current = personality(0xffffffff);
    if (current < 0 || (current & ADDR_NO_RANDOMIZE) != 0) return;
    if (personality(static_cast<unsigned long>(current) | ADDR_NO_RANDOMIZE) < 0) return;
    execv("/proc/self/exe", arguments);
}

}  // namespace kloom::session
