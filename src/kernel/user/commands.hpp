// The commands of user processes. Each is a function that takes its words and returns its exit
// status; what they print and how they fail follows GNU coreutils, procps and kmod as far as people
// look at it.
#pragma once

#include <optional>

#include "kernel/user/interpreter.hpp"

namespace kloom::kernel {

// What begins with `-` at the front of the arguments. "--" ends the options.
class Options {
  public:
    // `with_value`: the letters whose option takes a value.
    Options(Arguments arguments, std::string_view with_value);

    bool has(char letter) const;
    // The value of the last `-letter`.
    std::optional<std::string_view> value(char letter) const;
    Arguments operands() const { return operands_; }

  private:
    static constexpr size_t kOptionsMax = 16;

    Arguments operands_;
    char letters_[kOptionsMax] = {};
    const std::string* values_[kOptionsMax] = {};
    size_t count_ = 0;
};

std::optional<long> parse_number(std::string_view text);
// "1.5", "500ms", "2m": nanoseconds.
std::optional<VirtualTime> parse_duration(std::string_view text);
// "5", "4k", "1M".
std::optional<size_t> parse_size(std::string_view text);

// Runs `use` on each file operand, or on descriptor 0 when there is none or for "-"; returns the
// exit status. `use` gets a descriptor and the file's name.
template <class Use>
int for_each_input(Process& process, std::string_view command, Arguments files, Use use) {
    if (files.empty()) return use(0, std::string_view());
    int status = 0;
    for (const std::string* file : files) {
        if (process.is_dying()) return 1;
        const int descriptor = *file == "-" ? 0 : process.open(file->c_str(), 0);
        if (descriptor < 0) {
            process.complain(command, *file, int64_t{descriptor});
            status = 1;
            continue;
        }
        const int result = use(descriptor, std::string_view(*file));
        if (result != 0) status = result;
        if (descriptor != 0) process.close(descriptor);
    }
    return status;
}

#define KLOOM_COMMAND(name) int command_##name(Process& process, Arguments arguments)
KLOOM_COMMAND(cat);
KLOOM_COMMAND(chmod);
KLOOM_COMMAND(dd);
KLOOM_COMMAND(dmesg);
KLOOM_COMMAND(echo);
KLOOM_COMMAND(exec);
KLOOM_COMMAND(exit);
KLOOM_COMMAND(false);
KLOOM_COMMAND(grep);
KLOOM_COMMAND(head);
KLOOM_COMMAND(id);
KLOOM_COMMAND(insmod);
KLOOM_COMMAND(ioctl);
KLOOM_COMMAND(kill);
KLOOM_COMMAND(ls);
KLOOM_COMMAND(lsmod);
KLOOM_COMMAND(mkdir);
KLOOM_COMMAND(mknod);
KLOOM_COMMAND(nproc);
KLOOM_COMMAND(open);
KLOOM_COMMAND(poll);
KLOOM_COMMAND(printf);
KLOOM_COMMAND(ps);
KLOOM_COMMAND(raise);
KLOOM_COMMAND(read);
KLOOM_COMMAND(rm);
KLOOM_COMMAND(rmmod);
KLOOM_COMMAND(seek);
KLOOM_COMMAND(seq);
KLOOM_COMMAND(sh);
KLOOM_COMMAND(sigio);
KLOOM_COMMAND(sleep);
KLOOM_COMMAND(sort);
KLOOM_COMMAND(tail);
KLOOM_COMMAND(taskset);
KLOOM_COMMAND(tee);
KLOOM_COMMAND(test);
KLOOM_COMMAND(timeout);
KLOOM_COMMAND(true);
KLOOM_COMMAND(uname);
KLOOM_COMMAND(usleep);
KLOOM_COMMAND(wait);
KLOOM_COMMAND(wc);
KLOOM_COMMAND(break);
KLOOM_COMMAND(continue);

}  // namespace kloom::kernel
