// PCT and POS: how often they meet an order of steps that a defect needs, and that a spin loop
// does not keep others from going on.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "../machine/toy_program.hpp"
#include "explore/pct.hpp"
#include "explore/pos.hpp"
#include "explore/random.hpp"

namespace kloom::explore {
namespace {

using machine::machine;
using tests::ToyProgram;

constexpr uint64_t kSeed = 11;

template <class OnePicker, class... Arguments>
RandomSearch search_with(Arguments... arguments) {
    std::vector<std::unique_ptr<Picker>> pickers;
    pickers.push_back(std::make_unique<OnePicker>(arguments...));
    return RandomSearch(kSeed, std::move(pickers));
}

// Path 0 and path 1, on CPUs of their own, take `length` steps each; only the step in the middle
// touches what the other touches there. Returns how many of `executions` have path 1's before
// path 0's.
int count_reversed(RandomSearch& search, int executions, int length) {
    int reversed = 0;
    for (int execution = 0; execution < executions; ++execution) {
        EXPECT_TRUE(search.begin_execution());
        std::array<int, 2> done = {0, 0};
        uint16_t running = 0;
        bool second_was_first = false;
        for (uint64_t position = 1; done[0] + done[1] < 2 * length; ++position) {
            std::vector<trace::Alternative> alternatives;
            for (const uint16_t path : {running, static_cast<uint16_t>(1 - running)}) {
                if (done[path] == length) continue;
                const bool is_shared = done[path] == length / 2;
                const uint64_t own = 1000u + 8u * static_cast<unsigned>(done[path]);
                alternatives.push_back(
                    {.choice = {.cpu = trace::CpuId(path)},
                     .path = trace::PathId(path),
                     .footprint = {.address = is_shared ? 8 : own + 10'000u * path,
                                   .size = 8,
                                   .scope = trace::Scope::Memory,
                                   .cpu = trace::CpuId(path)}});
            }
            const size_t chosen = search.choose({.position = position,
                                                 .running = trace::PathId(running),
                                                 .alternatives = alternatives});
            running = alternatives[chosen].path.value;
            if (running == 1 && done[1] == length / 2) second_was_first = done[0] <= length / 2;
            ++done[running];
        }
        search.end_execution({});
        reversed += second_was_first ? 1 : 0;
    }
    return reversed;
}

// Of two paths each has the higher priority half of the time.
TEST(PctPicker, MeetsADefectOfDepthOneAsOftenAsItGuarantees) {
    constexpr int kExecutions = 600;
    RandomSearch search = search_with<PctPicker>();

    const int reversed = count_reversed(search, kExecutions, 20);

    EXPECT_GT(reversed, kExecutions / 3);
    EXPECT_LT(reversed, 2 * kExecutions / 3);
}

TEST(PctPicker, TheChanceOfAMissIsThatOfThePaper) {
    const PctSpace space{.paths = 4, .points = 10};
    EXPECT_DOUBLE_EQ(pct_miss_chance(1, 1, space), 1 - 1.0 / 4);
    EXPECT_DOUBLE_EQ(pct_miss_chance(1, 2, space), 1 - 1.0 / 40);
    EXPECT_NEAR(pct_miss_chance(3, 3, space), (1 - 1.0 / 400) * (1 - 1.0 / 400) * (1 - 1.0 / 400),
                1e-12);
    EXPECT_EQ(pct_miss_chance(1000, 1, PctSpace{}), 1) << "nothing is known of the program";
}

TEST(PctPicker, SaysHowLargeTheSpaceIs) {
    PctSpace space;
    RandomSearch search = search_with<PctPicker>(&space);

    count_reversed(search, 5, 20);

    EXPECT_EQ(space.paths, 2u);
    EXPECT_EQ(space.points, PctPicker::kLengthSlack * 40);
}

// Steps that race with nothing do not change who comes first at the one that does.
TEST(PosPicker, BothOrdersOfARaceAreAboutAsLikely) {
    constexpr int kExecutions = 600;
    RandomSearch search = search_with<PosPicker>();

    const int reversed = count_reversed(search, kExecutions, 21);

    EXPECT_GT(reversed, kExecutions / 3);
    EXPECT_LT(reversed, 2 * kExecutions / 3);
}

// Two tasks spin until a third has done what they wait for, all on CPUs of their own.
TEST(RandomSearch, SpinLoopsAreFair) {
    constexpr int kExecutions = 60;
    machine::MachineConfig config;
    config.cpus = config.possible_cpus = 3;
    config.events_max = 20'000;  // an execution in which the third is starved has more
    ToyProgram toy(config);
    int flag = 0;
    toy.share(&flag, sizeof flag);
    toy.setup = [&] { flag = 0; };
    for (int spinner = 0; spinner < 2; ++spinner)
        toy.tasks.push_back([&] {
            while (ToyProgram::read(flag) == 0) machine().relax(1);
        });
    toy.tasks.push_back([&] {
        for (int step = 0; step < 30; ++step) ToyProgram::read(flag);
        ToyProgram::write(flag, 1);
    });
    std::vector<std::unique_ptr<Picker>> pickers;
    pickers.push_back(std::make_unique<PctPicker>());
    pickers.push_back(std::make_unique<PosPicker>());
    pickers.push_back(std::make_unique<UniformPicker>());
    RandomSearch search(kSeed, std::move(pickers));

    for (int execution = 0; execution < kExecutions; ++execution) {
        ASSERT_TRUE(search.begin_execution());
        const trace::ExecutionSummary summary = toy.run(search);
        search.end_execution(summary);
        EXPECT_EQ(summary.end, trace::ExecutionEnd::Complete) << "execution " << execution;
    }
}

}  // namespace
}  // namespace kloom::explore
