// LogService: the machine's kernel log, what printk() writes and dmesg shows.
//
// Records lie one after the other in one buffer, so that a message costs no allocation once the
// buffer has grown; when the log is full, its older half goes. A message takes no step of the
// machine: the order of the log is not a result of the program. Levels and continuation follow
// printk of Linux 6.1 (kernel/printk/printk.c's rules as documented in
// Documentation/core-api/printk-basics): the prefix "\001<digit>" is a level, "\001c" continues the
// caller's last line.
#pragma once

#include <cstdarg>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/kernel.hpp"

namespace kloom::kernel {

inline constexpr int kDefaultLogLevel = 4;  // KERN_WARNING, as CONFIG_MESSAGE_LOGLEVEL_DEFAULT
inline constexpr size_t kLogMessageMax = 1024 - 32;  // longer messages are cut, as LOG_LINE_MAX

struct LogRecord {
    VirtualTime time = 0;
    CpuId cpu = trace::kNoCpu;
    trace::PathId path = trace::kNoPath;
    int8_t level = kDefaultLogLevel;
    bool is_complete =
        false;  // ended with a newline; false: a pr_cont() of the same path may continue it
    uint32_t begin = 0;  // of the text in the buffer
    uint32_t size = 0;
};

// How lines of the log are shown; Raw puts "<4>", the level, in front.
enum class LogForm { Stamped, Raw };

class LogService final : public Service {
  public:
    void begin_execution() override;

    // Adds a formatted message, prefix and newline included; returns the length of what was logged
    // without both.
    int append(std::string_view message);

    const std::vector<LogRecord>& records() const { return records_; }
    std::string_view text(const LogRecord& record) const {
        return {buffer_.data() + record.begin, record.size};
    }
    // The log as dmesg prints it: "[    5.000123] text", each line of a record with its time.
    std::string dmesg(LogForm form = LogForm::Stamped) const;
    void clear();

    // Limits on the rate of messages (printk_ratelimit): true when one more may be printed.
    bool may_print_now();

    // For warnings that are given once from boot to shutdown, numbered by the caller.
    bool is_first_warning(unsigned number);

    // Appends the lines of `record` in dmesg's form to `out`.
    void format_record(const LogRecord& record, std::string& out,
                       LogForm form = LogForm::Stamped) const;

  private:
    void start_record(std::string_view text, int level);
    bool continue_record(std::string_view text);
    void drop_older_half();

    std::string buffer_;
    std::vector<LogRecord> records_;  // in order; their texts are adjacent in the buffer
    VirtualTime burst_began_ = 0;
    int burst_used_ = 0;
    uint32_t warned_ = 0;  // a bit for each warning that was given
};

// printk() for kernel services, with the formats of kernel messages.
void log_message(const char* format, ...) __attribute__((format(printf, 1, 2)));
// What dump_stack() prints. Does not step.
void log_stack();
int log_message_v(const char* format, va_list arguments);

}  // namespace kloom::kernel
