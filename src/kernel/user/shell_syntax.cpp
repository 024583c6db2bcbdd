#include "kernel/user/shell_syntax.hpp"

#include <cctype>
#include <optional>

namespace kloom::kernel::shell {

namespace {

using base::Error;
using base::Result;

bool is_name_start(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool ends_word(char c) {
    return is_blank(c) || std::string_view("\n;&|<>()").find(c) != std::string_view::npos;
}

// Recursive descent over the characters; there is no separate lexer, because what a character means
// depends on the place.
class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<std::shared_ptr<List>> parse_all() {
        auto list = parse_list();
        if (!list) return list;
        if (!at_end()) return unexpected();
        return list;
    }

  private:
    bool at_end() const { return position_ >= text_.size(); }
    char peek(size_t ahead = 0) const {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }
    bool looking_at(std::string_view token) const {
        return text_.substr(position_).starts_with(token);
    }

    bool take(std::string_view token) {
        if (!looking_at(token)) return false;
        position_ += token.size();
        return true;
    }

    void skip_blanks() {
        while (is_blank(peek())) ++position_;
        if (peek() == '#')
            while (!at_end() && peek() != '\n') ++position_;
    }

    void skip_separators() {
        skip_blanks();
        while (peek() == '\n' || (peek() == ';' && peek(1) != ';')) {
            ++position_;
            skip_blanks();
        }
    }

    // A reserved word stands alone where a command begins.
    bool looking_at_word(std::string_view word) const {
        if (!looking_at(word)) return false;
        const char after = peek(word.size());
        return after == '\0' || ends_word(after);
    }

    bool take_word(std::string_view word) {
        if (!looking_at_word(word)) return false;
        position_ += word.size();
        return true;
    }

    Error unexpected() const {
        if (at_end()) return Error{"syntax error: unexpected end of command"};
        return Error{"syntax error near '" + std::string(text_.substr(position_, 12)) + "'"};
    }

    bool at_list_end() const {
        static constexpr std::string_view kEnders[] = {"then", "else", "elif", "fi",
                                                       "do",   "done", "}"};
        for (const std::string_view ender : kEnders)
            if (looking_at_word(ender)) return true;
        return at_end() || peek() == ')';
    }

    Result<std::shared_ptr<List>> parse_list() {
        auto list = std::make_shared<List>();
        skip_separators();
        while (!at_list_end()) {
            auto statement = parse_statement();
            if (!statement) return statement.error();
            list->statements.push_back(std::move(*statement));
            skip_separators();
        }
        return list;
    }

    Result<Statement> parse_statement() {
        Statement statement;
        const size_t begin = position_;
        auto connector = Statement::Connector::First;
        while (true) {
            auto pipeline = parse_pipeline();
            if (!pipeline) return pipeline.error();
            statement.parts.push_back({connector, std::move(*pipeline)});
            skip_blanks();
            if (take("&&"))
                connector = Statement::Connector::And;
            else if (take("||"))
                connector = Statement::Connector::Or;
            else
                break;
            while (peek() == '\n' || is_blank(peek())) ++position_;
        }
        statement.text = text_.substr(begin, position_ - begin);
        if (take("&")) return in_background(std::move(statement));
        if (!at_list_end() && peek() != ';' && peek() != '\n') return unexpected();
        return statement;
    }

    static Statement in_background(Statement statement) {
        Statement result;
        result.text = statement.text;
        result.background = std::make_shared<List>();
        result.background->statements.push_back(std::move(statement));
        return result;
    }

    Result<Pipeline> parse_pipeline() {
        Pipeline pipeline;
        skip_blanks();
        if (take_word("!")) pipeline.is_negated = true;
        while (true) {
            auto command = parse_command();
            if (!command) return command.error();
            pipeline.commands.push_back(std::move(*command));
            skip_blanks();
            if (looking_at("||") || !take("|")) return pipeline;
        }
    }

    Result<Command> parse_command() {
        skip_blanks();
        Command command;
        std::optional<Error> error;
        if (take_word("if"))
            error = parse_if(command);
        else if (take_word("while"))
            error = parse_loop(command, Command::Kind::While);
        else if (take_word("until"))
            error = parse_loop(command, Command::Kind::Until);
        else if (take_word("for"))
            error = parse_for(command);
        else if (take_word("{"))
            error = parse_group(command, Command::Kind::Group, "}");
        else if (take("("))
            error = parse_group(command, Command::Kind::Subshell, ")");
        else
            return parse_simple();
        if (error) return *error;
        error = parse_redirects(command);
        if (error) return *error;
        return command;
    }

    std::optional<Error> parse_body(std::shared_ptr<List>& body) {
        auto list = parse_list();
        if (!list) return list.error();
        body = std::move(*list);
        return std::nullopt;
    }

    std::optional<Error> expect(std::string_view word) {
        if (take_word(word)) return std::nullopt;
        return unexpected();
    }

    std::optional<Error> parse_if(Command& command) {
        command.kind = Command::Kind::If;
        if (auto error = parse_body(command.condition)) return error;
        if (auto error = expect("then")) return error;
        if (auto error = parse_body(command.body)) return error;
        if (take_word("elif")) {
            Command nested;
            if (auto error = parse_if(nested)) return error;
            command.alternative = std::make_shared<List>();
            Statement statement;
            statement.parts.emplace_back();
            statement.parts.back().pipeline.commands.push_back(std::move(nested));
            command.alternative->statements.push_back(std::move(statement));
            return std::nullopt;
        }
        if (take_word("else"))
            if (auto error = parse_body(command.alternative)) return error;
        return expect("fi");
    }

    std::optional<Error> parse_loop(Command& command, Command::Kind kind) {
        command.kind = kind;
        if (auto error = parse_body(command.condition)) return error;
        return parse_do(command);
    }

    std::optional<Error> parse_do(Command& command) {
        skip_separators();
        if (auto error = expect("do")) return error;
        if (auto error = parse_body(command.body)) return error;
        return expect("done");
    }

    std::optional<Error> parse_for(Command& command) {
        command.kind = Command::Kind::For;
        skip_blanks();
        while (is_name(peek())) command.variable += text_[position_++];
        skip_blanks();
        if (command.variable.empty() || !take_word("in")) return unexpected();
        while (true) {
            skip_blanks();
            if (at_end() || peek() == ';' || peek() == '\n') break;
            auto word = parse_word();
            if (!word) return word.error();
            command.words.push_back(std::move(*word));
        }
        return parse_do(command);
    }

    std::optional<Error> parse_group(Command& command, Command::Kind kind, std::string_view end) {
        command.kind = kind;
        if (auto error = parse_body(command.body)) return error;
        if (!take(end)) return unexpected();
        return std::nullopt;
    }

    std::optional<Error> parse_redirects(Command& command) {
        while (true) {
            skip_blanks();
            if (!at_redirect()) return std::nullopt;
            auto redirect = parse_redirect();
            if (!redirect) return redirect.error();
            command.redirects.push_back(std::move(*redirect));
        }
    }

    bool at_redirect() const {
        const char c = peek();
        if (c == '<' || c == '>') return true;
        return std::isdigit(static_cast<unsigned char>(c)) != 0 &&
               (peek(1) == '<' || peek(1) == '>');
    }

    Result<Redirect> parse_redirect() {
        Redirect redirect;
        int descriptor = -1;
        if (std::isdigit(static_cast<unsigned char>(peek())) != 0)
            descriptor = text_[position_++] - '0';
        if (take(">>"))
            redirect.kind = Redirect::Kind::Append;
        else if (take(">&") || take("<&"))
            redirect.kind = Redirect::Kind::Duplicate;
        else if (take("<>"))
            redirect.kind = Redirect::Kind::ReadWrite;
        else if (take(">"))
            redirect.kind = Redirect::Kind::Write;
        else if (take("<"))
            redirect.kind = Redirect::Kind::Read;
        const bool reads =
            text_[position_ - 1] == '<' ||
            (redirect.kind == Redirect::Kind::Duplicate && text_[position_ - 2] == '<');
        const bool is_input = reads || redirect.kind == Redirect::Kind::ReadWrite;
        redirect.descriptor = descriptor >= 0 ? descriptor : is_input ? 0 : 1;
        skip_blanks();
        auto target = parse_word();
        if (!target) return target.error();
        redirect.target = std::move(*target);
        return redirect;
    }

    Result<Command> parse_simple() {
        Command command;
        while (true) {
            skip_blanks();
            if (at_redirect()) {
                auto redirect = parse_redirect();
                if (!redirect) return redirect.error();
                command.redirects.push_back(std::move(*redirect));
                continue;
            }
            if (at_end() || ends_word(peek())) break;
            if (command.words.empty() && at_assignment()) {
                auto error = parse_assignment(command);
                if (error) return *error;
                continue;
            }
            auto word = parse_word();
            if (!word) return word.error();
            command.words.push_back(std::move(*word));
        }
        if (command.words.empty() && command.assignments.empty() && command.redirects.empty())
            return unexpected();
        return command;
    }

    bool at_assignment() const {
        if (!is_name_start(peek())) return false;
        size_t length = 1;
        while (is_name(peek(length))) ++length;
        return peek(length) == '=';
    }

    std::optional<Error> parse_assignment(Command& command) {
        Assignment assignment;
        while (peek() != '=') assignment.name += text_[position_++];
        ++position_;
        if (!at_end() && !ends_word(peek())) {
            auto value = parse_word();
            if (!value) return value.error();
            assignment.value = std::move(*value);
        }
        command.assignments.push_back(std::move(assignment));
        return std::nullopt;
    }

    Result<Word> parse_word() {
        Word word;
        if (at_end() || ends_word(peek())) return unexpected();
        while (!at_end() && !ends_word(peek())) {
            std::optional<Error> error;
            if (take("'"))
                error = parse_single_quoted(word);
            else if (take("\""))
                error = parse_double_quoted(word);
            else if (peek() == '$')
                error = parse_dollar(word, false);
            else if (take("\\"))
                append_text(word, at_end() ? '\\' : text_[position_++], true);
            else
                append_text(word, text_[position_++], false);
            if (error) return *error;
        }
        return word;
    }

    static void append_text(Word& word, char c, bool is_quoted) {
        if (word.empty() || word.back().kind != WordPart::Kind::Text ||
            word.back().is_quoted != is_quoted) {
            word.emplace_back();
            word.back().is_quoted = is_quoted;
        }
        word.back().text += c;
    }

    static void append_empty(Word& word) {
        word.emplace_back();
        word.back().is_quoted = true;
    }

    std::optional<Error> parse_single_quoted(Word& word) {
        append_empty(word);
        while (!at_end() && peek() != '\'') word.back().text += text_[position_++];
        if (!take("'")) return Error{"syntax error: unterminated quoted string"};
        return std::nullopt;
    }

    std::optional<Error> parse_double_quoted(Word& word) {
        append_empty(word);
        while (!at_end() && peek() != '"') {
            if (peek() == '$') {
                if (auto error = parse_dollar(word, true)) return error;
                continue;
            }
            if (peek() == '\\' &&
                std::string_view("$`\"\\").find(peek(1)) != std::string_view::npos &&
                peek(1) != '\0')
                ++position_;
            append_text(word, text_[position_++], true);
        }
        if (!take("\"")) return Error{"syntax error: unterminated quoted string"};
        return std::nullopt;
    }

    std::optional<Error> parse_dollar(Word& word, bool is_quoted) {
        if (take("$((")) return parse_arithmetic(word, is_quoted);
        if (take("$(")) {
            auto list = parse_list();
            if (!list) return list.error();
            if (!take(")")) return unexpected();
            word.push_back({WordPart::Kind::Command, is_quoted, "", std::move(*list)});
            return std::nullopt;
        }
        ++position_;
        std::string name;
        if (take("{")) {
            while (!at_end() && peek() != '}') name += text_[position_++];
            if (!take("}")) return unexpected();
        } else if (is_name_start(peek())) {
            while (is_name(peek())) name += text_[position_++];
        } else if (std::string_view("?!$#0123456789").find(peek()) != std::string_view::npos &&
                   !at_end()) {
            name = text_[position_++];
        } else {
            append_text(word, '$', is_quoted);
            return std::nullopt;
        }
        word.push_back({WordPart::Kind::Variable, is_quoted, name, nullptr});
        return std::nullopt;
    }

    std::optional<Error> parse_arithmetic(Word& word, bool is_quoted) {
        const size_t end = text_.find("))", position_);
        if (end == std::string_view::npos) return unexpected();
        word.push_back({WordPart::Kind::Arithmetic, is_quoted,
                        std::string(text_.substr(position_, end - position_)), nullptr});
        position_ = end + 2;
        return std::nullopt;
    }

    std::string_view text_;
    size_t position_ = 0;
};

}  // namespace

Result<std::shared_ptr<List>> parse(std::string_view text) {
    return Parser(text).parse_all();
}

}  // namespace kloom::kernel::shell
