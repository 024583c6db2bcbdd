// What the environment says about a property test.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace kloom::tests {

inline uint64_t number_from_environment(const char* name, uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace kloom::tests
