#include "session/checkpoint.hpp"

#include <sstream>

#include "toolchain/files.hpp"
#include "trace/schedule.hpp"

namespace kloom::session {
namespace {

constexpr const char* kFormat = "kloom-checkpoint 1";

// ---- the text: one word at the beginning of a line says what is in it ---------------------------

void write(std::ostream& text, const trace::Claim& claim) {
    text << "claim " << static_cast<int>(claim.kind) << ' ' << claim.bound << ' '
         << claim.reached_goal << ' ' << claim.executions << ' ' << claim.redundant << ' '
         << claim.cut << ' ' << claim.steps << ' ' << claim.seconds << ' ' << claim.sampled << ' '
         << claim.sampled_paths << ' ' << claim.sampled_points << ' '
         << static_cast<int>(claim.left_out) << '\n';
}

void write(std::ostream& text, const SearchState& state) {
    const StageState& stage = state.stage;
    write(text, state.claim);
    text << "events_since_error " << state.events_since_error << '\n';
    text << "stage " << stage.events << ' ' << stage.executions << ' ' << stage.cut << ' '
         << stage.left_something_out << ' ' << stage.name << '\n';
    for (const explore::Part& part : state.parts) {
        text << "part";
        for (const uint32_t number : part) text << ' ' << number;
        text << '\n';
    }
    for (const uintptr_t address : state.visible) text << "visible " << address << '\n';
    for (const SearchState::Found& found : state.found) {
        text << "found " << found.execution << '\n';
        for (const trace::Deviation& deviation : found.schedule)
            text << "choice " << deviation.position << ' ' << static_cast<int>(deviation.cost)
                 << ' ' << to_string(deviation.choice) << '\n';
    }
}

std::string rest_of(std::istream& line) {
    std::string rest;
    std::getline(line >> std::ws, rest);
    return rest;
}

bool read_claim(std::istream& line, trace::Claim& claim) {
    int kind = 0;
    int left_out = 0;
    line >> kind >> claim.bound >> claim.reached_goal >> claim.executions >> claim.redundant >>
        claim.cut >> claim.steps >> claim.seconds >> claim.sampled >> claim.sampled_paths >>
        claim.sampled_points >> left_out;
    claim.left_out = static_cast<uint8_t>(left_out);
    claim.kind = static_cast<trace::ClaimKind>(kind);
    return !line.fail() && kind >= 0 && kind <= static_cast<int>(trace::ClaimKind::Single);
}

bool read_choice(std::istream& line, SearchState& state) {
    trace::Deviation deviation;
    int cost = 0;
    line >> deviation.position >> cost;
    const auto choice = trace::parse_choice(rest_of(line));
    if (line.fail() || !choice || state.found.empty()) return false;
    deviation.cost = static_cast<uint8_t>(cost);
    deviation.choice = *choice;
    state.found.back().schedule.push_back(deviation);
    return true;
}

// Takes in one line; false when it is not as it should be.
bool read_line(const std::string& key, std::istream& line, SearchState& state) {
    if (key == "claim") return read_claim(line, state.claim);
    if (key == "choice") return read_choice(line, state);
    if (key == "events_since_error") return !(line >> state.events_since_error).fail();
    if (key == "visible") return !(line >> state.visible.emplace_back()).fail();
    if (key == "found") return !(line >> state.found.emplace_back().execution).fail();
    if (key == "stage") {
        StageState& stage = state.stage;
        line >> stage.events >> stage.executions >> stage.cut >> stage.left_something_out;
        stage.name = rest_of(line);
        return !stage.name.empty();
    }
    if (key != "part") return false;
    explore::Part& part = state.parts.emplace_back();
    for (uint32_t number = 0; line >> number;) part.push_back(number);
    return !part.empty() && line.eof();
}

}  // namespace

base::Result<void> write_checkpoint(const std::string& path, const std::string& key,
                                    const SearchState& state) {
    std::ostringstream text;
    text << kFormat << "\nsearch " << key << '\n';
    write(text, state);
    text << "end\n";
    const auto written = toolchain::replace_file(path, text.str());
    if (written) return {};
    return base::Error{.message = "the checkpoint cannot be written: " + written.error().message,
                       .hint = "name a file in a folder that exists and has room"};
}

base::Result<SearchState> read_checkpoint(const std::string& path, const std::string& key) {
    const base::Error rubbish{.message = "'" + path + "' is no checkpoint of this version of kloom",
                              .hint = "name another file, or remove it to search from the beginning"};
    std::istringstream file(TRY(toolchain::read_file(path)));
    std::string text;
    if (!std::getline(file, text) || text != kFormat) return rubbish;
    SearchState state;
    bool has_end = false;
    while (!has_end && std::getline(file, text)) {
        std::istringstream line(text);
        std::string word;
        line >> word;
        if (word == "end") {
            has_end = true;
        } else if (word == "search") {
            const std::string other = rest_of(line);
            if (other != key)
                return base::Error{
                    .message = "the checkpoint '" + path + "' is that of another search: " + other,
                    .hint = "this one is: " + key + "; remove the file to search from the beginning"};
        } else if (!read_line(word, line, state)) {
            return rubbish;
        }
    }
    if (!has_end || state.stage.name.empty()) return rubbish;
    return state;
}

}  // namespace kloom::session
