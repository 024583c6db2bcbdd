#include "detect/wait_states.hpp"

#include <algorithm>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathId;
using trace::PathKind;

uint64_t WaitStates::interests() const {
    return trace::interests_of(EventKind::PathBegin, EventKind::PathEnd, EventKind::PathBlock,
                               EventKind::PathWake, EventKind::PathSwitch, EventKind::LockRequest,
                               EventKind::LockAcquire, EventKind::CallbackReturn);
}

void WaitStates::begin_execution() {
    states_.begin_execution();
    for (std::vector<PathId>& stack : stacks_) stack.clear();
}

void WaitStates::on_event(const Event& event) {
    if (event.path == trace::kNoPath || event.info == nullptr) return;
    WaitState& state = states_[event.path];
    const bool is_handler = event.info->kind != PathKind::Task;
    state.info = event.info;
    switch (event.kind) {
        case EventKind::PathBegin:
            state.kind = WaitState::Kind::Runs;
            if (is_handler) stack(event.cpu).push_back(event.path);
            break;
        case EventKind::PathEnd:
            state.kind = WaitState::Kind::Ended;
            std::erase(stack(event.cpu), event.path);
            break;
        case EventKind::PathBlock:
            on_block(event, state);
            break;
        case EventKind::PathSwitch:
            stack(event.cpu).assign(1, event.path);
            break;
        case EventKind::LockRequest:
            if ((event.flags & trace::kLockTry) != 0) break;
            state.kind = WaitState::Kind::WantsLock;
            state.wanted = held_lock_of(event);
            if (stack(event.cpu).empty()) stack(event.cpu).push_back(event.path);
            break;
        case EventKind::LockAcquire:
        case EventKind::CallbackReturn:
            state.kind = WaitState::Kind::Runs;
            break;
        case EventKind::PathWake:
            if (state.kind != WaitState::Kind::WantsLock) state.kind = WaitState::Kind::Runs;
            break;
        default:
            break;
    }
}

void WaitStates::on_block(const Event& event, WaitState& state) {
    std::erase(stack(event.cpu), event.path);
    if (state.kind == WaitState::Kind::WantsLock && state.wanted.address == event.address) return;
    state.kind = WaitState::Kind::Sleeps;
    state.asleep = site_of(event);
    state.object = event.address;
    state.has_deadline = event.value != 0;
    size_t length = 0;
    for (; event.text != nullptr && event.text[length] != '\0' && length + 1 < sizeof state.reason;
         ++length)
        state.reason[length] = event.text[length];
    state.reason[length] = '\0';
}

std::vector<PathId>& WaitStates::stack(trace::CpuId cpu) {
    if (cpu.index() >= stacks_.size()) stacks_.resize(cpu.index() + 1);
    return stacks_[cpu.index()];
}

PathId WaitStates::top(trace::CpuId cpu) const {
    if (cpu.index() >= stacks_.size() || stacks_[cpu.index()].empty()) return trace::kNoPath;
    return stacks_[cpu.index()].back();
}

}  // namespace kloom::detect
