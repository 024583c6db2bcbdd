#include "detect/lost_update.hpp"

namespace kloom::detect {

using trace::Event;
using trace::Severity;

namespace {

// Instructions so close together belong to one expression, such as WRITE_ONCE(x, READ_ONCE(x) + 1).
constexpr uintptr_t kExpressionBytes = 64;
// Instructions farther apart are in different functions: the write does not depend on the read.
constexpr uintptr_t kFunctionBytes = 4096;
// What is larger is copied, not updated.
constexpr uint32_t kUpdateBytesMax = 16;

bool is_marked(uint16_t flags) {
    return (flags & (trace::kMarked | trace::kAtomic)) != 0;
}

uintptr_t distance(uintptr_t a, uintptr_t b) {
    return a < b ? b - a : a - b;
}

}  // namespace

void LostUpdate::begin_execution() {
    cells_.begin_execution();
    reads_.clear();
}

void LostUpdate::on_event(const Event& event) {
    if (event.path == trace::kNoPath) return;
    const bool writes =
        (event.flags & trace::kWrite) != 0 && (event.flags & trace::kFailedCompare) == 0;
    if (writes) {
        for_each_granule(event.address, event.size, [&](uintptr_t granule, uint8_t bytes) {
            on_write(event, granule, bytes);
        });
    } else if (event.size <= kUpdateBytesMax && (event.flags & trace::kIgnoreRace) == 0) {
        for_each_granule(event.address, event.size,
                         [&](uintptr_t granule, uint8_t bytes) { on_read(event, granule, bytes); });
    }
}

LostUpdate::OpenRead* LostUpdate::find_own(const Cell& cell, trace::PathId path, uint8_t bytes) {
    for (uint32_t index = cell.first; index != 0; index = reads_[index - 1].next) {
        OpenRead& open = reads_[index - 1];
        if (open.read.path == path && (open.bytes & bytes) != 0) return &open;
    }
    return nullptr;
}

// An entry whose read is spent, to be used again: loops read and write the same place for ever.
LostUpdate::OpenRead* LostUpdate::find_spent(const Cell& cell) {
    for (uint32_t index = cell.first; index != 0; index = reads_[index - 1].next)
        if (reads_[index - 1].bytes == 0) return &reads_[index - 1];
    return nullptr;
}

void LostUpdate::on_read(const Event& event, uintptr_t granule, uint8_t bytes) {
    Cell& cell = cells_.at(granule);
    OpenRead* open = find_own(cell, event.path, bytes);
    if (open == nullptr) open = find_spent(cell);
    if (open == nullptr) {
        reads_.emplace_back().next = cell.first;
        cell.first = static_cast<uint32_t>(reads_.size());
        open = &reads_.back();
    }
    open->epoch = context_.happens_before.now(event.path);
    open->bytes = bytes;
    open->is_marked = is_marked(event.flags);
    open->read = site_of(event);
    open->intruder = {};
}

void LostUpdate::on_write(const Event& event, uintptr_t granule, uint8_t bytes) {
    Cell* cell = cells_.find(granule);
    if (cell == nullptr) return;
    OpenRead* own = find_own(*cell, event.path, bytes);
    for (uint32_t index = cell->first; index != 0; index = reads_[index - 1].next) {
        OpenRead& open = reads_[index - 1];
        if (&open != own && (open.bytes & bytes) != 0 && open.read.path != event.path)
            intrude(open, event, own);
    }
    if (own != nullptr) close(*own, event);
}

// Another path writes what `open` has read.
void LostUpdate::intrude(OpenRead& open, const Event& event, const OpenRead* own) {
    if (!open.read.is_known() || (event.flags & trace::kIgnoreRace) != 0) return;
    if (context_.happens_before.ordered(open.read.path, open.epoch, event.path)) return;
    open.intruder = site_of(event);
    open.intruder_epoch = context_.happens_before.now(event.path);
    open.intruder_is_marked = is_marked(event.flags);
    open.intruder_read = own != nullptr ? own->read : Site();
}

// The path writes what it has read: the read is spent.
void LostUpdate::close(OpenRead& open, const Event& event) {
    const OpenRead spent = open;
    open.bytes = 0;
    open.read = {};
    open.intruder = {};
    if (!spent.intruder.is_known() || !is_lost(spent, event)) return;
    const Site write = site_of(event);
    if (!wants(context_.sink, "lost-update", Severity::Error, write, spent.intruder, event.address))
        return;
    trace::Finding finding;
    finding.id = "lost-update";
    finding.severity = Severity::Error;
    finding.message =
        "lost update of {object}: {0} overwrites what {1} wrote after {0} had read it";
    finding.address = event.address;
    finding.size = event.size;
    finding.sites = {finding_site(write, "overwrites"), finding_site(spent.intruder, "writes"),
                     finding_site(spent.read, "reads")};
    if (spent.intruder_read.is_known())
        finding.sites.push_back(finding_site(spent.intruder_read, "reads"));
    context_.sink.report(std::move(finding));
}

bool LostUpdate::is_lost(const OpenRead& open, const Event& write) const {
    if ((write.flags & trace::kRead) != 0)
        return false;  // a read-modify-write uses the present value
    if ((write.flags & trace::kIgnoreRace) != 0) return false;
    const bool all_marked = open.is_marked && is_marked(write.flags) && open.intruder_is_marked;
    if (distance(open.read.pc, write.pc) >= (all_marked ? kExpressionBytes : kFunctionBytes))
        return false;
    return !context_.happens_before.ordered(open.intruder.path, open.intruder_epoch, write.path);
}

}  // namespace kloom::detect
