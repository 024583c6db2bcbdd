#include "kernel/user/process.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "kernel/fs/vfs.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/user/user.hpp"

#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/sched.h>

namespace kloom::kernel {

namespace {

// Where the buffers of a process lie in its part of user memory.
constexpr size_t kReadBuffer = size_t{1} << 20;
constexpr size_t kWriteBuffer = size_t{2} << 20;
constexpr size_t kArgumentBuffer = size_t{3} << 20;
constexpr uint64_t kKillBit = uint64_t{1} << (kSignalKill - 1);

FileTable& files() {
    return kernel().vfs->files();
}

// Files of the machine itself that no module can see are used without a step.
bool is_private(const Node* node) {
    return node != nullptr && (node->kind == NodeKind::Memory ||
                               (node->kind == NodeKind::CharDevice && node->is_builtin));
}

// The same for a path, at which there may be no file yet.
bool is_private_path(const char* path) {
    NodeTree& tree = kernel().vfs->tree();
    if (const Node* node = tree.find(path); node != nullptr) return is_private(node);
    std::string_view name;
    return tree.find_parent(path, name) == tree.find("/tmp");
}

const char* message_of(int64_t error) {
    return strerrordesc_np(static_cast<int>(-error));
}

}  // namespace

Process::Process(UserService& users, int32_t pid) : users_(users), pid_(pid) {
    for (int descriptor = 0; descriptor < 3; ++descriptor)
        at(descriptor).kind = Descriptor::Kind::Terminal;
}

char* Process::user_buffer(size_t offset) const {
    return reinterpret_cast<char*>(memory_ + offset);
}

const std::string* Process::find_variable(const std::string& name) const {
    const auto found = variables_.find(name);
    return found != variables_.end() ? &found->second : nullptr;
}

void Process::free_texts(const TextMark& mark) {
    texts_.resize(mark.texts);
    words_.resize(mark.words);
    arrays_.resize(mark.arrays);
}

const std::string** Process::new_array(const std::deque<const std::string*>& words) {
    auto& array = arrays_.emplace_back(std::make_unique<const std::string*[]>(words.size()));
    std::copy(words.begin(), words.end(), array.get());
    return array.get();
}

// ---- entering and leaving the kernel ------------------------------------------------------------

void Process::enter_kernel() {
    machine().step_global(0);
    if (memory_ == 0) memory_ = kernel().vfs->user_memory().attach(*task);
}

void Process::leave_kernel(const char* call) {
    machine().emit({.kind = trace::EventKind::ReturnToUser, .text = call});
    check_signals();
}

// On the way back to user space: a pending signal ends the process, since no command here handles
// one.
void Process::check_signals() {
    TaskService& tasks = *kernel().tasks;
    TaskRecord& record = tasks.current();
    if (dying_of_ != 0 || !tasks.has_signal(record)) return;
    const uint64_t others = record.pending_signals & ~kKillBit;
    dying_of_ = others != 0 ? __builtin_ctzll(others) + 1 : kSignalKill;
}

void Process::survive() {
    dying_of_ = 0;
    kernel().tasks->clear_signals(kernel().tasks->current());
}

// ---- descriptors --------------------------------------------------------------------------------

int Process::free_descriptor() const {
    for (size_t index = 3; index < descriptors_.size(); ++index)
        if (descriptors_[index].kind == Descriptor::Kind::Closed) return static_cast<int>(index);
    return -EMFILE;
}

int Process::open(const char* path, int flags) {
    const int descriptor = free_descriptor();
    return descriptor < 0 ? descriptor : open_at(descriptor, path, flags);
}

int Process::open_at(int descriptor, const char* path, int flags) {
    const bool steps = !is_private_path(path);
    if (steps) enter_kernel();
    struct file* file = files().open(path, flags, 0644);
    if (!IS_ERR(file)) {
        close(descriptor);
        at(descriptor) = {.kind = Descriptor::Kind::File, .file = file};
    }
    if (steps) leave_kernel("open");
    return IS_ERR(file) ? static_cast<int>(PTR_ERR(file)) : descriptor;
}

void Process::release(Descriptor& descriptor) {
    const Descriptor old = descriptor;
    descriptor = {};
    if (old.kind != Descriptor::Kind::File) return;
    const bool is_last =
        std::none_of(descriptors_.begin(), descriptors_.end(),
                     [&old](const Descriptor& other) { return other.file == old.file; });
    const bool steps = !is_private(files().node_of(old.file));
    if (steps && is_last) enter_kernel();
    files().close(old.file);
    if (steps && is_last) leave_kernel("close");
}

void Process::close(int descriptor) {
    release(at(descriptor));
}

int Process::duplicate(int from, int to) {
    if (from < 0 || from >= kDescriptors || at(from).kind == Descriptor::Kind::Closed)
        return -EBADF;
    if (from == to) return to;
    close(to);
    if (at(from).file != nullptr) get_file(at(from).file);
    at(to) = at(from);
    return to;
}

// ---- reading and writing ------------------------------------------------------------------------

int64_t Process::read(int descriptor, size_t size, const char*& bytes) {
    Descriptor& source = at(descriptor);
    size = std::min(size, kReadBytesMax);
    bytes = "";
    switch (source.kind) {
        case Descriptor::Kind::Closed:
            return -EBADF;
        case Descriptor::Kind::Terminal:
        case Descriptor::Kind::Capture:
            return 0;
        case Descriptor::Kind::Text: {
            const size_t count = std::min(size, source.text->size() - source.position);
            bytes = source.text->data() + source.position;
            source.position += count;
            return static_cast<int64_t>(count);
        }
        case Descriptor::Kind::File:
            break;
    }
    enter_kernel();
    const int64_t count = files().read_next(source.file, user_buffer(kReadBuffer), size);
    bytes = user_buffer(kReadBuffer);
    leave_kernel("read");
    return is_dying() && count < 0 ? -EINTR : count;
}

int64_t Process::write_file(struct file* file, std::string_view bytes) {
    enter_kernel();
    char* buffer = user_buffer(kWriteBuffer);
    std::memcpy(buffer, bytes.data(), bytes.size());
    kernel().vfs->user_memory().note_written(reinterpret_cast<uintptr_t>(buffer) + bytes.size());
    const int64_t count = files().write_next(file, buffer, bytes.size());
    leave_kernel("write");
    return is_dying() && count < 0 ? -EINTR : count;
}

int64_t Process::write(int descriptor, std::string_view bytes) {
    Descriptor& target = at(descriptor);
    bytes = bytes.substr(0, kReadBytesMax);
    switch (target.kind) {
        case Descriptor::Kind::Closed:
        case Descriptor::Kind::Text:
            return -EBADF;
        case Descriptor::Kind::Terminal:
            output_ += bytes;
            users_.show_output(*this, bytes);
            return static_cast<int64_t>(bytes.size());
        case Descriptor::Kind::Capture:
            target.text->append(bytes);
            if (target.limit != 0 && target.text->size() >= target.limit) end_by(kSignalPipe);
            return static_cast<int64_t>(bytes.size());
        case Descriptor::Kind::File:
            break;
    }
    return write_file(target.file, bytes);
}

int64_t Process::write_all(int descriptor, std::string_view bytes) {
    const auto size = static_cast<int64_t>(bytes.size());
    while (!bytes.empty() && !is_dying()) {
        const int64_t count = write(descriptor, bytes);
        if (count < 0) return count;
        bytes.remove_prefix(static_cast<size_t>(count));
    }
    return is_dying() ? -EINTR : size;
}

int64_t Process::seek(int descriptor, int64_t offset, int whence) {
    const Descriptor& target = at(descriptor);
    if (target.kind != Descriptor::Kind::File) return -ESPIPE;
    if (whence < SEEK_SET || whence > SEEK_HOLE) return -EINVAL;
    enter_kernel();
    const int64_t result = files().seek(target.file, offset, whence);
    leave_kernel("lseek");
    return result;
}

long Process::ioctl(int descriptor, unsigned command, unsigned long argument, std::string* buffer) {
    const Descriptor& target = at(descriptor);
    if (target.kind != Descriptor::Kind::File) return -ENOTTY;
    enter_kernel();
    char* copy = user_buffer(kArgumentBuffer);
    if (buffer != nullptr) {
        std::memcpy(copy, buffer->data(), buffer->size());
        kernel().vfs->user_memory().note_written(reinterpret_cast<uintptr_t>(copy) +
                                                 buffer->size());
        argument = reinterpret_cast<unsigned long>(copy);
    }
    const long result = files().ioctl(target.file, command, argument);
    if (buffer != nullptr) std::memcpy(buffer->data(), copy, buffer->size());
    leave_kernel("ioctl");
    return result;
}

long Process::poll(int descriptor, uint32_t events, int64_t timeout_ns) {
    const Descriptor& target = at(descriptor);
    if (target.kind != Descriptor::Kind::File) return static_cast<long>(events);
    enter_kernel();
    const long result = files().poll(target.file, events, timeout_ns);
    leave_kernel("poll");
    return result;
}

long Process::ask_for_signal(int descriptor) {
    const Descriptor& target = at(descriptor);
    if (target.kind != Descriptor::Kind::File) return -ENOTTY;
    enter_kernel();
    const long result = files().set_fasync(target.file, true);
    leave_kernel("fcntl");
    return result;
}

bool Process::sleep(VirtualTime duration_ns) {
    enter_kernel();
    const VirtualTime deadline = machine().now() + std::max<VirtualTime>(duration_ns, 1);
    TaskService& tasks = *kernel().tasks;
    while (!tasks.has_signal(tasks.current()) &&
           tasks.sleep(TASK_INTERRUPTIBLE, "nanosleep", nullptr, deadline)) {
    }
    leave_kernel("nanosleep");
    return !is_dying();
}

int Process::kill(int32_t pid, int signal) {
    enter_kernel();
    TaskRecord* target = kernel().tasks->find_pid(pid);
    if (target != nullptr && signal != 0) kernel().tasks->send_signal(*target, signal);
    leave_kernel("kill");
    return target != nullptr ? 0 : -ESRCH;
}

int Process::read_everything(int descriptor, std::string& text) {
    constexpr size_t kPiece = 131'072;  // as cat(1) reads
    while (!is_dying()) {
        const char* bytes = nullptr;
        const int64_t count = read(descriptor, kPiece, bytes);
        if (count < 0) return static_cast<int>(count);
        if (count == 0) return 0;
        text.append(bytes, static_cast<size_t>(count));
    }
    return -EINTR;
}

// ---- messages -----------------------------------------------------------------------------------

void Process::print_format(const char* format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    print({line, std::min(static_cast<size_t>(length), sizeof line - 1)});
}

void Process::complain(std::string_view command, std::string_view subject,
                       std::string_view message) {
    std::string& text = new_text();
    text.append(command).append(": ");
    if (!subject.empty()) text.append(subject).append(": ");
    text.append(message).append("\n");
    write_all(2, text);
}

void Process::complain(std::string_view command, std::string_view subject, int64_t error) {
    if (!is_dying()) complain(command, subject, std::string_view(message_of(error)));
}

// ---- life ---------------------------------------------------------------------------------------

void Process::take_name(std::string_view name) {
    TaskRecord& record = kernel().tasks->current();
    if (name != std::string_view(record.task->comm)) kernel().tasks->set_name(record, name);
}

void Process::relax() {
    machine().step_global(0);
    check_signals();
}

void Process::start_background(const shell::Statement& statement) {
    enter_kernel();
    const std::string_view text = statement.text;
    Process& child =
        users_.start(statement.background, text.substr(0, text.find_first_of(" \t;|&<>")), this);
    children.push_back(&child);
    last_background = child.pid();
    leave_kernel("fork");
}

void Process::inherit(const Process& other) {
    variables_ = other.variables_;
    for (size_t index = 0; index < descriptors_.size(); ++index) {
        descriptors_[index] = other.descriptors_[index];
        if (descriptors_[index].file != nullptr) get_file(descriptors_[index].file);
        if (descriptors_[index].kind == Descriptor::Kind::Text ||
            descriptors_[index].kind == Descriptor::Kind::Capture)
            descriptors_[index] = {.kind = Descriptor::Kind::Terminal};
    }
}

void Process::end(int status) {
    for (Descriptor& descriptor : descriptors_) release(descriptor);
    status_ = dying_of_ != 0 ? kStatusSignal + dying_of_ : status;
    has_ended_ = true;
    users_.note_end(*this);
}

}  // namespace kloom::kernel
