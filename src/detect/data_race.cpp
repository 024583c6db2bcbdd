#include "detect/data_race.hpp"

#include <algorithm>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathKind;
using trace::Severity;

namespace {

// Beyond this an access is not one instruction, so it can be seen half done.
constexpr uint32_t kWordBytes = 8;
constexpr uint16_t kMarkedFlags = trace::kMarked | trace::kAtomic;

bool is_marked(uint16_t flags) {
    return (flags & kMarkedFlags) != 0;
}
bool is_cpu_operation(uint16_t flags) {
    return (flags & trace::kCpuAtomic) != 0;
}
bool is_ignored(uint16_t flags) {
    return (flags & trace::kIgnoreRace) != 0;
}

// How prone an access is to be half of a reported race.
int proneness(uint16_t flags) {
    if (is_ignored(flags)) return 0;
    return is_marked(flags) || is_cpu_operation(flags) ? 1 : 2;
}

bool is_one_word(uintptr_t address, uint32_t size) {
    return size <= kWordBytes && address / kWordBytes == (address + size - 1) / kWordBytes;
}

const char* verb(bool is_write, bool updates) {
    if (!is_write) return "reads";
    return updates ? "updates" : "writes";
}

const char* kind_name(PathKind kind) {
    switch (kind) {
        case PathKind::Hardirq:
            return "an interrupt";
        case PathKind::Softirq:
            return "a softirq";
        case PathKind::Task:
            break;
    }
    return "a task";
}

}  // namespace

uint64_t DataRace::interests() const {
    return trace::interests_of(EventKind::Access, EventKind::Free);
}

void DataRace::begin_execution() {
    cells_.begin_execution();
    records_.clear();
    free_records_ = 0;
    judged_now_ = judged_before_ = ~uint64_t{0};
}

void DataRace::on_event(const Event& event) {
    if (event.path == trace::kNoPath || event.info == nullptr) return;
    cpus_seen_ = std::max(cpus_seen_, event.cpu.value + 1);
    if (event.kind == EventKind::Access)
        on_access(event);
    else
        on_free(event);
}

void DataRace::on_access(const Event& event) {
    const bool failed = (event.flags & trace::kFailedCompare) != 0;
    Record record;
    record.epoch = context_.happens_before.now(event.path);
    record.size = event.size;
    record.flags = static_cast<uint16_t>(failed ? event.flags & ~trace::kWrite : event.flags);
    record.kind = event.info->kind;
    record.updates = (record.flags & trace::kRead) != 0 && record.is_write();
    record.address = event.address;
    record.site = site_of(event);
    for_each_granule(event.address, event.size,
                     [&](uintptr_t granule, uint8_t bytes) { touch(record, granule, bytes); });
}

// Compares an access with the granule's records, drops those that it covers and adds it.
void DataRace::touch(Record record, uintptr_t granule, uint8_t bytes) {
    record.bytes = bytes;
    Cell& cell = cells_.at(granule);
    const trace::PathId path = record.site.path;
    Site source;  // the write that a marked read takes its value from
    uint32_t source_epoch = 0;
    bool source_is_plain = false;
    uint32_t* link = &cell.first;
    while (*link != 0) {  // ends: the list does
        const uint32_t index = *link - 1;
        Record& old = records_[index];
        if ((old.bytes & bytes) == 0) {
            link = &old.next;
            continue;
        }
        const bool is_own = old.site.path == path;
        const bool is_ordered =
            is_own || context_.happens_before.ordered(old.site.path, old.epoch, path);
        if (!is_ordered && (old.is_write() || record.is_write())) on_conflict(record, old, granule);
        if (old.is_write() && (!source.is_known() || old.site.number > source.number)) {
            source = old.site;
            source_epoch = old.epoch;
            source_is_plain = !is_marked(old.flags);
        }
        const bool is_covered = is_ordered && (old.bytes & ~bytes) == 0 &&
                                (!old.is_write() || record.is_write()) &&
                                proneness(record.flags) >= proneness(old.flags);
        if (!is_covered) {
            link = &old.next;
            continue;
        }
        record.updates |= is_own && record.is_write() && !old.is_write();
        remove(*link, index);
    }
    insert(record, cell);
    const bool is_marked_read = is_marked(record.flags) && (record.flags & trace::kRead) != 0;
    if (is_marked_read && source_is_plain &&
        !context_.happens_before.ordered(source.path, source_epoch, path))
        context_.happens_before.follow(path, source.path, source_epoch);
}

uint32_t DataRace::remove(uint32_t& link, uint32_t index) {
    link = records_[index].next;
    records_[index].next = free_records_;
    free_records_ = index + 1;
    return link;
}

void DataRace::insert(const Record& record, Cell& cell) {
    uint32_t index = free_records_;
    if (index != 0) {
        free_records_ = records_[index - 1].next;
        records_[index - 1] = record;
    } else {
        records_.push_back(record);
        index = static_cast<uint32_t>(records_.size());
    }
    records_[index - 1].next = cell.first;
    cell.first = index;
}

void DataRace::on_free(const Event& event) {
    if (event.size == 0) return;
    const auto forget_range = [&](uintptr_t address) {
        for_each_granule(address, event.size,
                         [&](uintptr_t granule, uint8_t) { forget(granule, event.path); });
    };
    if (event.flags != static_cast<uint16_t>(trace::MemoryKind::PerCpu))
        return forget_range(event.address);
    for (int cpu = 0; cpu < cpus_seen_; ++cpu)
        forget_range(trace::percpu_copy(event.address, trace::CpuId(static_cast<uint16_t>(cpu))));
}

// The granule is freed: whoever used it without an order to the free might as well have used it
// afterwards, which the search must be able to try.
void DataRace::forget(uintptr_t granule, trace::PathId freed_by) {
    Cell* cell = cells_.find(granule);
    if (cell == nullptr) return;
    while (cell->first != 0) {  // ends: each round removes a record
        const uint32_t index = cell->first - 1;
        const Record& old = records_[index];
        const bool is_ordered = old.site.path == freed_by ||
                                context_.happens_before.ordered(old.site.path, old.epoch, freed_by);
        if (!is_ordered) context_.visible.insert(old.address, old.size);
        remove(cell->first, index);
    }
}

Site DataRace::find_write(uintptr_t address, trace::PathId except, uint64_t after,
                          uint64_t before) {
    Site latest;
    const Cell* cell = cells_.find(address >> kShadowGranuleShift);
    for (uint32_t index = cell != nullptr ? cell->first : 0; index != 0;
         index = records_[index - 1].next) {
        const Record& record = records_[index - 1];
        const uint64_t number = record.site.number;
        if (!record.is_write() || record.site.path == except || number <= after || number >= before)
            continue;
        if (!latest.is_known() || number > latest.number) latest = record.site;
    }
    return latest;
}

// ---- conflicts ----------------------------------------------------------------------------------

void DataRace::on_conflict(const Record& now, const Record& before, uintptr_t granule) {
    context_.visible.insert(granule << kShadowGranuleShift, kShadowGranuleBytes);
    if (now.site.number == judged_now_ && before.site.number == judged_before_)
        return;  // in the granule before
    judged_now_ = now.site.number;
    judged_before_ = before.site.number;

    if (is_ignored(now.flags) || is_ignored(before.flags)) return;
    if (proneness(now.flags) == 1 && proneness(before.flags) == 1) return;
    if (!now.is_write() || !before.is_write()) {
        const Record& write = now.is_write() ? now : before;
        const Record& read = now.is_write() ? before : now;
        if (is_marked(read.flags)) return;
        if (is_cpu_operation(write.flags) && is_one_word(read.address, read.size)) return;
    }

    const trace::AddressInfo place =
        context_.memory.classify(std::max(now.address, before.address));
    const bool now_is_remote = place.region == trace::Region::PerCpu && place.cpu != now.site.cpu;
    const bool before_is_remote =
        place.region == trace::Region::PerCpu && place.cpu != before.site.cpu;
    if (now_is_remote || before_is_remote) {
        const bool writes_remotely =
            (now_is_remote && now.is_write()) || (before_is_remote && before.is_write());
        report(now, before, "remote-percpu", writes_remotely ? Severity::Error : Severity::Warning);
        return;
    }
    const bool is_torn =
        !is_one_word(now.address, now.size) || !is_one_word(before.address, before.size);
    const bool both_write = now.is_write() && before.is_write();
    const bool is_misfit = both_write && (now.address != before.address || now.size != before.size);
    const bool loses_update = both_write && (now.updates || before.updates);
    report(now, before, "data-race",
           is_torn || is_misfit || loses_update ? Severity::Error : Severity::Warning);
}

void DataRace::report(const Record& now, const Record& before, const char* id, Severity severity) {
    if (!wants(context_.sink, id, severity, now.site, before.site, now.address)) return;
    const char* now_verb = verb(now.is_write(), now.updates);
    const char* before_verb = verb(before.is_write(), before.updates);
    const bool on_same_cpu = now.site.cpu == before.site.cpu;
    trace::Finding finding;
    finding.id = id;
    finding.severity = severity;
    finding.message = std::string("data race on {object}: {1} ") + before_verb + " and {0} " +
                      now_verb + " it, and nothing orders the two (" + kind_name(before.kind) +
                      " against " + kind_name(now.kind) +
                      (on_same_cpu ? " on the same CPU)" : " on another CPU)");
    finding.address = now.address;
    finding.size = now.size;
    finding.sites = {finding_site(now.site, now_verb), finding_site(before.site, before_verb)};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
