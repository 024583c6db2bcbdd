// Random numbers for modules. The generator starts from the same seed in every execution and is
// advanced by each call, so one schedule always gives the same numbers.
#include <algorithm>
#include <cstring>

#include "base/prng.hpp"
#include "kernel/lib/random.hpp"
#include "kernel/module_access.hpp"

#include <linux/prandom.h>
#include <linux/random.h>

namespace kloom::kernel {
namespace {

constexpr uint64_t kSeed = 0x6b6c6f6f6d;  // "kloom"

constinit base::Prng g_generator(kSeed);

void fill_random(void* buffer, size_t size) {
    auto* bytes = static_cast<char*>(buffer);
    for (size_t done = 0; done < size; done += sizeof(uint64_t)) {
        const uint64_t number = g_generator.next();
        std::memcpy(bytes + done, &number, std::min(sizeof number, size - done));
    }
}

}  // namespace

void reset_random() {
    g_generator = base::Prng(kSeed);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

void get_random_bytes(void* buf, size_t len) {
    KLOOM_API();
    note_write(buf, len);
    fill_random(buf, len);
}

u8 get_random_u8(void) {
    return static_cast<u8>(g_generator.next());
}
u16 get_random_u16(void) {
    return static_cast<u16>(g_generator.next());
}
u32 get_random_u32(void) {
    return static_cast<u32>(g_generator.next());
}
u64 get_random_u64(void) {
    return g_generator.next();
}
u32 get_random_u32_below(u32 ceil) {
    return ceil == 0 ? 0 : static_cast<u32>(g_generator.below(ceil));
}
int wait_for_random_bytes(void) {
    return 0;
}
bool rng_is_initialized(void) {
    return true;
}

// The combined Tausworthe generator LFSR113 (L'Ecuyer 1999, "Tables of maximally equidistributed
// combined LFSR generators").
u32 prandom_u32_state(struct rnd_state* state) {
    KLOOM_API();
    note_read(state, sizeof *state);
    note_write(state, sizeof *state);
    auto step = [](u32 s, unsigned a, unsigned b, u32 mask, unsigned shift) {
        return (s & mask) << shift ^ ((s << a) ^ s) >> b;
    };
    state->s1 = step(state->s1, 6, 13, 4294967294u, 18);
    state->s2 = step(state->s2, 2, 27, 4294967288u, 2);
    state->s3 = step(state->s3, 13, 21, 4294967280u, 7);
    state->s4 = step(state->s4, 3, 12, 4294967168u, 13);
    return state->s1 ^ state->s2 ^ state->s3 ^ state->s4;
}

void prandom_bytes_state(struct rnd_state* state, void* buf, size_t nbytes) {
    KLOOM_API();
    auto* bytes = static_cast<char*>(buf);
    note_write(bytes, nbytes);
    for (size_t done = 0; done < nbytes; done += sizeof(u32)) {
        const u32 number = prandom_u32_state(state);
        std::memcpy(bytes + done, &number, std::min(sizeof number, nbytes - done));
    }
}

}  // extern "C"
