#include "operations.hpp"

#include <cstring>

#include "percpu/detail/sequence.hpp"

namespace force {

namespace sequence = percpu::detail::sequence;

// ---- compiled functions --------------------------------------------------------------------------------------------

// Twice: the breakpoints are in the first, the second is what interferes.
#define FORCE_FUNCTION(name, ...)                                                                 \
    extern "C" [[gnu::noinline]] std::uint64_t force_##name(const Arguments& x) { __VA_ARGS__ }   \
    extern "C" [[gnu::noinline]] std::uint64_t interfere_##name(const Arguments& x) { __VA_ARGS__ }
#define FORCE_UPDATE(name, W, bytes)                                 \
    FORCE_FUNCTION(name##_##bytes, sequence::name<W>(x.handle, static_cast<W>(x.a)); return 0;)
#define FORCE_RESULT(name, W, bytes)                                 \
    FORCE_FUNCTION(name##_##bytes, return sequence::name<W>(x.handle, static_cast<W>(x.a));)
#define FORCE_SIZE(W, bytes)                                         \
    FORCE_UPDATE(add, W, bytes)                                      \
    FORCE_UPDATE(bit_and, W, bytes)                                  \
    FORCE_UPDATE(bit_or, W, bytes)                                   \
    FORCE_UPDATE(bit_xor, W, bytes)                                  \
    FORCE_UPDATE(write, W, bytes)                                    \
    FORCE_RESULT(add_return, W, bytes)                               \
    FORCE_RESULT(exchange, W, bytes)                                 \
    FORCE_FUNCTION(read_##bytes, return sequence::read<W>(x.handle);) \
    FORCE_FUNCTION(compare_exchange_##bytes,                         \
                   return sequence::compare_exchange<W>(x.handle, static_cast<W>(x.b), static_cast<W>(x.a));)

FORCE_SIZE(std::uint8_t, 1)
FORCE_SIZE(std::uint16_t, 2)
FORCE_SIZE(std::uint32_t, 4)
FORCE_SIZE(std::uint64_t, 8)
FORCE_FUNCTION(compare_exchange_16, return sequence::compare_exchange_16(x.handle, {x.b, x.b}, {x.a, x.a}).low;)
FORCE_FUNCTION(add_unless, return sequence::add_unless(x.handle, x.a, x.flag);)
FORCE_FUNCTION(acquire, std::uintptr_t where; return sequence::acquire(x.handle, x.a, &where);)
FORCE_FUNCTION(stack_push, return sequence::stack_push(x.handle, x.a, kStackCapacity);)
FORCE_FUNCTION(stack_pop, std::uint64_t item = 0; return sequence::stack_pop(x.handle, &item) ? item : 0;)
FORCE_FUNCTION(list_push, return sequence::list_push(x.handle, x.node);)
FORCE_FUNCTION(list_pop, void* node = nullptr;
               return sequence::list_pop(x.handle, &node) && node != nullptr ? static_cast<Node*>(node)->id : 0;)

// ---- models --------------------------------------------------------------------------------------------------------

namespace {

std::uint64_t truncated(std::uint64_t value, int bytes) {
    return bytes >= 8 ? value : value & ((std::uint64_t{1} << 8 * bytes) - 1);
}

template <std::uint64_t (*kNew)(std::uint64_t, const Arguments&), bool kReturnsNew, bool kReturnsOld>
Outcome number_model(const State& before, const Arguments& x, int bytes) {
    const std::uint64_t old = std::stoull(before.copy);
    const std::uint64_t value = truncated(kNew(old, x), bytes);
    return {{std::to_string(value), before.is_flag_set}, kReturnsNew ? value : kReturnsOld ? old : 0};
}

std::uint64_t add(std::uint64_t old, const Arguments& x) { return old + x.a; }
std::uint64_t bit_and(std::uint64_t old, const Arguments& x) { return old & x.a; }
std::uint64_t bit_or(std::uint64_t old, const Arguments& x) { return old | x.a; }
std::uint64_t bit_xor(std::uint64_t old, const Arguments& x) { return old ^ x.a; }
std::uint64_t write(std::uint64_t, const Arguments& x) { return x.a; }
std::uint64_t read(std::uint64_t old, const Arguments&) { return old; }

Outcome compare_exchange(const State& before, const Arguments& x, int bytes) {
    const std::uint64_t old = std::stoull(before.copy);
    const bool stores = old == truncated(x.b, bytes);
    return {{std::to_string(stores ? truncated(x.a, bytes) : old), before.is_flag_set}, old};
}

Outcome add_unless(const State& before, const Arguments& x, int) {
    if (before.is_flag_set) return {before, 0};
    return {{std::to_string(std::stoull(before.copy) + x.a), false}, 1};
}

Outcome acquire(const State& before, const Arguments& x, int) {
    if (before.copy != "0") return {before, 0};
    return {{std::to_string(x.a), before.is_flag_set}, 1};
}

// A stack's or list's state is its items, last first, each with a blank behind it.
std::size_t length(const std::string& items) {
    std::size_t count = 0;
    for (const char c : items) count += c == ' ';
    return count;
}

Outcome push(const State& before, std::uint64_t item) {
    return {{std::to_string(item) + " " + before.copy, before.is_flag_set}, 1};
}

Outcome pop(const State& before, const Arguments&, int) {
    if (before.copy.empty()) return {before, 0};
    const std::size_t end = before.copy.find(' ');
    return {{before.copy.substr(end + 1), before.is_flag_set}, std::stoull(before.copy.substr(0, end))};
}

Outcome stack_push(const State& before, const Arguments& x, int) {
    return length(before.copy) == kStackCapacity ? Outcome{before, 0} : push(before, x.a);
}

Outcome list_push(const State& before, const Arguments& x, int) { return push(before, x.node->id); }

std::vector<Operation> make_operations() {
    std::vector<Operation> all;
#define FORCE_NUMBER(name, bytes, model) \
    all.push_back({#name "_" #bytes, force_##name##_##bytes, interfere_##name##_##bytes, Kind::kNumber, bytes, model});
#define FORCE_NUMBERS(bytes)                                                      \
    FORCE_NUMBER(add, bytes, (number_model<add, false, false>))                   \
    FORCE_NUMBER(bit_and, bytes, (number_model<bit_and, false, false>))           \
    FORCE_NUMBER(bit_or, bytes, (number_model<bit_or, false, false>))             \
    FORCE_NUMBER(bit_xor, bytes, (number_model<bit_xor, false, false>))           \
    FORCE_NUMBER(write, bytes, (number_model<write, false, false>))               \
    FORCE_NUMBER(add_return, bytes, (number_model<add, true, false>))             \
    FORCE_NUMBER(exchange, bytes, (number_model<write, false, true>))             \
    FORCE_NUMBER(compare_exchange, bytes, compare_exchange)                       \
    FORCE_NUMBER(read, bytes, (number_model<read, false, true>))                  \
    all.back().changes_the_copy = false;
    FORCE_NUMBERS(1) FORCE_NUMBERS(2) FORCE_NUMBERS(4) FORCE_NUMBERS(8)
    all.push_back({"compare_exchange_16", force_compare_exchange_16, interfere_compare_exchange_16, Kind::kPair, 16, compare_exchange});
    all.push_back({"add_unless", force_add_unless, interfere_add_unless, Kind::kFlag, 8, add_unless});
    all.push_back({"acquire", force_acquire, interfere_acquire, Kind::kLock, 8, acquire});
    all.push_back({"stack_push", force_stack_push, interfere_stack_push, Kind::kStack, 8, stack_push});
    all.push_back({"stack_pop", force_stack_pop, interfere_stack_pop, Kind::kStack, 8, pop});
    all.push_back({"list_push", force_list_push, interfere_list_push, Kind::kList, 8, list_push});
    all.push_back({"list_pop", force_list_pop, interfere_list_pop, Kind::kList, 8, pop});
    return all;
}

}  // namespace

const std::vector<Operation>& operations() {
    static const std::vector<Operation> all = make_operations();
    return all;
}

// ---- copies --------------------------------------------------------------------------------------------------------

// Numbers differ by CPU but for what compare_exchange expects, so that a value read on the wrong CPU shows.
void set_up(const Operation& operation, void* copy, int cpu, Node* nodes) {
    auto* const words = static_cast<std::uint64_t*>(copy);
    std::memset(copy, 0, 128);
    switch (operation.kind) {
        case Kind::kNumber:
        case Kind::kFlag:
            words[0] = operation.model == compare_exchange ? 20 : static_cast<std::uint64_t>(20 + 10 * cpu);
            break;
        case Kind::kPair:
            words[0] = words[1] = 20;
            break;
        case Kind::kLock:
            break;
        case Kind::kStack:
            words[0] = 2;
            words[1] = static_cast<std::uint64_t>(30 + 10 * cpu);
            words[2] = static_cast<std::uint64_t>(31 + 10 * cpu);
            break;
        case Kind::kList: {
            Node* const mine = &nodes[2 * (cpu + 1)];
            mine[0] = {&mine[1], static_cast<std::uint64_t>(50 + 10 * cpu)};
            mine[1] = {nullptr, static_cast<std::uint64_t>(51 + 10 * cpu)};
            words[0] = reinterpret_cast<std::uint64_t>(mine);
            break;
        }
    }
}

std::string state_of(const Operation& operation, const void* copy) {
    const auto* const words = static_cast<const std::uint64_t*>(copy);
    std::string text;
    switch (operation.kind) {
        case Kind::kNumber:
        case Kind::kFlag:
        case Kind::kLock:
            return std::to_string(words[0]);
        case Kind::kPair:
            return words[0] == words[1] ? std::to_string(words[0]) : "torn";
        case Kind::kStack:
            if (words[0] > kStackCapacity) return "broken";
            for (std::uint64_t i = words[0]; i > 0; --i) text += std::to_string(words[i]) + " ";
            return text;
        case Kind::kList: {
            int nodes = 0;
            for (auto* node = reinterpret_cast<const Node*>(words[0]); node != nullptr; node = node->next) {
                if (++nodes > kNodes) return "broken";
                text += std::to_string(node->id) + " ";
            }
            return text;
        }
    }
    return "";
}

}  // namespace force
