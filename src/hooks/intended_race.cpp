// kcsan_disable_current() and kcsan_enable_current(): the borders of data_race(). They are called as often as the accesses
// around them, so they live with the hooks. Their contract is in include/kernel/linux/kcsan-checks.h.

#include "hooks/note.hpp"

extern "C" {

void kcsan_disable_current() {
    if (auto* machine = kloom::hooks::running_machine()) ++machine->current().intended_race_depth;
}

void kcsan_enable_current() {
    auto* machine = kloom::hooks::running_machine();
    if (machine != nullptr && machine->current().intended_race_depth > 0) --machine->current().intended_race_depth;
}

void kcsan_enable_current_nowarn() { kcsan_enable_current(); }

}  // extern "C"
