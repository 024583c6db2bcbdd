#include "kernel/log.hpp"

#include <algorithm>
#include <cstdio>

#include "kernel/lib/format.hpp"
#include "kernel/module_access.hpp"

#include <generated/utsrelease.h>
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/utsname.h>

namespace kloom::kernel {

namespace {

constexpr size_t kLogBytesMax = 1 << 20;
constexpr VirtualTime kRatelimitInterval = 5 * trace::kNanosecondsPerSecond;
constexpr int kRatelimitBurst = 10;

struct Prefix {
    int level = -1;  // -1: none given
    bool is_continuation = false;
    size_t size = 0;  // bytes that it takes
};

// Several prefixes may follow each other; the last level counts.
Prefix parse_prefix(std::string_view message) {
    Prefix prefix;
    while (message.size() >= prefix.size + 2 &&
           message[prefix.size] == KERN_SOH_ASCII) {  // ends: `size` grows
        const char code = message[prefix.size + 1];
        if (code >= '0' && code <= '7') {
            prefix.level = code - '0';
        } else if (code == 'c') {
            prefix.is_continuation = true;
        } else {
            break;
        }
        prefix.size += 2;
    }
    return prefix;
}

}  // namespace

void LogService::begin_execution() {
    clear();
    burst_began_ = 0;
    burst_used_ = 0;
    warned_ = 0;
}

bool LogService::is_first_warning(unsigned number) {
    const bool is_first = (warned_ >> number & 1) == 0;
    warned_ |= 1u << number;
    return is_first;
}

void LogService::clear() {
    buffer_.clear();
    records_.clear();
}

int LogService::append(std::string_view message) {
    const Prefix prefix = parse_prefix(message);
    message.remove_prefix(prefix.size);
    const bool ends_line = !message.empty() && message.back() == '\n';
    if (ends_line) message.remove_suffix(1);

    if (!prefix.is_continuation || !continue_record(message))
        start_record(message, prefix.level >= 0 ? prefix.level : kDefaultLogLevel);
    LogRecord& record = records_.back();
    record.is_complete = ends_line;

    // Observers get a text that ends in a null byte; the buffer keeps it only as long as this call.
    buffer_.push_back('\0');
    machine().emit({.kind = trace::EventKind::Message,
                    .flags = static_cast<uint16_t>(record.level),
                    .text = buffer_.data() + buffer_.size() - 1 - message.size()});
    buffer_.pop_back();
    return static_cast<int>(message.size());
}

void LogService::start_record(std::string_view text, int level) {
    if (buffer_.size() + text.size() > kLogBytesMax) drop_older_half();
    records_.push_back({.time = machine().now(),
                        .cpu = machine().cpu(),
                        .path = machine().current().id,
                        .level = static_cast<int8_t>(level),
                        .begin = static_cast<uint32_t>(buffer_.size()),
                        .size = static_cast<uint32_t>(text.size())});
    buffer_.append(text);
}

// False when the last record cannot be continued by this path.
bool LogService::continue_record(std::string_view text) {
    if (records_.empty()) return false;
    LogRecord& last = records_.back();
    if (last.is_complete || last.path != machine().current().id ||
        last.size + text.size() > kLogMessageMax)
        return false;
    last.size += static_cast<uint32_t>(text.size());
    buffer_.append(text);
    return true;
}

void LogService::drop_older_half() {
    const size_t dropped = records_.size() / 2;
    const uint32_t offset = records_[dropped].begin;
    records_.erase(records_.begin(), records_.begin() + static_cast<ptrdiff_t>(dropped));
    for (LogRecord& record : records_) record.begin -= offset;
    buffer_.erase(0, offset);
}

void LogService::format_record(const LogRecord& record, std::string& out, LogForm form) const {
    char stamp[32], level[8] = "";
    if (form == LogForm::Raw) std::snprintf(level, sizeof level, "<%d>", record.level);
    const int stamp_size =
        std::snprintf(stamp, sizeof stamp, "%s[%5llu.%06llu] ", level,
                      static_cast<unsigned long long>(record.time / 1'000'000'000),
                      static_cast<unsigned long long>(record.time / 1'000 % 1'000'000));
    std::string_view rest = text(record);
    for (;;) {  // ends: each round consumes a line
        const size_t end = std::min(rest.find('\n'), rest.size());
        out.append(stamp, static_cast<size_t>(stamp_size))
            .append(rest.substr(0, end))
            .push_back('\n');
        if (end == rest.size()) return;
        rest.remove_prefix(end + 1);
    }
}

std::string LogService::dmesg(LogForm form) const {
    std::string out;
    for (const LogRecord& record : records_) format_record(record, out, form);
    return out;
}

bool LogService::may_print_now() {
    if (machine().now() - burst_began_ >= kRatelimitInterval) {
        burst_began_ = machine().now();
        burst_used_ = 0;
    }
    if (burst_used_ >= kRatelimitBurst) return false;
    ++burst_used_;
    return true;
}

// The text is formatted on the caller's stack, because reading its arguments may step.
int log_message_v(const char* format, va_list arguments) {
    char text[kLogMessageMax];
    const int size = format_text(text, sizeof text, format, arguments);
    const size_t length = std::min(static_cast<size_t>(std::max(size, 0)), sizeof text - 1);
    return kernel().log->append({text, length});
}

void log_message(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_message_v(format, arguments);
    va_end(arguments);
}

void log_stack() {
    LogService& log = *kernel().log;
    char head[128];
    const task_struct& task = *get_current();
    const int size = std::snprintf(head, sizeof head, "CPU: %u PID: %d Comm: %s Tainted: G           OE      " UTS_RELEASE "\n",
                                   unsigned{machine().cpu().value}, task.pid, task.comm);
    log.append({head, static_cast<size_t>(size)});
    for (const char* line : {"Hardware name: kloom virtual SMP machine\n", "Call Trace:\n", " <TASK>\n", " </TASK>\n"}) log.append(line);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" int vprintk(const char* format, va_list arguments) {
    KLOOM_API();
    return log_message_v(format, arguments);
}

extern "C" int printk(const char* format, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, format);
    const int size = log_message_v(format, arguments);
    va_end(arguments);
    return size;
}

extern "C" int kloom_printk_ratelimit(const char*) {
    KLOOM_API();
    return kernel().log->may_print_now();
}

extern "C" int ___ratelimit(struct ratelimit_state* limit, const char* function) {
    KLOOM_API();
    note_object(limit, sizeof *limit, "___ratelimit");
    if (limit->interval == 0) return 1;
    const auto now = static_cast<unsigned long>(jiffies);
    if (limit->begin == 0) limit->begin = now;
    if (time_is_before_jiffies(limit->begin + static_cast<unsigned long>(limit->interval))) {
        if (limit->missed != 0)
            log_message(KERN_WARNING "%s: %d callbacks suppressed\n", function, limit->missed);
        limit->begin = now;
        limit->printed = limit->missed = 0;
    }
    if (limit->burst > limit->printed) {
        ++limit->printed;
        return 1;
    }
    ++limit->missed;
    return 0;
}

extern "C" void dump_stack(void) {
    KLOOM_API();
    log_stack();
}
