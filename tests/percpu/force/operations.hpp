// The operations under force: each compiled as a function of its own, and its model.
//
// A copy's state is a text, so that one kind of check serves numbers, stacks and lists.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "percpu/detail/layout.hpp"

namespace force {

using percpu::detail::Handle;

constexpr std::uint64_t kStackCapacity = 4;
constexpr int kNodes = 8;  // two of each copy, one of each who pushes

struct Node {
    Node* next;
    std::uint64_t id;
};

// Shared by the tracer and the process under force.
struct Arguments {
    Handle handle;
    std::uint64_t a;
    std::uint64_t b;
    const std::uint32_t* flag;
    Node* node;
};

using Function = std::uint64_t (*)(const Arguments&);

enum class Kind { kNumber, kPair, kFlag, kLock, kStack, kList };

// What a copy and the flag are, before and after.
struct State {
    std::string copy;
    bool is_flag_set = false;
};

struct Outcome {
    State state;
    std::uint64_t result;
};

struct Operation {
    std::string name;
    Function function;    // force_<name>
    Function interfering;
    Kind kind;
    int bytes;
    Outcome (*model)(const State&, const Arguments&, int bytes);
    bool changes_the_copy = true;
};

const std::vector<Operation>& operations();

// Puts a copy into the state that its CPU starts with, and reads it.
void set_up(const Operation& operation, void* copy, int cpu, Node* nodes);
std::string state_of(const Operation& operation, const void* copy);

}  // namespace force
