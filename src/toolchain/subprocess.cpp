#include "toolchain/subprocess.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/check.hpp"

namespace kloom::toolchain {
namespace {

// The caller's environment, but messages in the C locale: they are parsed.
std::vector<std::string> c_locale_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (!text.starts_with("LC_") && !text.starts_with("LANG")) variables.emplace_back(text);
    }
    variables.emplace_back("LC_ALL=C");
    return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (std::string& string : strings) pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
}

// Reads to the end of the pipe; what exceeds the limit is read and dropped, so that the writer does not block.
std::string drain(int pipe_end) {
    std::string output;
    char buffer[4096];
    for (;;) {
        const ssize_t count = read(pipe_end, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return output;
        if (output.size() < kOutputBytesMax) output.append(buffer, static_cast<size_t>(count));
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) CHECK(errno == EINTR, "waitpid: %s", std::strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
    while (!rest.empty()) {
        const size_t end = std::min(rest.find(':'), rest.size());
        const std::string candidate = std::string(rest.substr(0, end)) + "/" + name;
        if (access(candidate.c_str(), X_OK) == 0) return candidate;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return "";
}

base::Result<ProcessOutcome> run_process(const std::vector<std::string>& arguments) {
    CHECK(!arguments.empty());
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return base::Error{std::string("cannot make a pipe: ") + std::strerror(errno), ""};

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);

    std::vector<std::string> argument_strings = arguments;
    std::vector<std::string> environment_strings = c_locale_environment();
    pid_t child = 0;
    const int failure = posix_spawn(&child, arguments[0].c_str(), &actions, nullptr,
                                    pointers_to(argument_strings).data(), pointers_to(environment_strings).data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failure != 0) {
        close(ends[0]);
        return base::Error{"cannot run " + arguments[0] + ": " + std::strerror(failure), ""};
    }

    ProcessOutcome outcome;
    outcome.output = drain(ends[0]);
    close(ends[0]);
    outcome.exit_status = wait_for(child);
    return outcome;
}

}  // namespace kloom::toolchain
