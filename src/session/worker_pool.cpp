#include "session/worker_pool.hpp"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <type_traits>

#include "session/faults.hpp"

namespace kloom::session {
namespace {

// ---- what goes through a socket -----------------------------------------------------------------

// Both ends are this program, so values go as they are in memory: first the number of bytes.
class Writer {
  public:
    template <class T>
    void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        const auto* bytes = reinterpret_cast<const char*>(&value);
        bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
    }
    template <class T>
    void put_all(const std::vector<T>& values) {
        put(values.size());
        for (const T& value : values) put(value);
    }
    const std::vector<char>& bytes() const { return bytes_; }

  private:
    std::vector<char> bytes_;
};

class Reader {
  public:
    explicit Reader(const std::vector<char>& bytes) : bytes_(bytes) {}

    template <class T>
    T get() {
        T value{};
        std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(at_), sizeof value,
                    reinterpret_cast<char*>(&value));
        at_ += sizeof value;
        return value;
    }
    template <class T>
    std::vector<T> get_all() {
        std::vector<T> values(get<size_t>());
        for (T& value : values) value = get<T>();
        return values;
    }

  private:
    const std::vector<char>& bytes_;
    size_t at_ = 0;
};

bool send_all(int socket, const char* bytes, size_t size) {
    while (size != 0) {  // ends: something is sent each time
        const ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent;
        size -= static_cast<size_t>(sent);
    }
    return true;
}

bool receive_all(int socket, char* bytes, size_t size) {
    while (size != 0) {  // ends: something is received each time
        const ssize_t received = recv(socket, bytes, size, 0);
        if (received < 0 && errno == EINTR) continue;
        if (received <= 0) return false;
        bytes += received;
        size -= static_cast<size_t>(received);
    }
    return true;
}

bool send_message(int socket, const std::vector<char>& message) {
    const size_t size = message.size();
    return send_all(socket, reinterpret_cast<const char*>(&size), sizeof size) &&
           send_all(socket, message.data(), size);
}

std::optional<std::vector<char>> receive_message(int socket) {
    size_t size = 0;
    if (!receive_all(socket, reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
    std::vector<char> message(size);
    if (!receive_all(socket, message.data(), size)) return std::nullopt;
    return message;
}

std::vector<char> message_of(const explore::Part& part) {
    Writer writer;
    writer.put_all(part);
    return writer.bytes();
}

std::vector<char> message_of(const PartResult& result) {
    Writer writer;
    writer.put_all(result.records);
    writer.put(result.schedules.size());
    for (const trace::Schedule& schedule : result.schedules) writer.put_all(schedule);
    writer.put(result.rest.size());
    for (const explore::Part& part : result.rest) writer.put_all(part);
    writer.put(result.progress);
    writer.put(result.leaves_something_out);
    writer.put(result.has_diverged);
    return writer.bytes();
}

PartResult result_of(const std::vector<char>& message) {
    Reader reader(message);
    PartResult result;
    result.records = reader.get_all<ExecutionRecord>();
    result.schedules.resize(reader.get<size_t>());
    for (trace::Schedule& schedule : result.schedules)
        schedule = reader.get_all<trace::Deviation>();
    result.rest.resize(reader.get<size_t>());
    for (explore::Part& part : result.rest) part = reader.get_all<uint32_t>();
    result.progress = reader.get<double>();
    result.leaves_something_out = reader.get<bool>();
    result.has_diverged = reader.get<bool>();
    return result;
}

// ---- the worker's side --------------------------------------------------------------------------

[[noreturn]] void run_worker(int socket, const WorkerPool::PartWork& work) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);  // whoever started it decides what an interrupted search does
    signal(SIGTERM, SIG_DFL);
    start_watchdog();
    while (const auto message = receive_message(socket)) {
        const PartResult result = work(Reader(*message).get_all<uint32_t>());
        if (!send_message(socket, message_of(result))) break;
    }
    _exit(0);
}

}  // namespace

// ---- the pool -----------------------------------------------------------------------------------

WorkerPool::WorkerPool(int workers, const PartWork& work) {
    for (int worker = 0; worker < workers && start_worker(work); ++worker) {
    }
}

bool WorkerPool::start_worker(const PartWork& work) {
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return false;
    const pid_t process = fork();
    if (process == 0) {
        close(sockets[0]);
        for (const Worker& other : workers_) close(other.socket);
        run_worker(sockets[1], work);
    }
    close(sockets[1]);
    if (process < 0) {
        close(sockets[0]);
        return false;
    }
    workers_.push_back({.process = process, .socket = sockets[0], .ticket = {}});
    return true;
}

WorkerPool::~WorkerPool() {
    for (Worker& worker : workers_)
        if (worker.process != 0) kill(worker.process, SIGKILL);
    std::vector<Done> lost;
    for (Worker& worker : workers_)
        if (worker.process != 0) bury(worker, lost);
}

// Its part is nobody's then.
void WorkerPool::bury(Worker& worker, std::vector<Done>& done) {
    close(worker.socket);
    kill(worker.process, SIGKILL);
    while (waitpid(worker.process, nullptr, 0) < 0 && errno == EINTR) {
    }
    worker.process = 0;
    if (worker.ticket) done.push_back({*worker.ticket, std::nullopt});
    worker.ticket.reset();
}

bool WorkerPool::has_workers() const {
    return std::any_of(workers_.begin(), workers_.end(),
                       [](const Worker& worker) { return worker.process != 0; });
}

bool WorkerPool::has_idle() const {
    return std::any_of(workers_.begin(), workers_.end(), [](const Worker& worker) {
        return worker.process != 0 && !worker.ticket;
    });
}

void WorkerPool::start(size_t ticket, const explore::Part& part) {
    Worker& idle = *std::find_if(workers_.begin(), workers_.end(), [](const Worker& worker) {
        return worker.process != 0 && !worker.ticket;
    });
    idle.ticket = ticket;
    send_message(idle.socket, message_of(part));  // should it have died, wait() sees that
}

std::vector<WorkerPool::Done> WorkerPool::wait(int milliseconds) {
    std::vector<pollfd> polled;
    for (const Worker& worker : workers_)
        polled.push_back(
            {.fd = worker.process != 0 ? worker.socket : -1, .events = POLLIN, .revents = 0});
    std::vector<Done> done;
    if (poll(polled.data(), polled.size(), milliseconds) <= 0) return done;
    for (size_t index = 0; index < polled.size(); ++index) {
        if (polled[index].revents == 0) continue;
        Worker& worker = workers_[index];
        const auto message = receive_message(worker.socket);
        if (!message || !worker.ticket) {
            bury(worker, done);
            continue;
        }
        done.push_back({*worker.ticket, result_of(*message)});
        worker.ticket.reset();
    }
    return done;
}

int available_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    return std::max(1, CPU_COUNT(&set));
}

}  // namespace kloom::session
