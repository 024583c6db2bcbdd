#include "cli/worker.hpp"

#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/progress.hpp"
#include "session/faults.hpp"
#include "session/supervisor.hpp"

namespace kloom::cli {
namespace {

base::Result<int> load_and_use(const Work& work, const ProgramUse& use) {
    const auto program = TRY(session::Program::load(work.options, work.module));
    session::install_fault_handlers(program->findings());
    const auto symbols = TRY(session::ModuleSymbols::load(*program));
    return use(*program, *symbols);
}

}  // namespace

base::Result<toolchain::BuiltModule> build(const ProgramArguments& arguments, bool verbose) {
    const toolchain::BuildRequest request = TRY(arguments.build_request());
    Progress progress;
    progress.show("compiling");
    auto built = toolchain::build_module(request);
    progress.clear();
    if (built && verbose && !built->warnings.empty())
        print_note("the compiler says:\n" + built->warnings);
    return built;
}

int run_in_worker(const Work& work, const ProgramUse& use) {
    const auto in_worker = [&] {
        const base::Result<int> status = load_and_use(work, use);
        if (status) return *status;
        print_error(status.error());
        return kExitUsage;
    };
    const auto complain = [](const std::string& message) {
        print_error({.message = message,
                     .hint = "the code does what the machine cannot contain; please report it if "
                             "it should not"});
    };
    return session::supervise(in_worker, work.seconds_max, kExitFinding, complain);
}

}  // namespace kloom::cli
