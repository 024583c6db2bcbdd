// What the library found in this process: how many CPUs there can be, and whether restartable sequences are active.
#pragma once

namespace percpu {

// Number of copies of each variable that belong to CPUs: the highest CPU number that this computer can ever have, plus one.
// Neither the CPUs that are online nor those that this process may use matter: both change while it runs.
// The environment's PERCPU_POSSIBLE_CPUS raises it, for a process that will be moved to a larger computer; it is read once.
// Context: any thread; not in a signal handler before the first use of a per-CPU variable.
int possible_cpus();

// The CPU whose copies this thread worked on at some moment during the call, or -1 when the thread has no restartable
// sequences and works on the copies that such threads share. It may be another one when the call returns.
// Context: anywhere.
int this_cpu();

struct rseq_status {
    bool active;         // this thread's operations are restartable sequences; else locked instructions on a shared copy
    const char* reason;  // why not; "" when active
};

// Tells what this thread's operations are.
// Context: anywhere.
rseq_status status();

}  // namespace percpu
