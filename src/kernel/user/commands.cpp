#include "kernel/user/commands.hpp"

#include <algorithm>
#include <charconv>

namespace kloom::kernel {

namespace {

struct NamedCommand {
    std::string_view name;
    CommandFunction function;
};

constexpr NamedCommand kCommands[] = {
    {":", command_true},
    {"[", command_test},
    {"break", command_break},
    {"cat", command_cat},
    {"chmod", command_chmod},
    {"chown", command_chmod},
    {"continue", command_continue},
    {"dd", command_dd},
    {"dmesg", command_dmesg},
    {"echo", command_echo},
    {"exec", command_exec},
    {"exit", command_exit},
    {"false", command_false},
    {"grep", command_grep},
    {"head", command_head},
    {"id", command_id},
    {"insmod", command_insmod},
    {"ioctl", command_ioctl},
    {"kill", command_kill},
    {"ls", command_ls},
    {"lsmod", command_lsmod},
    {"mkdir", command_mkdir},
    {"mknod", command_mknod},
    {"modprobe", command_insmod},
    {"mount", command_true},
    {"nice", command_exec},
    {"nproc", command_nproc},
    {"open", command_open},
    {"poll", command_poll},
    {"printf", command_printf},
    {"ps", command_ps},
    {"raise", command_raise},
    {"read", command_read},
    {"rm", command_rm},
    {"rmmod", command_rmmod},
    {"seek", command_seek},
    {"seq", command_seq},
    {"sh", command_sh},
    {"sigio", command_sigio},
    {"sleep", command_sleep},
    {"sort", command_sort},
    {"bash", command_sh},
    {"sudo", command_exec},
    {"sync", command_true},
    {"tail", command_tail},
    {"taskset", command_taskset},
    {"tee", command_tee},
    {"test", command_test},
    {"timeout", command_timeout},
    {"true", command_true},
    {"uname", command_uname},
    {"usleep", command_usleep},
    {"wait", command_wait},
    {"wc", command_wc},
};

}  // namespace

CommandFunction find_command(std::string_view name) {
    const auto found = std::ranges::find(kCommands, name, &NamedCommand::name);
    return found != std::end(kCommands) ? found->function : nullptr;
}

Options::Options(Arguments arguments, std::string_view with_value) {
    size_t next = 1;
    while (next < arguments.size() && count_ < kOptionsMax) {
        const std::string& word = *arguments[next];
        if (word.size() < 2 || word[0] != '-') break;
        ++next;
        if (word == "--") break;
        for (size_t at = 1; at < word.size() && count_ < kOptionsMax; ++at) {
            letters_[count_] = word[at];
            if (with_value.find(word[at]) != std::string_view::npos) {
                // The value is the next word; one that is joined on ("-n5") is found by value().
                values_[count_++] = at + 1 < word.size()      ? &word
                                    : next < arguments.size() ? arguments[next++]
                                                              : nullptr;
                break;
            }
            ++count_;
        }
    }
    operands_ = arguments.subspan(std::min(next, arguments.size()));
}

bool Options::has(char letter) const {
    return std::find(letters_, letters_ + count_, letter) != letters_ + count_;
}

std::optional<std::string_view> Options::value(char letter) const {
    for (size_t index = count_; index-- > 0;) {
        if (letters_[index] != letter || values_[index] == nullptr) continue;
        const std::string_view word = *values_[index];
        const bool is_joined = word.size() > 2 && word[0] == '-' && word[1] == letter;
        return is_joined ? word.substr(2) : word;
    }
    return std::nullopt;
}

std::optional<long> parse_number(std::string_view text) {
    bool is_negative = false;
    if (text.starts_with('-')) {
        is_negative = true;
        text.remove_prefix(1);
    }
    const int base = text.starts_with("0x") ? 16 : 10;
    if (base == 16) text.remove_prefix(2);
    unsigned long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return is_negative ? -static_cast<long>(value) : static_cast<long>(value);
}

std::optional<VirtualTime> parse_duration(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0) return std::nullopt;
    const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
    double scale = 1e9;
    if (unit == "m")
        scale = 60e9;
    else if (unit == "h")
        scale = 3600e9;
    else if (unit == "ms")
        scale = 1e6;
    else if (unit == "us")
        scale = 1e3;
    else if (!unit.empty() && unit != "s")
        return std::nullopt;
    return static_cast<VirtualTime>(value * scale);
}

std::optional<size_t> parse_size(std::string_view text) {
    size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return std::nullopt;
    const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
    if (unit == "k" || unit == "K") return value << 10;
    if (unit == "M") return value << 20;
    return unit.empty() ? std::optional<size_t>(value) : std::nullopt;
}

}  // namespace kloom::kernel
