#include "toolchain/module_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "toolchain/files.hpp"

namespace kloom::toolchain {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

// The variables of a makefile that describe modules, as word lists.
using Variables = std::map<std::string, Words, std::less<>>;

Words split_words(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

std::string without_comment(const std::string& line) { return line.substr(0, line.find('#')); }

// Reads assignments; recipe lines and everything else is skipped.
Variables parse_makefile(const std::string& text) {
    Variables variables;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        while (line.ends_with('\\')) {
            line.back() = ' ';
            std::string continuation;
            if (!std::getline(stream, continuation)) break;
            line += continuation;
        }
        line = without_comment(line);
        const size_t equals = line.find('=');
        if (line.starts_with('\t') || equals == std::string::npos) continue;
        const bool appends = equals > 0 && line[equals - 1] == '+';
        const Words left = split_words(line.substr(0, line.find_first_of("+:?=")));
        if (left.size() != 1) continue;
        Words& value = variables[left[0]];
        if (!appends) value.clear();
        const Words right = split_words(line.substr(equals + 1));
        value.insert(value.end(), right.begin(), right.end());
    }
    return variables;
}

const Words& words_of(const Variables& variables, const std::string& name) {
    static const Words none;
    const auto found = variables.find(name);
    return found == variables.end() ? none : found->second;
}

std::optional<Variables> makefile_in(const fs::path& folder) {
    for (const char* name : {"Kbuild", "Makefile"}) {
        const auto text = read_file((folder / name).string());
        if (!text) continue;
        Variables variables = parse_makefile(*text);
        if (!words_of(variables, "obj-m").empty()) return variables;
    }
    return std::nullopt;
}

bool is_source_name(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension == ".c" || extension == ".cpp" || extension == ".cc" || extension == ".cxx";
}

std::string module_name(std::string stem) {
    std::replace(stem.begin(), stem.end(), '-', '_');
    return stem;
}

Words preprocessor_flags(const Variables& variables, const fs::path& folder) {
    Words flags;
    for (const auto& [name, words] : variables) {
        if (name != "ccflags-y" && name != "EXTRA_CFLAGS" && !name.starts_with("CFLAGS_")) continue;
        for (std::string flag : words) {
            for (const char* here : {"$(src)", "$(PWD)", "$(M)"}) {
                const size_t at = flag.find(here);
                if (at != std::string::npos) flag.replace(at, std::string_view(here).size(), folder.string());
            }
            if (flag.starts_with("-D") || flag.starts_with("-U") || flag.starts_with("-I")) flags.push_back(flag);
        }
    }
    return flags;
}

// The objects of one module of obj-m, without their suffix: those of name-objs and name-y, else the module's own.
Words module_parts(const Variables& variables, const std::string& module) {
    Words parts;
    for (const char* suffix : {"-objs", "-y"})
        for (const std::string& object : words_of(variables, module + suffix))
            parts.push_back(fs::path(object).replace_extension().string());
    if (parts.empty()) parts.push_back(module);
    return parts;
}

Words module_names(const Variables& variables) {
    Words names;
    for (const std::string& object : words_of(variables, "obj-m"))
        if (object.ends_with(".o")) names.push_back(object.substr(0, object.size() - 2));
    return names;
}

base::Result<std::string> source_of_part(const fs::path& folder, const std::string& part) {
    std::error_code ignored;
    for (const char* extension : {".c", ".cpp", ".cc", ".cxx"}) {
        const fs::path file = folder / (part + extension);
        if (fs::exists(file, ignored)) return file.string();
    }
    return base::Error{display_path(folder.string()) + ": its Makefile names " + part + ".o, but there is no " + part + ".c",
                       ""};
}

base::Result<ModuleSources> module_of_makefile(const fs::path& folder, const Variables& variables,
                                               const std::string& module) {
    ModuleSources sources{module_name(module), {}, preprocessor_flags(variables, folder)};
    for (const std::string& part : module_parts(variables, module))
        sources.files.push_back(TRY(source_of_part(folder, part)));
    return sources;
}

base::Result<ModuleSources> module_of_folder(const fs::path& folder) {
    const auto variables = makefile_in(folder);
    const std::string shown = display_path(folder.string());
    if (!variables)
        return base::Error{shown + " is a folder without a Makefile that sets obj-m", "name the module's source file"};
    const Words modules = module_names(*variables);
    if (modules.size() == 1) return module_of_makefile(folder, *variables, modules[0]);
    std::string names;
    for (const std::string& module : modules) names += (names.empty() ? "" : ", ") + module + ".c";
    return base::Error{shown + " builds several modules: " + names, "name one of them"};
}

base::Result<void> check_source(const std::string& path) {
    const std::string shown = display_path(path);
    std::error_code error;
    if (!fs::exists(path, error)) return base::Error{shown + ": no such file", ""};
    if (fs::is_directory(path, error)) return base::Error{shown + " is a folder among source files", ""};
    if (!is_source_name(path)) return base::Error{shown + " is not a C or C++ source file (.c, .cpp, .cc, .cxx)", ""};
    const std::string contents = TRY(read_file(path));
    if (contents.find_first_not_of(" \t\r\n") == std::string::npos) return base::Error{shown + " is empty", ""};
    return {};
}

base::Result<ModuleSources> module_of_file(const fs::path& file) {
    TRY_VOID(check_source(file.string()));
    const fs::path folder = file.parent_path();
    ModuleSources sources{module_name(file.stem().string()), {file.string()}, {}};
    const auto variables = makefile_in(folder);
    if (!variables) return sources;
    sources.flags = preprocessor_flags(*variables, folder);
    for (const std::string& module : module_names(*variables)) {
        const Words parts = module_parts(*variables, module);
        if (parts.size() > 1 && std::find(parts.begin(), parts.end(), file.stem().string()) != parts.end())
            return module_of_makefile(folder, *variables, module);
    }
    return sources;
}

Words split_commas(const Words& inputs) {
    Words parts;
    for (const std::string& input : inputs) {
        std::error_code ignored;
        if (fs::exists(input, ignored)) {  // a name may contain commas
            parts.push_back(input);
            continue;
        }
        std::istringstream stream(input);
        for (std::string part; std::getline(stream, part, ',');)
            if (!part.empty()) parts.push_back(part);
    }
    return parts;
}

}  // namespace

base::Result<ModuleSources> find_module_sources(const std::vector<std::string>& inputs) {
    std::error_code error;
    Words paths;
    for (const std::string& input : split_commas(inputs))
        paths.push_back(fs::weakly_canonical(fs::absolute(input, error), error).string());
    if (paths.empty()) return base::Error{"no source file was named", ""};

    ModuleSources sources;
    if (paths.size() > 1) {
        sources = {module_name(fs::path(paths[0]).stem().string()), paths, {}};
    } else if (fs::is_directory(paths[0], error)) {
        sources = TRY(module_of_folder(paths[0]));
    } else {
        sources = TRY(module_of_file(paths[0]));
    }
    for (const std::string& file : sources.files) TRY_VOID(check_source(file));
    return sources;
}

}  // namespace kloom::toolchain
