// Commands on text: echo, printf, grep, wc, sort, tail, seq, test.
#include <regex.h>

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "kernel/fs/vfs.hpp"
#include "kernel/user/commands.hpp"

#include <linux/errno.h>

namespace kloom::kernel {

namespace {

// Appends what the escape at `text` (behind the backslash) means and drops it from `text`. False
// for \c: no more output.
bool append_escape(std::string& out, std::string_view& text) {
    const char c = text.empty() ? '\\' : text.front();
    if (!text.empty()) text.remove_prefix(1);
    const auto take_digits = [&text](int base, size_t count) {
        unsigned value = 0;
        for (; count > 0 && !text.empty() &&
               std::isxdigit(static_cast<unsigned char>(text.front())) != 0;
             --count) {
            const char digit = text.front();
            const int number = std::isdigit(static_cast<unsigned char>(digit)) != 0
                                   ? digit - '0'
                                   : std::tolower(digit) - 'a' + 10;
            if (number >= base) break;
            value = value * static_cast<unsigned>(base) + static_cast<unsigned>(number);
            text.remove_prefix(1);
        }
        return static_cast<char>(value);
    };
    switch (c) {
        case 'a':
            out += '\a';
            break;
        case 'b':
            out += '\b';
            break;
        case 'c':
            return false;
        case 'e':
            out += '\033';
            break;
        case 'f':
            out += '\f';
            break;
        case 'n':
            out += '\n';
            break;
        case 'r':
            out += '\r';
            break;
        case 't':
            out += '\t';
            break;
        case 'v':
            out += '\v';
            break;
        case '0':
            out += take_digits(8, 3);
            break;
        case 'x':
            out += take_digits(16, 2);
            break;
        case '\\':
            out += '\\';
            break;
        default:
            out += '\\';
            out += c;
            break;
    }
    return true;
}

bool append_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c != '\\')
            out += c;
        else if (!append_escape(out, text))
            return false;
    }
    return true;
}

// One conversion of printf(1); `spec` is what stands between % and the letter.
void append_conversion(std::string& out, const std::string& spec, char letter,
                       const std::string& argument) {
    char text[256];
    switch (letter) {
        case 'd':
        case 'i':
            std::snprintf(text, sizeof text, (spec + "ld").c_str(),
                          parse_number(argument).value_or(0));
            break;
        case 'u':
        case 'x':
        case 'X':
        case 'o':
            std::snprintf(text, sizeof text, (spec + "l" + letter).c_str(),
                          parse_number(argument).value_or(0));
            break;
        case 'c':
            std::snprintf(text, sizeof text, "%c", argument.empty() ? '\0' : argument[0]);
            break;
        case 'b':
            append_escaped(out, argument);
            return;
        default:
            std::snprintf(text, sizeof text, (spec + "s").c_str(), argument.c_str());
            break;
    }
    out += text;
}

// The format once; returns the number of arguments that it used.
size_t append_format(std::string& out, std::string_view format, Arguments arguments) {
    static const std::string kNothing;
    size_t used = 0;
    while (!format.empty()) {
        const char c = format.front();
        format.remove_prefix(1);
        if (c == '\\') {
            if (!append_escape(out, format)) break;
        } else if (c != '%') {
            out += c;
        } else if (format.starts_with('%')) {
            out += '%';
            format.remove_prefix(1);
        } else {
            std::string spec = "%";
            while (!format.empty() && std::string_view("-+ 0#.123456789").find(format.front()) !=
                                          std::string_view::npos) {
                spec += format.front();
                format.remove_prefix(1);
            }
            const char letter = format.empty() ? 's' : format.front();
            if (!format.empty()) format.remove_prefix(1);
            append_conversion(out, spec, letter,
                              used < arguments.size() ? *arguments[used] : kNothing);
            ++used;
        }
    }
    return used;
}

// Calls `use` for each line without its newline.
template <class Use>
void for_each_line(std::string_view text, Use use) {
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        use(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

struct GrepPlan {
    regex_t* expression;
    bool counts, inverts, is_quiet, numbers, only_names;
};

struct GrepResult {
    std::string* out;
    size_t matches = 0;
};

void grep_text(const GrepPlan& plan, std::string_view text, std::string_view prefix,
               GrepResult& result) {
    size_t number = 0, matches = 0;
    for_each_line(text, [&](std::string_view line) {
        ++number;
        regmatch_t whole = {0, static_cast<regoff_t>(line.size())};
        const bool is_match = regexec(plan.expression, line.data(), 1, &whole, REG_STARTEND) == 0;
        if (is_match == plan.inverts) return;
        ++matches;
        if (plan.counts || plan.is_quiet) return;
        result.out->append(prefix);
        if (plan.numbers) result.out->append(std::to_string(number)).append(":");
        result.out->append(line).append("\n");
    });
    result.matches += matches;
    if (plan.counts && !plan.is_quiet)
        result.out->append(prefix).append(std::to_string(matches)).append("\n");
}

bool compare_numbers(std::string_view left, std::string_view relation, std::string_view right) {
    const long a = parse_number(left).value_or(0);
    const long b = parse_number(right).value_or(0);
    if (relation == "-eq") return a == b;
    if (relation == "-ne") return a != b;
    if (relation == "-lt") return a < b;
    if (relation == "-le") return a <= b;
    if (relation == "-gt") return a > b;
    return a >= b;
}

// test(1) on the words between `[` and `]`.
bool evaluate_test(Arguments words) {
    if (words.empty()) return false;
    if (*words[0] == "!") return !evaluate_test(words.subspan(1));
    if (words.size() == 1) return !words[0]->empty();
    if (words.size() == 2) {
        const std::string& kind = *words[0];
        if (kind == "-z") return words[1]->empty();
        if (kind == "-n") return !words[1]->empty();
        const Node* node = kernel().vfs->tree().find(*words[1]);
        if (kind == "-d") return node != nullptr && node->is_directory();
        if (kind == "-c") return node != nullptr && node->kind == NodeKind::CharDevice;
        if (kind == "-f")
            return node != nullptr && !node->is_directory() && node->kind != NodeKind::CharDevice;
        return node != nullptr;
    }
    const std::string& relation = *words[1];
    if (relation == "=" || relation == "==") return *words[0] == *words[2];
    if (relation == "!=") return *words[0] != *words[2];
    return compare_numbers(*words[0], relation, *words[2]);
}

}  // namespace

int command_echo(Process& process, Arguments arguments) {
    bool has_newline = true, has_escapes = false;
    size_t next = 1;
    for (; next < arguments.size() && arguments[next]->size() > 1 && (*arguments[next])[0] == '-';
         ++next) {
        if (arguments[next]->find_first_not_of("neE", 1) != std::string::npos) break;
        if (arguments[next]->find('n') != std::string::npos) has_newline = false;
        if (arguments[next]->find('e') != std::string::npos) has_escapes = true;
    }
    std::string& text = process.new_text();
    bool goes_on = true;
    for (size_t index = next; index < arguments.size() && goes_on; ++index) {
        if (index > next) text += ' ';
        if (has_escapes)
            goes_on = append_escaped(text, *arguments[index]);
        else
            text += *arguments[index];
    }
    if (has_newline && goes_on) text += '\n';
    if (text.empty()) return 0;
    const int64_t written = process.write_all(1, text);
    if (written >= 0) return 0;
    process.complain("echo", "write error", written);
    return 1;
}

int command_printf(Process& process, Arguments arguments) {
    if (arguments.size() < 2) return 2;
    std::string& text = process.new_text();
    Arguments values = arguments.subspan(2);
    do {
        const size_t used = append_format(text, *arguments[1], values);
        if (used == 0) break;
        values = values.subspan(std::min(used, values.size()));
    } while (!values.empty());
    const int64_t written = process.write_all(1, text);
    if (written >= 0) return 0;
    process.complain("printf", "write error", written);
    return 1;
}

int command_grep(Process& process, Arguments arguments) {
    const Options options(arguments, "e");
    Arguments operands = options.operands();
    const auto given = options.value('e');
    if (!given && operands.empty()) return 2;
    std::string& pattern = process.new_text();
    pattern = given ? *given : *operands[0];
    if (!given) operands = operands.subspan(1);

    // Everything is read before the expression is compiled, so that nothing is owned while system
    // calls are under way.
    const size_t files = operands.size();
    std::deque<const std::string*>& texts = process.new_words();
    const int read_status =
        for_each_input(process, "grep", operands, [&](int descriptor, std::string_view name) {
            std::string& text = process.new_text();
            const int error = process.read_everything(descriptor, text);
            if (error < 0) process.complain("grep", name, int64_t{error});
            texts.push_back(&text);
            return error < 0 ? 2 : 0;
        });
    regex_t expression;
    const int flags = (options.has('E') ? REG_EXTENDED : 0) | (options.has('i') ? REG_ICASE : 0);
    if (regcomp(&expression, pattern.c_str(), flags) != 0) {
        process.complain("grep", pattern, "invalid regular expression");
        return 2;
    }
    const GrepPlan plan = {&expression,      options.has('c'), options.has('v'),
                           options.has('q'), options.has('n'), false};
    GrepResult result = {&process.new_text()};
    for (size_t index = 0; index < texts.size(); ++index)
        grep_text(plan, *texts[index], files > 1 ? *operands[index] + ":" : "", result);
    regfree(&expression);
    process.print(*result.out);
    return read_status != 0 ? 2 : result.matches > 0 ? 0 : 1;
}

int command_wc(Process& process, Arguments arguments) {
    const Options options(arguments, "");
    return for_each_input(
        process, "wc", options.operands(), [&](int descriptor, std::string_view name) {
            std::string& text = process.new_text();
            process.read_everything(descriptor, text);
            const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
            size_t words = 0;
            for (size_t index = 0; index < text.size(); ++index)
                if (std::isspace(static_cast<unsigned char>(text[index])) == 0 &&
                    (index == 0 || std::isspace(static_cast<unsigned char>(text[index - 1])) != 0))
                    ++words;
            const bool all = !options.has('l') && !options.has('w') && !options.has('c');
            std::string& out = process.new_text();
            if (all || options.has('l')) out += std::to_string(lines) + " ";
            if (all || options.has('w')) out += std::to_string(words) + " ";
            if (all || options.has('c')) out += std::to_string(text.size()) + " ";
            out += name;
            while (out.ends_with(' ')) out.pop_back();
            out += '\n';
            process.print(out);
            return 0;
        });
}

int command_sort(Process& process, Arguments arguments) {
    const Options options(arguments, "k");
    std::string& text = process.new_text();
    for_each_input(process, "sort", options.operands(), [&](int descriptor, std::string_view) {
        return process.read_everything(descriptor, text);
    });
    std::string& out = process.new_text();
    std::vector<std::string_view> lines;
    for_each_line(text, [&lines](std::string_view line) { lines.push_back(line); });
    const auto leading_number = [](std::string_view line) {
        return parse_number(line.substr(0, line.find_first_of(" \t"))).value_or(0);
    };
    if (options.has('n'))
        std::ranges::stable_sort(lines, {}, leading_number);
    else
        std::ranges::stable_sort(lines);
    if (options.has('r')) std::ranges::reverse(lines);
    if (options.has('u')) lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    for (const std::string_view line : lines) out.append(line).append("\n");
    lines = {};
    process.print(out);
    return 0;
}

int command_tail(Process& process, Arguments arguments) {
    const Options options(arguments, "n");
    const auto value = options.value('n');
    const size_t wanted =
        value ? parse_size(value->substr(value->starts_with('+') ? 1 : 0)).value_or(10) : 10;
    const bool from_start = value && value->starts_with('+');
    std::string& text = process.new_text();
    for_each_input(process, "tail", options.operands(), [&](int descriptor, std::string_view) {
        return process.read_everything(descriptor, text);
    });
    const auto total = static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) +
                       (text.empty() || text.ends_with('\n') ? 0 : 1);
    size_t skip = from_start ? (wanted > 0 ? wanted - 1 : 0) : total - std::min(wanted, total);
    size_t begin = 0;
    while (skip-- > 0 && begin < text.size())
        begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
    process.print(std::string_view(text).substr(begin));
    return 0;
}

int command_seq(Process& process, Arguments arguments) {
    long numbers[3] = {};
    const size_t count = std::min<size_t>(arguments.size() - 1, 3);
    for (size_t index = 0; index < count; ++index)
        numbers[index] = parse_number(*arguments[index + 1]).value_or(0);
    const long first = count > 1 ? numbers[0] : 1;
    const long step = count > 2 ? numbers[1] : 1;
    const long last = count > 0 ? numbers[count - 1] : 0;
    if (count == 0 || step == 0) return 1;
    constexpr long kNumbersMax = 1'000'000;
    std::string& text = process.new_text();
    long printed = 0;
    for (long number = first; step > 0 ? number <= last : number >= last; number += step) {
        if (++printed > kNumbersMax) break;
        text += std::to_string(number) + "\n";
    }
    process.print(text);
    return 0;
}

int command_test(Process&, Arguments arguments) {
    Arguments words = arguments.subspan(1);
    if (*arguments[0] == "[" && !words.empty() && *words.back() == "]")
        words = words.first(words.size() - 1);
    return evaluate_test(words) ? 0 : 1;
}

int command_true(Process&, Arguments) {
    return 0;
}
int command_false(Process&, Arguments) {
    return 1;
}

}  // namespace kloom::kernel
