// Splitting what is left of a search: the parts together run what the whole would have, in order.
#include <gtest/gtest.h>

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/prng.hpp"
#include "explore/bounded.hpp"
#include "explore/pct.hpp"
#include "explore/pos.hpp"
#include "explore/random.hpp"
#include "explore/sleep_sets.hpp"

namespace kloom::explore {
namespace {

// A tree of choices of its own for each seed: how many alternatives there are, what they cost and
// what they touch follows from the choices before.
class RandomTree {
  public:
    explicit RandomTree(uint64_t seed) : seed_(seed) {}

    // One execution; the indices chosen, and whether it was abandoned.
    std::string run(Strategy& strategy) const {
        std::string choices;
        uint64_t state = seed_;
        for (uint64_t position = 1; position <= kPoints; ++position) {
            base::Prng prng(state);
            std::vector<trace::Alternative> alternatives(2 + prng.below(2));
            for (size_t index = 0; index < alternatives.size(); ++index) {
                trace::Alternative& alternative = alternatives[index];
                alternative.choice.cpu = trace::CpuId(static_cast<uint16_t>(index));
                alternative.cost = index == 0 ? 0 : static_cast<uint8_t>(prng.below(2));
                alternative.footprint = {.address = 8 * prng.below(3),
                                         .size = 8,
                                         .scope = trace::Scope::Memory,
                                         .is_write = prng.below(2) == 0,
                                         .cpu = alternative.choice.cpu};
            }
            const size_t chosen = strategy.choose(
                {.position = position, .running = trace::kNoPath, .alternatives = alternatives});
            if (chosen == trace::Chooser::kAbandon) return choices + "x";
            choices += static_cast<char>('0' + chosen);
            state = base::Prng(state * 4 + chosen).next();
        }
        return choices;
    }

  private:
    static constexpr uint64_t kPoints = 12;  // more than a branch is divided into
    uint64_t seed_;
};

// At most so many executions of the strategy; those of random strategies never end.
constexpr size_t kExecutionsMax = 1000;

std::vector<std::string> run_whole(const RandomTree& tree, Strategy& strategy) {
    std::vector<std::string> executions;
    while (executions.size() < kExecutionsMax && strategy.begin_execution()) {
        executions.push_back(tree.run(strategy));
        strategy.end_execution({});
    }
    EXPECT_FALSE(strategy.has_diverged());
    return executions;
}

// Splits after every `executions_per_part` executions; each part by a strategy that knows nothing
// of the others.
template <class Make>
std::vector<std::string> run_in_parts(const RandomTree& tree, size_t executions_per_part,
                                      const Make& make) {
    std::vector<std::string> executions;
    std::list<std::unique_ptr<Strategy>> strategies;
    strategies.push_back(make());
    while (!strategies.empty()) {
        Strategy& strategy = *strategies.front();
        for (size_t count = 0; count < executions_per_part && executions.size() < kExecutionsMax &&
                               strategy.begin_execution();
             ++count) {
            executions.push_back(tree.run(strategy));
            strategy.end_execution({});
        }
        EXPECT_FALSE(strategy.has_diverged());
        if (executions.size() >= kExecutionsMax) break;
        std::list<std::unique_ptr<Strategy>> rest;
        if (!strategy.is_complete()) {
            for (const Part& part : strategy.split()) {
                rest.push_back(make());
                rest.back()->take_part(part);
            }
        }
        strategies.pop_front();
        strategies.splice(strategies.begin(), rest);
    }
    return executions;
}

template <class Make>
void expect_parts_to_be_the_whole(const Make& make) {
    for (uint64_t seed = 1; seed <= 50; ++seed) {
        const RandomTree tree(seed);
        const std::vector<std::string> whole = run_whole(tree, *make());
        for (const size_t executions_per_part : {1, 2, 7, 50})
            EXPECT_EQ(run_in_parts(tree, executions_per_part, make), whole)
                << "seed " << seed << ", split after " << executions_per_part;
    }
}

TEST(Split, PartsOfABoundedSearchAreTheWhole) {
    for (const int bound : {0, 1, 3})
        expect_parts_to_be_the_whole([=] { return std::make_unique<BoundedSearch>(bound); });
}

TEST(Split, PartsOfASearchWithSleepSetsAreTheWhole) {
    expect_parts_to_be_the_whole([] { return std::make_unique<SleepSetSearch>(); });
}

TEST(Split, PartsOfARandomSearchAreTheWhole) {
    expect_parts_to_be_the_whole([] {
        std::vector<std::unique_ptr<Picker>> pickers;
        pickers.push_back(std::make_unique<PctPicker>());
        pickers.push_back(std::make_unique<PosPicker>());
        pickers.push_back(std::make_unique<UniformPicker>());
        return std::make_unique<RandomSearch>(7, std::move(pickers));
    });
}

}  // namespace
}  // namespace kloom::explore
