#include "kernel/user/interpreter.hpp"

#include <fnmatch.h>

#include <cctype>
#include <charconv>
#include <optional>

#include "kernel/fs/vfs.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/user/user.hpp"

#include <linux/errno.h>
#include <linux/fcntl.h>

namespace kloom::kernel {

namespace {

using shell::Command;
using shell::List;
using shell::Pipeline;
using shell::Redirect;
using shell::Statement;
using shell::Word;
using shell::WordPart;

constexpr size_t kArgumentsMax = 4096;

// ---- sums: $((i + 1)) ---------------------------------------------------------------------------

class Sum {
  public:
    Sum(const Process& process, std::string_view text) : process_(process), text_(text) {}
    long value() { return compare(); }

  private:
    bool take(std::string_view token) {
        while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
        if (!text_.starts_with(token)) return false;
        text_.remove_prefix(token.size());
        return true;
    }

    long compare() {
        const long left = add();
        if (take("<=")) return left <= add();
        if (take(">=")) return left >= add();
        if (take("==")) return left == add();
        if (take("!=")) return left != add();
        if (take("<")) return left < add();
        if (take(">")) return left > add();
        return left;
    }

    long add() {
        long result = multiply();
        while (true) {
            if (take("+"))
                result += multiply();
            else if (take("-"))
                result -= multiply();
            else
                return result;
        }
    }

    long multiply() {
        long result = atom();
        while (true) {
            if (take("*")) {
                result *= atom();
            } else if (take("/")) {
                const long divisor = atom();
                result = divisor != 0 ? result / divisor : 0;
            } else if (take("%")) {
                const long divisor = atom();
                result = divisor != 0 ? result % divisor : 0;
            } else {
                return result;
            }
        }
    }

    long atom() {
        if (take("-")) return -atom();
        if (take("(")) {
            const long result = compare();
            take(")");
            return result;
        }
        take("$");
        size_t length = 0;
        while (
            length < text_.size() &&
            (std::isalnum(static_cast<unsigned char>(text_[length])) != 0 || text_[length] == '_'))
            ++length;
        const std::string_view token = text_.substr(0, length);
        text_.remove_prefix(length);
        long number = 0;
        if (!token.empty() && std::isdigit(static_cast<unsigned char>(token.front())) != 0) {
            std::from_chars(token.data(), token.data() + token.size(), number);
            return number;
        }
        const std::string* variable = process_.find_variable(std::string(token));
        if (variable != nullptr)
            std::from_chars(variable->data(), variable->data() + variable->size(), number);
        return number;
    }

    const Process& process_;
    std::string_view text_;
};

// ---- words --------------------------------------------------------------------------------------

std::string variable_value(const Process& process, const std::string& name) {
    if (name == "?") return std::to_string(process.last_status);
    if (name == "$") return std::to_string(process.pid());
    if (name == "!") return std::to_string(process.last_background);
    if (name == "#") return "0";
    const std::string* value = process.find_variable(name);
    return value != nullptr ? *value : "";
}

// What $(list) prints, without the newlines at its end. The texts of the command stay until the
// outer command ends.
std::string& captured(Process& process, const List& list) {
    std::string& output = process.new_text();
    const Descriptor saved = process.at(1);
    process.at(1) = {.kind = Descriptor::Kind::Capture, .text = &output, .limit = kPipeBytes};
    process.last_status = run_list(process, list);
    process.at(1) = saved;
    while (output.ends_with('\n')) output.pop_back();
    return output;
}

// The words that one word becomes: unquoted results are split at blanks.
class Expansion {
  public:
    Expansion(Process& process, std::deque<const std::string*>& words)
        : process_(process), words_(words) {}

    void add(const Word& word) {
        current_ = nullptr;
        for (const WordPart& part : word) add_part(part);
        finish_word();
    }

  private:
    void add_part(const WordPart& part) {
        switch (part.kind) {
            case WordPart::Kind::Text:
                text() += part.text;
                if (!part.is_quoted && part.text.find_first_of("*?") != std::string::npos)
                    has_pattern_ = true;
                break;
            case WordPart::Kind::Variable:
                add_result(variable_value(process_, part.text), part.is_quoted);
                break;
            case WordPart::Kind::Arithmetic:
                add_result(std::to_string(Sum(process_, part.text).value()), part.is_quoted);
                break;
            case WordPart::Kind::Command: {
                std::string* const before = current_;
                const std::string& output = captured(process_, *part.list);
                current_ = before;
                add_result(output, part.is_quoted);
                break;
            }
        }
    }

    void add_result(std::string_view result, bool is_quoted) {
        if (is_quoted) {
            text() += result;
            return;
        }
        while (!result.empty()) {
            const size_t blank = result.find_first_of(" \t\n");
            if (blank == 0) {
                finish_word();
                result.remove_prefix(1);
                continue;
            }
            text() += result.substr(0, blank);
            result.remove_prefix(std::min(blank, result.size()));
        }
    }

    std::string& text() {
        if (current_ == nullptr) current_ = &process_.new_text();
        return *current_;
    }

    void finish_word() {
        if (current_ != nullptr && (!has_pattern_ || !add_matches(*current_)) &&
            words_.size() < kArgumentsMax)
            words_.push_back(current_);
        current_ = nullptr;
        has_pattern_ = false;
    }

    // The files that a pattern in the last part of a path names; false when there are none: the
    // word stands for itself.
    bool add_matches(const std::string& pattern) {
        const size_t slash = pattern.rfind('/');
        const std::string directory = pattern.substr(0, slash == std::string::npos ? 0 : slash + 1);
        const Node* node = kernel().vfs->tree().find(directory);
        if (node == nullptr) return false;
        const size_t before = words_.size();
        for (const Node* child : node->children) {
            if (fnmatch(pattern.c_str() + directory.size(), child->name.c_str(), FNM_PERIOD) != 0 ||
                words_.size() == kArgumentsMax)
                continue;
            words_.push_back(&(process_.new_text() = directory + child->name));
        }
        return words_.size() > before;
    }

    Process& process_;
    std::deque<const std::string*>& words_;
    std::string* current_ = nullptr;
    bool has_pattern_ = false;
};

// One word that is not split: a redirection's target, a variable's value.
std::string& expand_whole(Process& process, const Word& word) {
    std::string& result = process.new_text();
    for (const WordPart& part : word) {
        switch (part.kind) {
            case WordPart::Kind::Text:
                result += part.text;
                break;
            case WordPart::Kind::Variable:
                result += variable_value(process, part.text);
                break;
            case WordPart::Kind::Arithmetic:
                result += std::to_string(Sum(process, part.text).value());
                break;
            case WordPart::Kind::Command: {
                const std::string& output = captured(process, *part.list);
                result += output;
                break;
            }
        }
    }
    return result;
}

// ---- redirections -------------------------------------------------------------------------------

int open_flags(Redirect::Kind kind) {
    switch (kind) {
        case Redirect::Kind::Write:
            return O_WRONLY | O_CREAT | O_TRUNC;
        case Redirect::Kind::Append:
            return O_WRONLY | O_CREAT | O_APPEND;
        case Redirect::Kind::ReadWrite:
            return O_RDWR | O_CREAT;
        default:
            return O_RDONLY;
    }
}

// 0 or a negative error number, after a message.
int redirect(Process& process, const Redirect& redirect) {
    const std::string& target = expand_whole(process, redirect.target);
    int error = 0;
    if (redirect.kind == Redirect::Kind::Duplicate) {
        if (target == "-")
            process.close(redirect.descriptor);
        else
            error = process.duplicate(std::atoi(target.c_str()), redirect.descriptor);
    } else {
        error = process.open_at(redirect.descriptor, target.c_str(), open_flags(redirect.kind));
    }
    if (error < 0) process.complain("sh", target, int64_t{error});
    return error < 0 ? error : 0;
}

// Redirections of one command: what they replace is put aside and comes back afterwards.
class Redirections {
  public:
    explicit Redirections(Process& process) : process_(process) {}

    bool apply(const std::vector<Redirect>& redirects) {
        for (const Redirect& each : redirects) {
            save(each.descriptor);
            if (redirect(process_, each) != 0) return false;
        }
        return true;
    }

    void undo() {
        for (int descriptor = 0; descriptor < kDescriptors; ++descriptor) {
            if (!is_saved_[descriptor]) continue;
            process_.close(descriptor);
            process_.at(descriptor) = saved_[descriptor];
        }
    }

  private:
    // The old file keeps its reference in `saved_`; it is not closed.
    void save(int descriptor) {
        if (is_saved_[descriptor]) return;
        is_saved_[descriptor] = true;
        saved_[descriptor] = process_.at(descriptor);
        process_.at(descriptor) = {};
    }

    Process& process_;
    Descriptor saved_[kDescriptors];
    bool is_saved_[kDescriptors] = {};
};

// ---- commands -----------------------------------------------------------------------------------

int run_command(Process& process, const Command& command);

int run_simple(Process& process, const Command& command) {
    // The list of words lies in the process, too: a command may be abandoned.
    std::deque<const std::string*>& words = process.new_words();
    for (const Word& word : command.words) Expansion(process, words).add(word);
    for (const shell::Assignment& assignment : command.assignments)
        process.variable(assignment.name) = expand_whole(process, assignment.value);
    if (process.is_dying()) return 1;

    if (!words.empty() && *words.front() == "exec" && words.size() == 1) {
        for (const Redirect& each : command.redirects)
            if (redirect(process, each) != 0) return 1;
        return 0;
    }
    Redirections redirections(process);
    const bool is_ready = redirections.apply(command.redirects);
    int status = 1;
    if (is_ready && !process.is_dying()) {
        const std::string** array = process.new_array(words);
        status = words.empty() ? 0 : run_arguments(process, {array, words.size()});
    }
    redirections.undo();
    return status;
}

int run_loop(Process& process, const Command& command) {
    const bool wanted = command.kind == Command::Kind::While;
    int status = 0;
    while (!process.is_dying() && !process.wants_exit) {  // ends: with its condition, or when the
                                                          // execution's limit is reached
        FrameOfTexts texts(process);
        process.relax();
        if ((run_list(process, *command.condition) == 0) != wanted) break;
        if (process.is_dying()) break;
        status = run_list(process, *command.body);
        process.loop_continue = false;
        if (process.loop_break > 0) {
            --process.loop_break;
            break;
        }
    }
    return status;
}

int run_for(Process& process, const Command& command) {
    std::deque<const std::string*>& values = process.new_words();
    for (const Word& word : command.words) Expansion(process, values).add(word);
    int status = 0;
    for (size_t index = 0; index < values.size() && !process.is_dying() && !process.wants_exit;
         ++index) {
        FrameOfTexts texts(process);
        process.variable(command.variable) = *values[index];
        status = run_list(process, *command.body);
        process.loop_continue = false;
        if (process.loop_break > 0) {
            --process.loop_break;
            break;
        }
    }
    return status;
}

int run_if(Process& process, const Command& command) {
    if (run_list(process, *command.condition) == 0)
        return process.is_dying() ? 1 : run_list(process, *command.body);
    return command.alternative != nullptr && !process.is_dying()
               ? run_list(process, *command.alternative)
               : 0;
}

int run_compound(Process& process, const Command& command) {
    Redirections redirections(process);
    int status = 1;
    if (redirections.apply(command.redirects)) {
        switch (command.kind) {
            case Command::Kind::If:
                status = run_if(process, command);
                break;
            case Command::Kind::For:
                status = run_for(process, command);
                break;
            case Command::Kind::While:
            case Command::Kind::Until:
                status = run_loop(process, command);
                break;
            default:
                status = run_list(process, *command.body);
                break;
        }
    }
    redirections.undo();
    return status;
}

int run_command(Process& process, const Command& command) {
    FrameOfTexts texts(process);
    return command.kind == Command::Kind::Simple ? run_simple(process, command)
                                                 : run_compound(process, command);
}

bool is_head(const Command& command) {
    return command.kind == Command::Kind::Simple && !command.words.empty() &&
           command.words[0].size() == 1 && command.words[0][0].text == "head";
}

int run_pipeline(Process& process, const Pipeline& pipeline) {
    FrameOfTexts texts(process);
    const Descriptor input = process.at(0);
    const Descriptor output = process.at(1);
    const size_t last = pipeline.commands.size() - 1;
    int status = 0;
    std::string* passed = nullptr;
    for (size_t index = 0; index <= last && !process.is_dying(); ++index) {
        if (passed != nullptr) process.at(0) = {.kind = Descriptor::Kind::Text, .text = passed};
        passed = &process.new_text();
        const bool is_last = index == last;
        const size_t limit =
            !is_last && is_head(pipeline.commands[index + 1]) ? kPipeBytesBeforeHead : kPipeBytes;
        process.at(1) =
            is_last ? output
                    : Descriptor{.kind = Descriptor::Kind::Capture, .text = passed, .limit = limit};
        status = run_command(process, pipeline.commands[index]);
        if (!is_last && process.dying_of() == kSignalPipe) process.end_by(0);
    }
    process.at(0) = input;
    process.at(1) = output;
    return pipeline.is_negated ? status == 0 : status;
}

int run_statement(Process& process, const Statement& statement) {
    int status = process.last_status;
    for (const Statement::Part& part : statement.parts) {
        if (part.connector == Statement::Connector::And && status != 0) continue;
        if (part.connector == Statement::Connector::Or && status == 0) continue;
        status = run_pipeline(process, part.pipeline);
        process.last_status = status;
        if (process.is_dying() || process.wants_exit) break;
    }
    return status;
}

}  // namespace

int run_list(Process& process, const List& list) {
    int status = 0;
    for (const Statement& statement : list.statements) {
        if (process.is_dying() || process.wants_exit || process.loop_break > 0 ||
            process.loop_continue)
            break;
        if (statement.background != nullptr) process.start_background(statement);
        status = statement.background != nullptr ? 0 : run_statement(process, statement);
        process.last_status = status;
    }
    return status;
}

int run_arguments(Process& process, Arguments arguments) {
    const std::string& name = *arguments[0];
    const std::string_view base = std::string_view(name).substr(
        name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1);
    const CommandFunction command = find_command(base);
    if (command == nullptr) {
        process.complain("sh", name, "command not found");
        return kStatusNotFound;
    }
    process.take_name(base);
    return command(process, arguments);
}

}  // namespace kloom::kernel
