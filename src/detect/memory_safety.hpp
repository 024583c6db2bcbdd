// MemorySafety: accesses to memory that code may not touch, and frees of what cannot be freed.
//
// The memory map knows what every address means, so the finding says what went wrong: a null
// pointer, an ERR_PTR, a freed object, beyond an object, a per-CPU variable's template, a user
// pointer. A bad access ends the execution before it is carried out; a bad free is reported and
// ignored. Writes to read-only memory are left to the host's page protection.
#pragma once

#include "detect/detectors.hpp"
#include "detect/site.hpp"

namespace kloom::detect {

class MemorySafety final : public trace::Observer {
  public:
    explicit MemorySafety(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::Access, trace::EventKind::ObjectUse,
                                   trace::EventKind::Free);
    }
    void on_event(const trace::Event& event) override;

  private:
    struct Diagnosis {
        const char* id;
        std::string message;
        const trace::HeapObject* object;  // concerned, if any
    };

    Diagnosis diagnose(const trace::Event& event) const;
    Diagnosis diagnose_object(const trace::HeapObject& object, uintptr_t address, uint32_t size,
                              const std::string& who) const;
    void on_free(const trace::Event& event);
    void report(const trace::Event& event, const Diagnosis& diagnosis, bool ends_execution);

    DetectorContext context_;
};

}  // namespace kloom::detect
