#include "session/faults.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/check.hpp"
#include "hooks/privileged.hpp"
#include "kernel/kernel.hpp"
#include "machine/machine.hpp"

namespace kloom::session {
namespace {

using machine::Machine;
using machine::machine_or_null;

trace::FindingSink* fault_sink = nullptr;
uint64_t last_heartbeat = 0;
int silent_seconds = 0;

constexpr size_t kSignalStackBytes = 256 * 1024;

struct Diagnosis {
    const char* id;
    const char* message;
};

Diagnosis diagnose(int signal, const siginfo_t& info, const Machine& machine) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(info.si_addr);
    if (signal == SIGFPE) return {"divide-error", "{0} divides by zero"};
    if (signal == SIGILL) return {"invalid-instruction", "{0} executes an invalid instruction"};
    if (machine.stacks().guard_of(address) >= 0) return {"stack-overflow", "{0} runs out of its kernel stack"};
    if (signal == SIGSEGV && info.si_code == SI_KERNEL)
        return {"wild-access", "{0} uses an address that is none, or executes a privileged instruction"};
    if (address < 65536) return {"null-dereference", "{0} dereferences a null pointer"};
    return {"wild-access", "{0} accesses memory that does not exist"};
}

// The innermost place in the module: the faulting instruction if it is there, else the module's call into the kernel.
uintptr_t place_in_module(const machine::Path& path, uintptr_t pc) {
    return kernel::kernel().module.contains_text(pc) ? pc : path.call_pc;
}

// A call of something that is no code faults at its target; the caller is known from the return address.
uintptr_t caller_of_wild_jump(const ucontext_t& registers) {
    return *reinterpret_cast<const uintptr_t*>(registers.uc_mcontext.gregs[REG_RSP]) - 1;
}

[[noreturn]] void leave_execution(const Diagnosis& diagnosis, uintptr_t pc, uintptr_t address) {
    Machine& machine = *machine_or_null();
    machine::Path& path = machine.current();
    const uintptr_t place = place_in_module(path, pc);
    if (fault_sink->wants(diagnosis.id, trace::Severity::Error, place)) {
        trace::Finding finding;
        finding.id = diagnosis.id;
        finding.message = diagnosis.message;
        finding.address = address;
        finding.sites.push_back({.path = path.id, .cpu = path.cpu, .pc = place, .event_number = machine.events(), .role = ""});
        finding.ends_execution = true;
        fault_sink->report(std::move(finding));
    }
    sigset_t signals;
    sigfillset(&signals);
    sigprocmask(SIG_UNBLOCK, &signals, nullptr);
    machine.stop_execution();
}

bool is_module_running() {
    Machine* machine = machine_or_null();
    return machine != nullptr && machine->in_execution() && machine->is_running();
}

[[noreturn]] void die(int signal) {
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    raise(signal);
    _exit(128 + signal);
}

void on_fault(int signal, siginfo_t* info, void* context) {
    if (!is_module_running()) die(signal);
    ucontext_t& registers = *static_cast<ucontext_t*>(context);
    uintptr_t pc = static_cast<uintptr_t>(registers.uc_mcontext.gregs[REG_RIP]);
    const bool is_wild_jump = signal == SIGSEGV && reinterpret_cast<uintptr_t>(info->si_addr) == pc;
    if (is_wild_jump) pc = caller_of_wild_jump(registers);
    const bool in_module = kernel::kernel().module.contains_text(pc);
    if (signal == SIGSEGV && in_module && !is_wild_jump && hooks::emulate_privileged(registers)) return;
    if (!in_module && machine_or_null()->current().call_pc == 0) die(signal);
    const bool has_address = !(signal == SIGSEGV && info->si_code == SI_KERNEL);
    leave_execution(diagnose(signal, *info, *machine_or_null()), pc, has_address ? reinterpret_cast<uintptr_t>(info->si_addr) : 0);
}

// Once per second of CPU time: has anything visible happened since?
void on_tick(int, siginfo_t*, void* context) {
    if (!is_module_running()) return;
    const uint64_t heartbeat = machine_or_null()->heartbeat();
    silent_seconds = heartbeat == last_heartbeat ? silent_seconds + 1 : 0;
    last_heartbeat = heartbeat;
    if (silent_seconds < kSilentSecondsMax) return;
    silent_seconds = 0;
    const uintptr_t pc = static_cast<uintptr_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
    leave_execution({"soft-lockup", "{0} loops for ever without touching memory that others could change"}, pc, 0);
}

void handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action = {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    CHECK(sigaction(signal, &action, nullptr) == 0, "signal %d", signal);
}

}  // namespace

void install_fault_handlers(trace::FindingSink& sink) {
    fault_sink = &sink;
    void* stack = mmap(nullptr, kSignalStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(stack != MAP_FAILED, "no memory for the signal stack");
    stack_t description = {};
    description.ss_sp = stack;
    description.ss_size = kSignalStackBytes;
    CHECK(sigaltstack(&description, nullptr) == 0, "no signal stack");
    for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) handle(signal, on_fault);
    handle(SIGVTALRM, on_tick);
    start_watchdog();
}

void start_watchdog() {
    const itimerval second = {.it_interval = {1, 0}, .it_value = {1, 0}};
    setitimer(ITIMER_VIRTUAL, &second, nullptr);
}

}  // namespace kloom::session
