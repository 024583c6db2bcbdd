#include "kernel/user/shell_syntax.hpp"

#include <gtest/gtest.h>

#include <string>

namespace kloom::kernel::shell {
namespace {

std::string show(const List& list);

std::string show(const Word& word) {
    std::string out;
    for (const WordPart& part : word) {
        switch (part.kind) {
            case WordPart::Kind::Text:
                out += part.is_quoted ? "'" + part.text + "'" : part.text;
                break;
            case WordPart::Kind::Variable:
                out += std::string(part.is_quoted ? "\"" : "") + "${" + part.text + "}";
                break;
            case WordPart::Kind::Command:
                out += "$(" + show(*part.list) + ")";
                break;
            case WordPart::Kind::Arithmetic:
                out += "$((" + part.text + "))";
                break;
        }
    }
    return out;
}

std::string show(const Command& command) {
    static constexpr const char* kKinds[] = {"",    "if",    "while",   "until",
                                             "for", "group", "subshell"};
    std::string out = kKinds[static_cast<size_t>(command.kind)];
    if (!command.variable.empty()) out += " " + command.variable + " in";
    for (const Assignment& assignment : command.assignments)
        out += assignment.name + "=" + show(assignment.value) + " ";
    for (const Word& word : command.words) out += "[" + show(word) + "]";
    if (command.condition) out += " (" + show(*command.condition) + ")";
    if (command.body) out += " {" + show(*command.body) + "}";
    if (command.alternative) out += " else {" + show(*command.alternative) + "}";
    static constexpr const char* kRedirects[] = {"<", ">", ">>", "<>", "&"};
    for (const Redirect& redirect : command.redirects)
        out += " " + std::to_string(redirect.descriptor) +
               kRedirects[static_cast<size_t>(redirect.kind)] + show(redirect.target);
    return out;
}

std::string show(const Statement& statement) {
    if (statement.background) return show(*statement.background) + " &";
    std::string out;
    for (const Statement::Part& part : statement.parts) {
        if (part.connector == Statement::Connector::And) out += " && ";
        if (part.connector == Statement::Connector::Or) out += " || ";
        if (part.pipeline.is_negated) out += "! ";
        for (size_t index = 0; index < part.pipeline.commands.size(); ++index)
            out += (index > 0 ? " | " : "") + show(part.pipeline.commands[index]);
    }
    return out;
}

std::string show(const List& list) {
    std::string out;
    for (const Statement& statement : list.statements)
        out += (out.empty() ? "" : "; ") + show(statement);
    return out;
}

struct Case {
    const char* name;
    const char* text;
    const char* tree;  // null: a syntax error
};

class ShellSyntax : public testing::TestWithParam<Case> {};

TEST_P(ShellSyntax, ParsesTo) {
    const auto list = parse(GetParam().text);

    if (GetParam().tree == nullptr) {
        EXPECT_FALSE(list.has_value());
    } else {
        ASSERT_TRUE(list.has_value()) << list.error().message;
        EXPECT_EQ(show(**list), GetParam().tree);
    }
}

constexpr Case kCases[] = {
    {"Nothing", "  ", ""},
    {"Words", "cat  /proc/x", "[cat][/proc/x]"},
    {"Statements", "echo 1; echo 2\necho 3", "[echo][1]; [echo][2]; [echo][3]"},
    {"WriteRedirect", "echo 5 > /proc/x", "[echo][5] 1>/proc/x"},
    {"AppendRedirect", "echo 5 >>x", "[echo][5] 1>>x"},
    {"ReadRedirect", "cat <x", "[cat] 0<x"},
    {"NumberedRedirect", "exec 3<>/dev/x", "[exec] 3<>/dev/x"},
    {"DuplicateOutput", "ls 2>&1", "[ls] 2&1"},
    {"DuplicateInput", "cat <&3", "[cat] 0&3"},
    {"CloseDescriptor", "exec 3>&-", "[exec] 3&-"},
    {"Pipeline", "cat x | grep -c y | wc -l", "[cat][x] | [grep][-c][y] | [wc][-l]"},
    {"And", "true && echo a || echo b", "[true] && [echo][a] || [echo][b]"},
    {"Background", "cat x & echo y", "[cat][x] &; [echo][y]"},
    {"Negation", "! grep -q x y", "! [grep][-q][x][y]"},
    {"SingleQuotes", "echo 'a $b; c'", "[echo]['a $b; c']"},
    {"DoubleQuotes", "echo \"a $b\\\"\"", "[echo]['a '\"${b}'\"']"},
    {"EmptyWord", "echo ''", "[echo]['']"},
    {"Backslash", "echo a\\ b", "[echo][a' 'b]"},
    {"Variables", "echo $i${long}x $?", "[echo][${i}${long}x][${?}]"},
    {"Assignment", "i=5 j=", "i=5 j= "},
    {"Substitution", "echo $(seq 1 3; true)", "[echo][$([seq][1][3]; [true])]"},
    {"Arithmetic", "i=$((i + 1))", "i=$((i + 1)) "},
    {"For", "for i in 1 2; do echo $i; done", "for i in[1][2] {[echo][${i}]}"},
    {"While", "while true; do cat x; done > y", "while ([true]) {[cat][x]} 1>y"},
    {"If", "if a; then b; elif c; then d; else e; fi",
     "if ([a]) {[b]} else {if ([c]) {[d]} else {[e]}}"},
    {"Group", "{ a; b; } | c", "group {[a]; [b]} | [c]"},
    {"Subshell", "(a; b) &", "subshell {[a]; [b]} &"},
    {"Comment", "a # b; c\nd", "[a]; [d]"},
    {"ReservedWordAsArgument", "echo done fi", "[echo][done][fi]"},
    {"UnterminatedQuote", "echo 'a", nullptr},
    {"UnterminatedLoop", "for i in 1; do echo", nullptr},
    {"StrayEnd", "echo a; done", nullptr},
    {"StrayPipe", "a | ; b", nullptr},
    {"MissingTarget", "echo >", nullptr},
    {"StrayParenthesis", "a )", nullptr},
};

INSTANTIATE_TEST_SUITE_P(Table, ShellSyntax, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& info) {
                             return std::string(info.param.name);
                         });

}  // namespace
}  // namespace kloom::kernel::shell
