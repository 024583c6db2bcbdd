// Proof by force: a process performs one operation; this one stops it in front of each of the operation's instructions,
// interferes, lets it go on, and checks whose copy changed and how.
//
//     interference                        what must come out
//     migrate the thread                  the new CPU's copy changed if the commit was still to come, else the old one's
//     another thread of the CPU works     its change, then ours if the commit was still to come, else the other way round
//     migrate, and another thread works   each its own CPU's copy
//       on the old CPU
//     a signal, whose handler works       as for another thread
//     two of these, at any two places
//
// Single-stepping inside a sequence would restart it for ever, so a breakpoint is put at one place at a time. Stopping there
// makes the kernel restart the sequence; what is tested is that nothing done before the stop survives it.
//
// Usage: force [--no-rseq] [--listing FILE] [--every N] [--only NAME]; with --no-rseq the thread has none and only the shared
// copy may change. FILE is the program's disassembly where there is no objdump. Of the pairs every Nth is tried.
#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <thread>

#include "operations.hpp"
#include "processor.hpp"

namespace force {
namespace {

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(2);
}

// ---- what both processes see ---------------------------------------------------------------------------------------

enum class Helper : int { kIdle, kWork, kStop };

struct Shared {
    int operation;
    Arguments victim;
    Arguments helper;
    std::uint64_t victim_result;
    std::uint32_t flag;
    std::atomic<int> helper_cpu;
    std::atomic<Helper> helper_order;
    Node nodes[kNodes];
};

Shared* shared = nullptr;
Handle handle = 0;
int cpu_a = 0, cpu_b = 0;
bool has_rseq = true;
const char* listing_path = nullptr;
long every = 1;
const char* only = nullptr;

void* copy_of(int cpu) { return reinterpret_cast<void*>(percpu::detail::copy_address(handle, cpu)); }

void* map_shared(std::size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) die("mmap");
    return memory;
}

void run_on(pid_t thread, int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(thread, sizeof set, &set) != 0) die("sched_setaffinity");
}

// ---- the process under force ---------------------------------------------------------------------------------------

// What interferes: the same operation with other arguments, or, for what asks a flag, setting the flag.
void interfere() {
    const Operation& operation = operations()[static_cast<std::size_t>(shared->operation)];
    if (operation.kind == Kind::kFlag) {
        shared->flag = 1;
    } else {
        operation.interfering(shared->helper);
    }
}

void on_signal(int) { interfere(); }

// In an emulator, where there is no objdump, both sleep while the other works: one that looks again and again would keep it busy.
// Elsewhere that is faster.
void sleep_while(Helper order) {
    if (listing_path == nullptr) {
        sched_yield();
        return;
    }
    syscall(SYS_futex, &shared->helper_order, FUTEX_WAIT, static_cast<int>(order), nullptr, nullptr, 0);
}

void give_order(Helper order) {
    shared->helper_order = order;
    syscall(SYS_futex, &shared->helper_order, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

void help() {
    int cpu = -1;
    for (;;) {
        const Helper order = shared->helper_order.load();
        if (order == Helper::kStop) return;
        if (order == Helper::kIdle) {
            sleep_while(Helper::kIdle);
            continue;
        }
        if (cpu != shared->helper_cpu) run_on(0, cpu = shared->helper_cpu);
        interfere();
        give_order(Helper::kIdle);
    }
}

constexpr unsigned kSecondsMax = 240;

[[noreturn]] void be_forced() {
    signal(SIGUSR1, on_signal);
    alarm(kSecondsMax);
    std::thread(help).detach();
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) die("ptrace");
    for (;;) {
        stop();
        const Operation& operation = operations()[static_cast<std::size_t>(shared->operation)];
        shared->victim_result = operation.function(shared->victim);
        stop();
    }
}

// ---- the tracer ----------------------------------------------------------------------------------------------------

enum class Interference { kMigrate, kWork, kMigrateAndWork, kSignal };
const char* const kNames[] = {"migrated", "another thread works", "migrated, another thread works on the old CPU", "signal"};

constexpr long kViolationsMax = 5;

struct Step {
    std::uintptr_t address;
    Interference interference;
};

class Tracer {
  public:
    explicit Tracer(pid_t victim) : victim_(victim) {
        await_trap("start");
        boundaries_ = read_boundaries();
    }

    const std::vector<std::uintptr_t>& boundaries(const Operation& operation) { return boundaries_["force_" + operation.name]; }
    long runs() const { return runs_; }
    long violations() const { return violations_; }

    void run(int index, const std::vector<Step>& steps) {
        ++runs_;
        prepare(index);
        for (const Step& step : steps) {
            if (!run_to(step.address)) break;  // it ended elsewhere, or took another way
            interfere_now(step.interference);
        }
        if (!is_at_end_ && is_alive_) run_to(0);
        if (is_alive_) check(index, steps);
        if (is_alive_) resume_to_start();
    }

    // False when the victim is gone, or has shown enough.
    bool goes_on() const { return is_alive_ && violations_ < kViolationsMax; }

  private:
    // ---- one run ----

    void prepare(int index) {
        operation_ = &operations()[static_cast<std::size_t>(index)];
        shared->operation = index;
        shared->flag = 0;
        shared->victim = {handle, 5, 20, &shared->flag, &shared->nodes[kNodes - 1]};
        shared->helper = {handle, 9, 20, &shared->flag, &shared->nodes[kNodes - 2]};
        shared->victim.node->id = 91;
        shared->helper.node->id = 92;
        for (const auto& [role, cpu] : copies()) set_up(*operation_, copy_of(cpu), role, shared->nodes);
        for (const auto& [role, cpu] : copies()) expected_[cpu] = {{state_of(*operation_, copy_of(cpu)), false}};
        cpu_ = cpu_a;
        helper_worked_on_.clear();
        is_at_end_ = false;
        pending_signal_ = 0;
        run_on(victim_, cpu_);
    }

    void interfere_now(Interference interference) {
        const int old_cpu = cpu_;
        record_commit();
        if (interference == Interference::kMigrate || interference == Interference::kMigrateAndWork) {
            cpu_ = cpu_ == cpu_a ? cpu_b : cpu_a;
            run_on(victim_, cpu_);
        }
        if (interference == Interference::kWork || interference == Interference::kMigrateAndWork) {
            shared->helper_cpu = old_cpu;
            give_order(Helper::kWork);
            while (shared->helper_order != Helper::kIdle) sleep_while(Helper::kWork);
            helper_worked_on_.push_back(old_cpu);
        }
        if (interference == Interference::kSignal) {
            pending_signal_ = SIGUSR1;
            helper_worked_on_.push_back(cpu_);
        }
    }

    // Whether the victim has committed is what its copy shows when it is stopped, before anybody else works on it. Operations
    // that change nothing have when they are past the instruction that reads the copy.
    void record_commit() {
        if (commit_cpu_known_) return;
        const int cpu = effective(cpu_);
        bool is_committed;
        if (operation_->kind == Kind::kLock) {  // took it, or left because it is taken
            const std::string owner = state_of(*operation_, copy_of(cpu));
            is_committed = owner == std::to_string(shared->victim.a) || (owner != "0" && stopped_at_ > commit_address());
        } else if (operation_->changes_the_copy && helper_worked_on_.empty()) {
            is_committed = state_of(*operation_, copy_of(cpu)) != initial(cpu);
        } else {
            is_committed = stopped_at_ > commit_address();
        }
        if (is_committed) {
            commit_cpu_known_ = true;
            commit_cpu_ = cpu;
            helpers_before_commit_ = helpers_on(cpu);
        }
    }

    // How many interfered with what is done on `cpu`; a flag is everybody's.
    std::size_t helpers_on(int cpu) const {
        std::size_t count = 0;
        for (const int where : helper_worked_on_) count += operation_->kind == Kind::kFlag || effective(where) == cpu;
        return count;
    }

    // ---- judgement ----

    void check(int index, const std::vector<Step>& steps) {
        const int commit_cpu = commit_cpu_known_ ? commit_cpu_ : effective(cpu_);
        const Operation& operation = operations()[static_cast<std::size_t>(index)];
        bool is_right = true;
        for (const auto& [role, cpu] : copies()) {
            is_right = is_right && is_as_expected(operation, cpu, cpu == commit_cpu);
        }
        if (!is_right) report(operation, steps, commit_cpu);
        commit_cpu_known_ = false;
    }

    // Whether the copy's state and the victim's result come from the helpers before the commit, the victim, and the others.
    bool is_as_expected(const Operation& operation, int cpu, bool with_victim) {
        const std::size_t helpers = helpers_on(cpu);
        const std::size_t victim_at = commit_cpu_known_ ? helpers_before_commit_ : helpers;
        State state{initial(cpu)};
        bool is_result_right = true;
        for (std::size_t i = 0; i <= helpers; ++i) {
            if (with_victim && i == victim_at) {
                const Outcome outcome = operation.model(state, shared->victim, operation.bytes);
                state = outcome.state;
                is_result_right = outcome.result == shared->victim_result;
            }
            if (i == helpers) break;
            if (operation.kind == Kind::kFlag) {
                state.is_flag_set = true;
            } else {
                state = operation.model(state, shared->helper, operation.bytes).state;
            }
        }
        return is_result_right && state.copy == state_of(operation, copy_of(cpu));
    }

    void report(const Operation& operation, const std::vector<Step>& steps, int commit_cpu) {
        ++violations_;
        std::printf("  violation: %s", operation.name.c_str());
        for (const Step& step : steps)
            std::printf(", stopped at instruction %zu: %s", index_of(operation, step.address), kNames[static_cast<int>(step.interference)]);
        std::printf("; result %llu, expected on CPU %d;", static_cast<unsigned long long>(shared->victim_result), commit_cpu);
        for (const auto& [role, cpu] : copies())
            std::printf(" copy %d: %s -> %s", cpu, initial(cpu).c_str(), state_of(operation, copy_of(cpu)).c_str());
        std::printf("\n");
    }

    std::size_t index_of(const Operation& operation, std::uintptr_t address) {
        const auto& all = boundaries(operation);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i] == address) return i;
        return all.size();
    }

    // ---- copies ----

    struct Copy {
        int role, cpu;
    };
    static std::vector<Copy> copies() { return {{-1, -1}, {0, cpu_a}, {1, cpu_b}}; }
    static int effective(int cpu) { return has_rseq ? cpu : -1; }
    const std::string& initial(int cpu) { return expected_[cpu].copy; }

    // ---- ptrace ----

    // Lets the victim run up to `address`, or to its end. Returns whether it stopped there.
    bool run_to(std::uintptr_t address) {
        long saved = 0;
        if (address != 0) {
            errno = 0;
            saved = ptrace(PTRACE_PEEKTEXT, victim_, address, nullptr);
            if (errno != 0) die("PTRACE_PEEKTEXT");
            poke(address, with_breakpoint(saved));
        }
        std::uintptr_t at = resume();
        if (at == 0) return false;
        if (address != 0) poke(address, saved);
        if (at - kTrapBytes != address) {
            is_at_end_ = true;
            return false;
        }
        if (!set_instruction_pointer(victim_, address)) die("ptrace: instruction pointer");
        stopped_at_ = address;
        return true;
    }

    void resume_to_start() {
        if (resume() == 0) return;
        is_at_end_ = false;
    }

    // Returns the instruction pointer behind the breakpoint, or 0 when the victim is gone.
    std::uintptr_t resume() {
        if (ptrace(PTRACE_CONT, victim_, nullptr, pending_signal_) != 0) die("PTRACE_CONT");
        pending_signal_ = 0;
        if (!await_trap("run")) return 0;
        std::uintptr_t address;
        if (!instruction_pointer(victim_, address)) die("ptrace: instruction pointer");
        return address;
    }

    bool await_trap(const char* when) {
        for (;;) {
            int status = 0;
            if (waitpid(victim_, &status, __WALL) != victim_) die("waitpid");
            if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) {
                if (!pass_trap(victim_)) die("ptrace: instruction pointer");
                return true;
            }
            if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGUSR1) {  // injected by PTRACE_CONT, not seen here
                ptrace(PTRACE_CONT, victim_, nullptr, SIGUSR1);
                continue;
            }
            std::printf("  violation: %s: the process %s with signal %d (%s)\n", operation_ ? operation_->name.c_str() : "-",
                        WIFSTOPPED(status) ? "stops" : "ends", WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status), when);
            if (WIFSTOPPED(status)) kill(victim_, SIGKILL);
            ++violations_;
            is_alive_ = false;
            return false;
        }
    }

    void poke(std::uintptr_t address, long word) {
        if (ptrace(PTRACE_POKETEXT, victim_, address, word) != 0) die("PTRACE_POKETEXT");
    }

    // ---- instructions ----

    // The addresses of the instructions of each function, as objdump sees them; the program is not position-independent.
    std::map<std::string, std::vector<std::uintptr_t>> read_boundaries() {
        std::map<std::string, std::vector<std::uintptr_t>> all;
        FILE* const listing = open_listing();
        std::string function;
        Listing place;
        char line[512];
        while (std::fgets(line, sizeof line, listing) != nullptr) {
            unsigned long address = 0;
            char name[256];
            if (std::sscanf(line, "%lx <%255[^>]>:", &address, name) == 2) {
                function = name;
                place = Listing();
            } else if (function.rfind("force_", 0) == 0 && !place.is_over() && std::sscanf(line, " %lx:", &address) == 1) {
                if (place.is_between_functions(line)) continue;
                all[function].push_back(address);
                if (place.touches_copy(line)) reads_copy_[function] = address;
            }
        }
        if ((listing_path == nullptr ? pclose(listing) : std::fclose(listing)) != 0) die("objdump");
        return all;
    }

    static FILE* open_listing() {
        char command[64];
        std::snprintf(command, sizeof command, "objdump -d --no-show-raw-insn /proc/%d/exe", getpid());
        FILE* const listing = listing_path == nullptr ? popen(command, "r") : std::fopen(listing_path, "r");
        if (listing == nullptr) die("the program's disassembly");
        return listing;
    }

    std::uintptr_t commit_address() { return reads_copy_["force_" + operation_->name]; }

    pid_t victim_;
    const Operation* operation_ = nullptr;
    std::map<std::string, std::vector<std::uintptr_t>> boundaries_;
    std::map<std::string, std::uintptr_t> reads_copy_;  // the last instruction that touches the copy
    std::map<int, State> expected_;
    std::vector<int> helper_worked_on_;
    int cpu_ = 0;
    bool commit_cpu_known_ = false;
    int commit_cpu_ = 0;
    std::size_t helpers_before_commit_ = 0;
    std::uintptr_t stopped_at_ = 0;
    int pending_signal_ = 0;
    bool is_at_end_ = false;
    bool is_alive_ = true;
    long runs_ = 0;
    long violations_ = 0;
};

// Whether two threads on two CPUs lose an update of a number; it is the locked instructions that are tested, without rseq.
bool loses_updates() {
    constexpr int kRounds = 200000;
    std::atomic<int> ready{0};
    const auto count = [&](int cpu) {
        run_on(0, cpu);
        ++ready;
        while (ready != 2) {
        }
        const Arguments arguments = {handle, 1, 0, nullptr, nullptr};
        for (int i = 0; i < kRounds; ++i)
            for (const Operation& operation : operations())
                if (operation.name == "add_8" || operation.name == "add_return_8") operation.function(arguments);
    };
    auto* const copies = static_cast<std::uint64_t*>(copy_of(-1));
    std::uint64_t before = *copies;
    std::thread one(count, cpu_a), two(count, cpu_b);
    one.join();
    two.join();
    return *copies - before != 4ULL * kRounds;
}

void choose_cpus() {
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    std::vector<int> cpus;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    if (cpus.size() < 2) {
        std::printf("skipped: one CPU only, nothing to migrate to\n");
        std::exit(77);
    }
    cpu_a = cpus[0];
    cpu_b = cpus[1];
}

// Containers may forbid it.
void ask_for_ptrace() {
    const pid_t child = fork();
    if (child == 0) _exit(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : 1);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) die("fork");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    std::printf("skipped: ptrace is not permitted here\n");
    std::exit(77);
}

int force(bool without_rseq) {
    choose_cpus();
    ask_for_ptrace();
    has_rseq = !without_rseq;
    const std::size_t units = static_cast<std::size_t>(cpu_b) + 3;
    handle = reinterpret_cast<Handle>(map_shared(units * percpu::detail::kUnitBytes));
    shared = static_cast<Shared*>(map_shared(sizeof(Shared)));

    const pid_t victim = fork();
    if (victim < 0) die("fork");
    if (victim == 0) be_forced();
    Tracer tracer(victim);

    const Interference kAll[] = {Interference::kMigrate, Interference::kWork, Interference::kMigrateAndWork, Interference::kSignal};
    std::size_t places = 0;
    long pairs = 0;
    for (std::size_t index = 0; index < operations().size() && tracer.goes_on(); ++index) {
        const Operation& operation = operations()[index];
        if (!has_rseq && operation.kind >= Kind::kFlag) continue;  // refused, see the unit tests
        if (only != nullptr && operation.name != only) continue;
        const auto& boundaries = tracer.boundaries(operation);
        if (boundaries.size() < 8) {
            std::printf("no instructions of force_%s found\n", operation.name.c_str());
            return 2;
        }
        places += boundaries.size();
        const int i = static_cast<int>(index);
        for (const std::uintptr_t first : boundaries) {
            for (const Interference interference : kAll)
                if (tracer.goes_on()) tracer.run(i, {{first, interference}});
            for (const std::uintptr_t second : boundaries) {
                if (++pairs % every != 0) continue;
                if (tracer.goes_on()) tracer.run(i, {{first, Interference::kMigrate}, {second, Interference::kMigrate}});
                if (tracer.goes_on()) tracer.run(i, {{first, Interference::kMigrate}, {second, Interference::kWork}});
                if (tracer.goes_on()) tracer.run(i, {{first, Interference::kSignal}, {second, Interference::kMigrate}});
            }
        }
    }
    kill(victim, SIGKILL);
    long violations = tracer.violations();
    if (!has_rseq && violations == 0 && loses_updates()) {
        std::printf("  violation: two threads without rseq lose updates\n");
        ++violations;
    }
    std::printf("%zu operations, %zu places, %ld runs, %ld violations%s\n", operations().size(), places, tracer.runs(),
                violations, has_rseq ? "" : " (without rseq)");
    return violations == 0 ? 0 : 1;
}

}  // namespace
}  // namespace force

int main(int argc, char** argv) {
    bool without_rseq = false;
    for (int i = 1; i < argc; ++i) {
        const bool has_value = i + 1 < argc;
        if (std::strcmp(argv[i], "--no-rseq") == 0) without_rseq = true;
        if (std::strcmp(argv[i], "--listing") == 0 && has_value) force::listing_path = argv[i + 1];
        if (std::strcmp(argv[i], "--only") == 0 && has_value) force::only = argv[i + 1];
        if (std::strcmp(argv[i], "--every") == 0 && has_value) force::every = std::strtol(argv[i + 1], nullptr, 10);
    }
    return force::force(without_rseq);
}
