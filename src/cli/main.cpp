// The program. Addresses must be the same in every run, so the first thing is to have them not
// randomised.
#include "cli/commands.hpp"
#include "session/supervisor.hpp"

int main(int count, char** arguments) {
    kloom::session::fix_addresses(arguments);
    return kloom::cli::run_command_line(count, arguments);
}
