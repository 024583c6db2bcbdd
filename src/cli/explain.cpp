// kloom explain: what a finding means, an example, and how to mend it.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/output_arguments.hpp"
#include "detect/catalogue.hpp"
#include "report/paint.hpp"

namespace kloom::cli {
namespace {

constexpr const char* kFooter = R"(
Examples:
  kloom explain lost-update
  kloom explain --list)";

struct ExplainArguments {
    std::string id;
    bool list = false;
    OutputArguments output;
};

void print_list() {
    size_t width = 0;
    for (const detect::CatalogueEntry& entry : detect::catalogue())
        width = std::max(width, entry.id.size());
    for (const detect::CatalogueEntry& entry : detect::catalogue())
        print_text(fmt::format("{:{}}  {}\n", entry.id, width, entry.title));
}

// Headings bold, code indented in place of its fences.
std::string page_for_terminal(std::string_view page, const report::Paint& paint) {
    constexpr std::string_view kFence = "```";
    std::string text;
    bool is_code = false;
    while (!page.empty()) {
        const size_t end = std::min(page.find('\n'), page.size());
        std::string_view line = page.substr(0, end);
        page.remove_prefix(std::min(end + 1, page.size()));
        if (line.starts_with(kFence)) {
            is_code = !is_code;
            continue;
        }
        if (is_code) {
            text += line.empty() ? "" : "    " + paint(report::Colour::Cyan, line);
        } else if (line.starts_with('#')) {
            line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
            text += paint(report::Colour::Bold, line);
        } else {
            text += line;
        }
        text += '\n';
    }
    return text;
}

base::Result<int> explain(const ExplainArguments& arguments) {
    if (arguments.list || arguments.id.empty()) {
        print_list();
        return kExitClean;
    }
    const std::string_view page = detect::explain(arguments.id);
    if (page.empty())
        return base::Error{"there is no finding called '" + arguments.id + "'",
                           "kloom explain --list names them all"};
    print_text(page_for_terminal(page, report::Paint(arguments.output.terminal().is_coloured)));
    return kExitClean;
}

}  // namespace

void add_explain_command(CLI::App& app, Invocation& invocation) {
    CLI::App& command =
        *app.add_subcommand("explain", "Explain a finding: what it is and how to mend it");
    command.footer(kFooter);
    const auto arguments = std::make_shared<ExplainArguments>();
    command.add_option("ID", arguments->id, "The name in brackets, as lost-update");
    command.add_flag("--list", arguments->list, "Name all findings");
    command.callback([&invocation, arguments] {
        invocation.action = [arguments] { return explain(*arguments); };
    });
}

}  // namespace kloom::cli
