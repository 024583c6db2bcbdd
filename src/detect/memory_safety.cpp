#include "detect/memory_safety.hpp"

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::HeapObject;
using trace::MemoryKind;
using trace::Region;
using trace::Severity;

namespace {

std::string bytes(uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// "{0} writes 4 bytes", "mutex_lock(), called by {0}, uses an object".
std::string subject_of(const Event& event) {
    if (event.kind == EventKind::ObjectUse)
        return text_of(event.text, "a kernel function") + "(), called by {0}, uses an object";
    return std::string("{0} ") + ((event.flags & trace::kWrite) != 0 ? "writes " : "reads ") +
           bytes(event.size);
}

const char* role_of(const Event& event) {
    if (event.kind == EventKind::Free) return "frees";
    if (event.kind == EventKind::ObjectUse) return "uses";
    return (event.flags & trace::kWrite) != 0 ? "writes" : "reads";
}

// The first byte of the access that is not accessible.
uintptr_t first_bad_byte(const trace::MemoryMap& memory, uintptr_t address, uint32_t size) {
    for (uint32_t offset = 0; offset < size; ++offset)
        if (!memory.is_accessible(address + offset, 1)) return address + offset;
    return address;
}

// An overrun into the red zone of a live object damages nothing else: the code under test can go
// on, and what it does next may be worth reporting too (a lock in an object that is too small for
// it works as far as the red zone reaches).
bool stays_in_red_zone(const HeapObject* object, const Event& event) {
    return object != nullptr && object->is_live && object->kind != MemoryKind::PerCpu &&
           event.address >= object->address - trace::kHeapRedZone &&
           event.address + event.size <= object->address + object->size + trace::kHeapRedZone;
}

// kfree() takes what kmalloc() and kmem_cache_alloc() gave.
bool agree(MemoryKind expected, MemoryKind actual) {
    const auto is_slab = [](MemoryKind kind) {
        return kind == MemoryKind::Slab || kind == MemoryKind::Cache;
    };
    return expected == actual || (is_slab(expected) && is_slab(actual));
}

}  // namespace

void MemorySafety::on_event(const Event& event) {
    if (event.kind == EventKind::Free) {
        on_free(event);
        return;
    }
    if (context_.memory.is_accessible(event.address, event.size)) [[likely]]
        return;
    const Diagnosis diagnosis = diagnose(event);
    report(event, diagnosis, !stays_in_red_zone(diagnosis.object, event));
}

MemorySafety::Diagnosis MemorySafety::diagnose(const Event& event) const {
    const std::string who = subject_of(event);
    const uintptr_t bad = first_bad_byte(context_.memory, event.address, event.size);
    trace::AddressInfo place = context_.memory.classify(bad);
    if (place.object == nullptr &&
        bad != event.address) {  // it runs out of the object in which it begins
        const trace::AddressInfo start = context_.memory.classify(event.address);
        if (start.object != nullptr) place = start;
    }
    switch (place.region) {
        case Region::NullPage:
            return {"null-dereference", who + " through a null pointer", nullptr};
        case Region::ErrorPointer:
            return {"null-dereference",
                    who + " through an error pointer (ERR_PTR) that was not checked with IS_ERR()",
                    nullptr};
        case Region::Heap:
        case Region::PerCpu:
            if (place.object != nullptr)
                return diagnose_object(*place.object,
                                       context_.memory.classify(event.address).canonical,
                                       event.size, who);
            return {"out-of-bounds", who + " beyond a per-CPU variable", nullptr};
        case Region::PerCpuTemplate:
            return {"percpu-template",
                    who + " at the address of the per-CPU variable itself, which is no CPU's copy",
                    place.object};
        case Region::User:
            return {"user-pointer", who + " through a pointer to user memory", nullptr};
        default:
            break;
    }
    return {"wild-access", who + " where there is no memory", nullptr};
}

MemorySafety::Diagnosis MemorySafety::diagnose_object(const HeapObject& object, uintptr_t address,
                                                      uint32_t size, const std::string& who) const {
    const std::string what = " an object of " + bytes(object.size) + " (" + object.function + ")";
    if (!object.is_live)
        return {"use-after-free", who + " in" + what + " that has been freed", &object};
    if (address < object.address)
        return {"out-of-bounds", who + ", " + bytes(object.address - address) + " before" + what,
                &object};
    const uint64_t end = object.address + object.size;
    if (address >= end)
        return {"out-of-bounds", who + ", " + bytes(address - end) + " beyond" + what, &object};
    return {"out-of-bounds",
            who + " of which " + bytes(address + size - end) + " lie beyond" + what, &object};
}

void MemorySafety::on_free(const Event& event) {
    const std::string function = text_of(event.text, "kfree");
    const HeapObject* object = context_.memory.find_object(event.address);
    if (object == nullptr || object->address != event.address) {
        const char* where = object != nullptr ? "() a pointer into the middle of an object"
                                              : "() a pointer that no allocation returned";
        report(
            event,
            {.id = "invalid-free", .message = "{0} passes " + function + where, .object = object},
            false);
    } else if (!object->is_live) {
        report(event,
               {.id = "double-free",
                .message = "{0} frees an object of " + bytes(object->size) + " again",
                .object = object},
               false);
    } else if (!agree(static_cast<MemoryKind>(event.flags), object->kind)) {
        report(event,
               {.id = "invalid-free",
                .message =
                    "{0} frees with " + function + "() what " + object->function + "() allocated",
                .object = object},
               false);
    }
}

void MemorySafety::report(const Event& event, const Diagnosis& diagnosis, bool ends_execution) {
    const Site here = site_of(event);
    Site other;
    const HeapObject* object = diagnosis.object;
    const bool was_freed = object != nullptr && !object->is_live;
    if (object != nullptr) {
        other.path = was_freed ? object->freed_by : object->allocated_by;
        other.pc = was_freed ? object->freed_at : object->allocated_at;
        other.number = ~uint64_t{0};  // the map keeps the place, not the event
    }
    if (!wants(context_.sink, diagnosis.id, Severity::Error, here, other, event.address)) return;
    trace::Finding finding;
    finding.id = diagnosis.id;
    finding.message = diagnosis.message;
    finding.address = event.address;
    finding.size = event.size;
    finding.sites.push_back(finding_site(here, role_of(event)));
    if (other.is_known())
        finding.sites.push_back(
            finding_site(other, was_freed ? "was freed by" : "was allocated by"));
    finding.ends_execution = ends_execution;
    finding.corrupts_memory = object != nullptr;
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
