#include "percpu/rwlock.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

#include "percpu/detail/fence.hpp"
#include "percpu/fatal.hpp"

namespace percpu {
namespace {

constexpr std::uint32_t kWriter = 1;       // a writer has the lock or waits for the readers
constexpr std::uint32_t kNoSequences = 2;  // for good

void sleep_while(std::uint32_t& word, std::uint32_t value) {
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}
void wake(std::uint32_t& word) { syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0); }

std::uint32_t load(const std::uint32_t& word) { return __atomic_load_n(&word, __ATOMIC_SEQ_CST); }

}  // namespace

rwlock::rwlock()
    : readers_(allocate<std::uint64_t>()),
      closed_(detail::can_restart_sequences() ? 0 : kNoSequences),
      is_slow_(closed_ != 0) {
    if (!readers_) detail::fatal("no memory for a readers-writer lock");
}

rwlock::~rwlock() { pthread_mutex_destroy(&writers_); }

// ---- readers -------------------------------------------------------------------------------------------------------

// On the copy of threads without rseq, with a full barrier: either the writer sees this reader, or this reader the writer.
bool rwlock::enter_slowly() {
    __atomic_fetch_add(readers_.on(detail::kNoCpu), 1, __ATOMIC_SEQ_CST);
    if ((load(closed_) & kWriter) == 0) return true;
    unlock_shared_slowly();
    return false;
}

void rwlock::lock_shared_slowly() {
    while (!enter_slowly()) {  // as long as writers come
        const std::uint32_t seen = load(closed_);
        if ((seen & kWriter) != 0) sleep_while(closed_, seen);
    }
}

bool rwlock::try_lock_shared() {
    return detail::sequence::add_unless(readers_.handle(), 1, &closed_) || enter_slowly();
}

void rwlock::unlock_shared_slowly() {
    __atomic_fetch_sub(readers_.on(detail::kNoCpu), 1, __ATOMIC_SEQ_CST);
    if ((load(closed_) & kWriter) != 0) wake_writer();
}

void rwlock::wake_writer() {
    __atomic_fetch_add(&departures_, 1, __ATOMIC_SEQ_CST);
    wake(departures_);
}

// ---- writers -------------------------------------------------------------------------------------------------------

void rwlock::close() {
    __atomic_fetch_or(&closed_, kWriter, __ATOMIC_SEQ_CST);
    detail::restart_all_sequences();
}

void rwlock::open() {
    __atomic_fetch_and(&closed_, ~kWriter, __ATOMIC_SEQ_CST);
    wake(closed_);
}

// Pairs with what each reader left by, a sequence or a locked addition.
void rwlock::see_what_readers_did() const {
    readers_.for_each([](int, const std::uint64_t& copy) { __atomic_load_n(&copy, __ATOMIC_ACQUIRE); });
}

// The copies only go down now, but for readers who come, see the flag and leave. So what is read of each is at least what it will be
// when all have been read, and a sum of zero has missed nobody.
void rwlock::lock() {
    pthread_mutex_lock(&writers_);
    close();
    for (;;) {  // until the readers who were in are out
        const std::uint32_t seen = load(departures_);
        if (readers_.sum() == 0) break;
        sleep_while(departures_, seen);
    }
    see_what_readers_did();
}

bool rwlock::try_lock() {
    if (pthread_mutex_trylock(&writers_) != 0) return false;
    close();
    if (readers_.sum() == 0) {
        see_what_readers_did();
        return true;
    }
    unlock();
    return false;
}

void rwlock::unlock() {
    open();
    pthread_mutex_unlock(&writers_);
}

}  // namespace percpu
