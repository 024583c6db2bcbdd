#include "toolchain/diagnostics.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <sstream>
#include <system_error>

#include "toolchain/files.hpp"
#include "toolchain/kernel_names.hpp"

namespace kloom::toolchain {
namespace {

namespace fs = std::filesystem;

constexpr size_t kErrorLinesMax = 5;
constexpr size_t kNamesMax = 12;

// One line of a compiler's output: "file:line:column: error: text".
struct Diagnostic {
    std::string file;
    int line = 0;
    std::string text;
};

// Something of Linux that kloom lacks.
struct Missing {
    std::string where;    // "hello.c:12"
    std::string subject;  // "kernel function 'foo' (linux/bar.h)"
    std::string name;     // "foo (linux/bar.h)", for the list of the others
};

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The position of `word` in `text` as a whole word, from `start` on.
size_t find_word(std::string_view text, std::string_view word, size_t start = 0) {
    for (size_t at = text.find(word, start); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const size_t end = at + word.size();
        if ((at == 0 || !is_word_character(text[at - 1])) && (end == text.size() || !is_word_character(text[end])))
            return at;
    }
    return std::string_view::npos;
}

std::optional<Diagnostic> parse_diagnostic(const std::string& line) {
    for (const std::string_view mark : {": fatal error: ", ": error: "}) {
        const size_t at = line.find(mark);
        if (at == std::string::npos) continue;
        Diagnostic diagnostic;
        diagnostic.text = line.substr(at + mark.size());
        std::string place = line.substr(0, at);  // file:line or file:line:column
        for (int numbers = 0; numbers < 2; ++numbers) {
            const size_t colon = place.rfind(':');
            if (colon == std::string::npos || colon + 1 == place.size() ||
                !std::all_of(place.begin() + static_cast<ptrdiff_t>(colon) + 1, place.end(), ::isdigit))
                break;
            diagnostic.line = std::atoi(place.c_str() + colon + 1);
            place.resize(colon);
        }
        diagnostic.file = place;
        return diagnostic;
    }
    return std::nullopt;
}

std::vector<Diagnostic> parse_errors(const std::string& output) {
    std::vector<Diagnostic> errors;
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);)
        if (auto diagnostic = parse_diagnostic(line)) errors.push_back(std::move(*diagnostic));
    return errors;
}

std::string place_of(const Diagnostic& diagnostic) {
    return display_path(diagnostic.file) + ":" + std::to_string(diagnostic.line);
}

// What stands between the first pair of quotes after `prefix`.
std::optional<std::string> quoted_after(const std::string& text, std::string_view prefix) {
    const size_t at = text.find(prefix);
    if (at == std::string::npos) return std::nullopt;
    const size_t open = text.find('\'', at + prefix.size());
    if (open == std::string::npos) return std::nullopt;
    const size_t close = text.find('\'', open + 1);
    if (close == std::string::npos) return std::nullopt;
    return text.substr(open + 1, close - open - 1);
}

// "struct file" and "const struct file *" are file; "foo_t" is foo_t.
std::string bare_type_name(std::string type) {
    for (const std::string_view tag : {"struct ", "union ", "enum "}) {
        const size_t at = type.find(tag);
        if (at != std::string::npos) type.erase(0, at + tag.size());
    }
    const auto end = std::find_if_not(type.begin(), type.end(), is_word_character);
    type.erase(end, type.end());
    return type;
}

// The header that could not be found, in gcc's and clang's words.
std::optional<std::string> missing_header(const std::string& text) {
    constexpr std::string_view kGcc = ": No such file or directory";
    if (text.ends_with(kGcc)) return text.substr(0, text.size() - kGcc.size());
    if (text.ends_with("file not found")) return quoted_after(text, "");
    return std::nullopt;
}

// The name that is unknown to the compiler, in gcc's and clang's words.
std::optional<std::string> undeclared_name(const std::string& text) {
    for (const std::string_view prefix : {"implicit declaration of function", "call to undeclared function",
                                          "use of undeclared identifier", "unknown type name"})
        if (auto name = quoted_after(text, prefix)) return name;
    if (text.find("' undeclared") != std::string::npos || text.find("' was not declared") != std::string::npos)
        return quoted_after(text, "");
    return std::nullopt;
}

std::optional<std::string> incomplete_type(const std::string& text) {
    for (const std::string_view prefix : {"has incomplete type", "undefined type", "incomplete type",
                                          "incomplete definition of type", "incomplete result type"})
        if (auto type = quoted_after(text, prefix)) return bare_type_name(*type);
    return std::nullopt;
}

struct Member {
    std::string structure;
    std::string name;
};

std::optional<Member> missing_member(const std::string& text) {
    std::optional<std::string> structure;
    std::optional<std::string> name;
    if (text.find("' has no member named '") != std::string::npos) {
        structure = quoted_after(text, "");
        name = quoted_after(text, "has no member named");
    } else if (text.find("no member named '") != std::string::npos) {
        name = quoted_after(text, "no member named");
        structure = quoted_after(text, "' in ");
    } else if (text.find("field designator '") != std::string::npos) {
        name = quoted_after(text, "field designator");
        structure = quoted_after(text, "field in type");
    }
    if (!structure || !name) return std::nullopt;
    return Member{bare_type_name(*structure), *name};
}

std::string with_header(std::string_view name, std::string_view header) {
    return std::string(name) + " (" + std::string(header) + ")";
}

Missing missing_name(const std::string& where, const KernelName& name) {
    return {where,
            "kernel " + std::string(to_string(name.kind)) + " '" + std::string(name.name) + "' (" +
                std::string(name.header) + ")",
            with_header(name.name, name.header)};
}

bool is_supported(const KernelName& name, const SupportedNames& supported) {
    return name.kind == NameKind::Struct ? supported.defines_struct(name.name) : supported.mentions(name.name);
}

std::string line_of_file(const std::string& file, int number) {
    const auto contents = read_file(file);
    if (!contents) return "";
    std::istringstream stream(*contents);
    std::string line;
    for (int i = 0; i < number && std::getline(stream, line); ++i) {
    }
    return line;
}

// The kernel names on the line of an error. An error may speak of something else: an unknown macro at file scope, say, is a
// syntax error to the compiler.
std::vector<const KernelName*> kernel_names_on_line(const Diagnostic& error) {
    const std::string line = line_of_file(error.file, error.line);
    std::vector<const KernelName*> names;
    for (size_t at = 0; at < line.size();) {
        const size_t end = static_cast<size_t>(
            std::find_if_not(line.begin() + static_cast<ptrdiff_t>(at), line.end(), is_word_character) - line.begin());
        const KernelName* name = find_kernel_name(std::string_view(line).substr(at, end - at));
        if (name != nullptr) names.push_back(name);
        at = std::max(end, at + 1);
    }
    return names;
}

std::optional<Missing> missing_on_line(const Diagnostic& error, const SupportedNames& supported) {
    for (const KernelName* name : kernel_names_on_line(error))
        if (!is_supported(*name, supported)) return missing_name(place_of(error), *name);
    return std::nullopt;
}

std::optional<Missing> missing_behind(const Diagnostic& error, const SupportedNames& supported) {
    if (const auto header = missing_header(error.text)) {
        if (!is_kernel_header(*header)) return std::nullopt;
        return Missing{place_of(error), "kernel header '" + *header + "'", *header};
    }
    if (const auto member = missing_member(error.text)) {
        if (find_kernel_name(member->structure) == nullptr) return std::nullopt;
        const std::string subject = "member '" + member->name + "' of the kernel's struct " + member->structure;
        return Missing{place_of(error), subject, member->structure + "." + member->name};
    }
    auto name = undeclared_name(error.text);
    if (!name) name = incomplete_type(error.text);
    const KernelName* known = name ? find_kernel_name(*name) : nullptr;
    if (known == nullptr) return missing_on_line(error, supported);
    if (is_supported(*known, supported)) return std::nullopt;
    return missing_name(place_of(error), *known);
}

// The other kernel headers that `source` includes and kloom lacks: the compiler stops at the first.
std::vector<Missing> missing_includes(const std::string& source, const SupportedNames& supported) {
    std::vector<Missing> missing;
    const auto contents = read_file(source);
    if (!contents) return missing;
    std::istringstream stream(*contents);
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        const size_t word = line.find_first_not_of(" \t#");
        const size_t open = line.find('<');
        const size_t close = line.find('>');
        if (!line.starts_with('#') || word == std::string::npos || line.compare(word, 7, "include") != 0 ||
            open == std::string::npos || close == std::string::npos || close < open)
            continue;
        const std::string header = line.substr(open + 1, close - open - 1);
        if (is_kernel_header(header) && !supported.has_header(header))
            missing.push_back({display_path(source) + ":" + std::to_string(number), "kernel header '" + header + "'", header});
    }
    return missing;
}

base::Error describe(const std::vector<Missing>& missing) {
    std::string message = missing[0].where + ": " + missing[0].subject + " is not supported by kloom";
    std::vector<std::string> others;
    for (const Missing& other : missing)
        if (other.name != missing[0].name && std::find(others.begin(), others.end(), other.name) == others.end())
            others.push_back(other.name);
    if (others.empty()) return {message, ""};

    message += ", and " + std::to_string(others.size()) + " more: ";
    for (size_t i = 0; i < std::min(others.size(), kNamesMax); ++i) message += (i == 0 ? "" : ", ") + others[i];
    if (others.size() > kNamesMax) message += ", ...";
    return {message, ""};
}

base::Error show_errors(const std::vector<Diagnostic>& errors, const std::string& output, const std::string& source) {
    std::string message = display_path(source) + " does not compile";
    if (errors.empty()) {  // the compiler itself failed
        std::istringstream stream(output);
        std::string line;
        for (size_t i = 0; i < kErrorLinesMax && std::getline(stream, line); ++i) message += "\n  " + line;
        return {message, ""};
    }
    for (size_t i = 0; i < std::min(errors.size(), kErrorLinesMax); ++i) {
        const std::string where = errors[i].line == 0 ? display_path(errors[i].file) : place_of(errors[i]);
        message += "\n  " + where + ": " + errors[i].text;
    }
    if (errors.size() > kErrorLinesMax)
        message += "\n  and " + std::to_string(errors.size() - kErrorLinesMax) + " more errors";
    return {message, ""};
}

// Where a source first uses the word `name`: "hello.c:12", or the module's first source.
std::string first_use(const std::string& name, const std::vector<std::string>& sources) {
    for (const std::string& source : sources) {
        const auto contents = read_file(source);
        const size_t at = contents ? find_word(*contents, name) : std::string::npos;
        if (at == std::string::npos) continue;
        const auto line = 1 + std::count(contents->begin(), contents->begin() + static_cast<ptrdiff_t>(at), '\n');
        return display_path(source) + ":" + std::to_string(line);
    }
    return display_path(sources[0]);
}

// Comments name what a header lacks, so they do not count. Quotes are not looked at: no header has a comment mark in one.
std::string without_comments(const std::string& code) {
    std::string rest;
    for (size_t at = 0; at < code.size();) {
        const size_t start = code.find('/', at);
        const std::string_view mark = std::string_view(code).substr(std::min(start, code.size()), 2);
        if (mark != "/*" && mark != "//") {
            const size_t end = start == std::string::npos ? code.size() : start + 1;
            rest.append(code, at, end - at);
            at = end;
            continue;
        }
        rest.append(code, at, start - at);
        const size_t close = mark == "/*" ? code.find("*/", start + 2) : code.find('\n', start);
        if (close == std::string::npos) break;
        at = mark == "/*" ? close + 2 : close;
    }
    return rest;
}

}  // namespace

const std::string& SupportedNames::text() const {
    if (!text_.empty()) return text_;
    std::error_code error;
    fs::recursive_directory_iterator entry(folder_, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->path().extension() != ".h") continue;
        if (const auto contents = read_file(entry->path().string())) text_ += without_comments(*contents) + "\n";
    }
    return text_;
}

bool SupportedNames::mentions(std::string_view name) const { return find_word(text(), name) != std::string_view::npos; }

bool SupportedNames::defines_struct(std::string_view name) const {
    const std::string& all = text();
    for (size_t at = find_word(all, name); at != std::string::npos; at = find_word(all, name, at + 1)) {
        const size_t next = all.find_first_not_of(" \t\n", at + name.size());
        if (next != std::string::npos && all[next] == '{') return true;
    }
    return false;
}

bool SupportedNames::has_header(std::string_view header) const {
    std::error_code ignored;
    return fs::exists(fs::path(folder_) / header, ignored);
}

std::vector<std::string> headers_left_out(const std::string& output, const SupportedNames& supported) {
    std::vector<std::string> headers;
    for (const Diagnostic& error : parse_errors(output)) {
        std::vector<const KernelName*> names = kernel_names_on_line(error);
        const auto undeclared = undeclared_name(error.text);
        if (undeclared) names.push_back(find_kernel_name(*undeclared));
        for (const KernelName* name : names)
            if (name != nullptr && supported.has_header(name->header) && is_supported(*name, supported))
                headers.emplace_back(name->header);
    }
    std::sort(headers.begin(), headers.end());
    headers.erase(std::unique(headers.begin(), headers.end()), headers.end());
    return headers;
}

base::Error explain_compile_failure(const std::string& output, const std::string& source, const SupportedNames& supported) {
    const std::vector<Diagnostic> errors = parse_errors(output);
    std::vector<Missing> missing;
    for (const Diagnostic& error : errors)
        if (auto one = missing_behind(error, supported)) missing.push_back(std::move(*one));
    if (missing.empty()) return show_errors(errors, output, source);
    const std::vector<Missing> headers = missing_includes(source, supported);
    missing.insert(missing.end(), headers.begin(), headers.end());
    return describe(missing);
}

base::Error explain_undefined_symbols(const std::vector<std::string>& symbols, const std::vector<std::string>& sources) {
    std::vector<Missing> missing;
    std::string unknown;
    for (const std::string& symbol : symbols) {
        const KernelName* known = find_kernel_name(symbol);
        if (known != nullptr) missing.push_back(missing_name(first_use(symbol, sources), *known));
        else if (unknown.empty()) unknown = symbol;
    }
    if (!missing.empty()) return describe(missing);
    return {first_use(unknown, sources) + ": '" + unknown + "' is declared, but neither the module nor kloom defines it",
            symbols.size() > 1 ? "so are " + std::to_string(symbols.size() - 1) + " more names" : ""};
}

}  // namespace kloom::toolchain
