#include "session/recorder.hpp"

#include <algorithm>
#include <cstring>

namespace kloom::session {

using trace::Event;
using trace::EventKind;

namespace {
// Long executions are recorded only this far; reports show the end, so of the older half most is dropped when it is reached.
constexpr size_t kEventsMax = 200'000;
// An execution that has become so long gets room for all at once: a vector that doubles would copy it again and again.
constexpr size_t kManyEvents = 4'096;
}  // namespace

void Recorder::begin_execution() {
    recording_ = {};
    pending_write_ = ~size_t{0};
}

uint64_t Recorder::value_at(uintptr_t address, uint32_t size) const {
    uint64_t value = 0;
    const uint32_t bytes = std::min<uint32_t>(size, sizeof value);
    if (memory_.is_accessible(address, bytes)) std::memcpy(&value, reinterpret_cast<const void*>(address), bytes);
    return value;
}

void Recorder::complete_write() {
    if (pending_write_ >= recording_.events.size()) return;
    Event& write = recording_.events[pending_write_].event;
    write.value = value_at(write.address, write.size);
    pending_write_ = ~size_t{0};
}

// Of the older half the accesses go; what switched preemption off or took a lock may still matter. When that makes no room,
// all of it goes.
void Recorder::drop_older() {
    std::vector<trace::RecordedEvent>& events = recording_.events;
    const auto middle = events.begin() + kEventsMax / 2;
    const auto is_access = [](const trace::RecordedEvent& recorded) { return recorded.event.kind == EventKind::Access; };
    const auto kept = std::remove_if(events.begin(), middle, is_access);
    events.erase(middle - kept < ptrdiff_t{kEventsMax / 4} ? events.begin() : kept, middle);
}

void Recorder::on_event(const Event& event) {
    complete_write();
    if (recording_.events.size() == kManyEvents) recording_.events.reserve(kEventsMax);
    if (recording_.events.size() == kEventsMax) drop_older();
    trace::RecordedEvent& recorded = recording_.add(event);
    if (event.kind != EventKind::Access) return;
    recorded.event.value = value_at(event.address, event.size);
    if ((event.flags & trace::kWrite) != 0) pending_write_ = recording_.events.size() - 1;
}

}  // namespace kloom::session
