// The syntax of user commands: a small part of the POSIX shell, parsed once and run many times.
//
//   list       statement (; or & or newline) ...
//   statement  pipeline (&& or ||) pipeline ...
//   pipeline   [!] command | command ...
//   command    NAME=value word ... <in >out >>append 2>&1 <&3, or
//              if, while, until, for NAME in words, { list; }, ( list )
//   word       text, 'text', "text", \c, $NAME, ${NAME}, $?, $!, $$, $1, $(list), $((sum))
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kloom::kernel::shell {

struct List;

struct WordPart {
    enum class Kind : uint8_t { Text, Variable, Command, Arithmetic };
    Kind kind = Kind::Text;
    bool is_quoted = false;      // a result with spaces stays one word
    std::string text;            // the text, the variable's name, or the sum
    std::shared_ptr<List> list;  // Command
};

using Word = std::vector<WordPart>;

struct Redirect {
    enum class Kind : uint8_t { Read, Write, Append, ReadWrite, Duplicate };
    Kind kind = Kind::Read;
    int descriptor = 0;
    Word target;
};

struct Assignment {
    std::string name;
    Word value;
};

struct Command {
    enum class Kind : uint8_t { Simple, If, While, Until, For, Group, Subshell };
    Kind kind = Kind::Simple;
    std::vector<Assignment> assignments;
    std::vector<Word> words;  // Simple: name and arguments; For: the values
    std::vector<Redirect> redirects;
    std::string variable;               // For
    std::shared_ptr<List> condition;    // If, While, Until
    std::shared_ptr<List> body;         // all but Simple
    std::shared_ptr<List> alternative;  // If: else; an elif is an If in here
};

struct Pipeline {
    bool is_negated = false;
    std::vector<Command> commands;
};

struct Statement {
    enum class Connector : uint8_t { First, And, Or };
    struct Part {
        Connector connector = Connector::First;
        Pipeline pipeline;
    };
    std::vector<Part> parts;
    // Set when it ends in `&`: itself, as the program of the process that runs it. The parts are
    // empty then.
    std::shared_ptr<List> background;
    std::string text;  // as written, for the name of that process
};

struct List {
    std::vector<Statement> statements;
};

base::Result<std::shared_ptr<List>> parse(std::string_view text);

}  // namespace kloom::kernel::shell
