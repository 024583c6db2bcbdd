// IrqRules: disable_irq() and enable_irq() must balance.
//
// An enable without a disable is an error at once (Linux: "Unbalanced enable for IRQ"). A line on
// which some enable had no effect, because it had been disabled more often, and which is still
// disabled when its handler is freed or the module is gone, has lost its interrupts. To disable a
// line once and free it then is fine.
#pragma once

#include <vector>

#include "detect/detectors.hpp"
#include "detect/site.hpp"

namespace kloom::detect {

class IrqRules final : public trace::Observer {
  public:
    explicit IrqRules(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override;
    void begin_execution() override { lines_.clear(); }
    void on_event(const trace::Event& event) override;

  private:
    struct Line {
        uint64_t number = 0;
        uint32_t depth = 0;
        bool enabled_in_vain = false;  // an enable left it disabled
        bool is_requested = false;
        Site disabled;  // the last time
    };

    Line& line(uint64_t number);
    void on_enable(const trace::Event& event);
    void on_end(Line& line, const trace::Event& event);

    DetectorContext context_;
    std::vector<Line> lines_;  // touched ones
};

}  // namespace kloom::detect
