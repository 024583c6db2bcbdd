// StepWords: what one event of a story is called: "reads V = 1", "takes lock", "irq 19 interrupts
// kthread/0".
#pragma once

#include <string>
#include <vector>

#include "report/names.hpp"
#include "report/story.hpp"

namespace kloom::report {

class StepWords {
  public:
    // All outlive this object.
    StepWords(const trace::Recording& recording, const trace::Symbols& symbols, Names& names);

    // Everything of a step but its number and its note.
    // `is_granted`: a lock that is asked for is free.
    StoryStep step(const trace::RecordedEvent& recorded, bool is_granted = false);
    // A step for a site that no event stands for: the instruction that a fault ended.
    StoryStep step(const trace::FindingSite& site);

  private:
    std::string words(const trace::RecordedEvent& recorded, StoryStep& step, bool is_granted);
    std::string access(const trace::Event& event, StoryStep& step);
    std::string lock(const trace::RecordedEvent& recorded, bool is_granted);
    std::string memory(const trace::RecordedEvent& recorded);
    std::string path_change(const trace::RecordedEvent& recorded);
    std::string context_change(const trace::RecordedEvent& recorded) const;
    std::string path_name(uint64_t id, uint64_t number) const;
    bool holds_pointers(uintptr_t address) const;
    uintptr_t last_place(const trace::RecordedEvent& recorded) const;
    void locate(StoryStep& step, uintptr_t pc) const;

    const trace::Recording& recording_;
    const trace::Symbols& symbols_;
    Names& names_;
    std::vector<uintptr_t> pointers_;  // where addresses were seen; sorted
};

}  // namespace kloom::report
