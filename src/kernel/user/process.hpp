// Process: one user process: its descriptors, its part of user memory, its system calls and its
// signals.
//
// A process is a task of the machine that runs the shell's interpreter. Each system call that
// concerns the kernel's or a module's state is a step, runs the module's functions in the context
// of this task, and ends with ReturnToUser.
//
// Texts that commands need while system calls are under way lie in the process (new_text), never on
// the fiber's stack: a fiber that is abandoned is not unwound. FrameOfTexts gives them back at the
// end of a command.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/user/shell_syntax.hpp"

extern "C" {
struct file;
}

namespace kloom::kernel {

class UserService;

inline constexpr int kDescriptors = 16;
inline constexpr size_t kReadBytesMax = 1 << 20;  // of one read(2) or write(2) of a command
inline constexpr int kStatusNotFound = 127;
inline constexpr int kStatusNotExecutable = 126;
inline constexpr int kStatusTimedOut = 124;
inline constexpr int kSignalPipe = 13;
inline constexpr int kStatusSignal = 128;  // plus the signal's number

// What a file descriptor leads to. Plain data: copied when a redirection is saved and restored, and
// into background processes.
struct Descriptor {
    enum class Kind : uint8_t { Closed, Terminal, Text, Capture, File };
    Kind kind = Kind::Closed;
    struct file* file = nullptr;  // File
    std::string* text = nullptr;  // Text: what is read; Capture: where it is written
    size_t position = 0;          // Text
    size_t limit = 0;             // Capture: more ends the writer, as a closed pipe does
};

class Process {
  public:
    Process(UserService& users, int32_t pid);

    int32_t pid() const { return pid_; }
    const std::string& output() const { return output_; }
    int status() const { return status_; }
    bool has_ended() const { return has_ended_; }

    // ---- texts ----------------------------------------------------------------------------------
    struct TextMark {
        size_t texts, words, arrays;
    };
    std::string& new_text() { return texts_.emplace_back(); }
    TextMark text_mark() const { return {texts_.size(), words_.size(), arrays_.size()}; }
    void free_texts(const TextMark& mark);

    // The words of a command, which live as long as the texts do.
    std::deque<const std::string*>& new_words() { return words_.emplace_back(); }
    const std::string** new_array(const std::deque<const std::string*>& words);

    // ---- system calls; results are Linux's ------------------------------------------------------
    // ---- A descriptor or ------------------------------------------------------------------------
    // a negative error number.
    int open(const char* path, int flags);
    // Puts what open() gave at `descriptor`, as dup2(2) does; whatever was there is closed.
    int open_at(int descriptor, const char* path, int flags);
    void close(int descriptor);
    int duplicate(int from, int to);
    // The bytes read are at `bytes`, valid until the next read.
    int64_t read(int descriptor, size_t size, const char*& bytes);
    // Writes once, or until all is written.
    int64_t write(int descriptor, std::string_view bytes);
    int64_t write_all(int descriptor, std::string_view bytes);
    int64_t seek(int descriptor, int64_t offset, int whence);
    // `argument` is passed as it is, or, with `buffer`, the address of a copy in user memory, which
    // is copied back.
    long ioctl(int descriptor, unsigned command, unsigned long argument, std::string* buffer);
    long poll(int descriptor, uint32_t events, int64_t timeout_ns);
    long ask_for_signal(int descriptor);
    // False when a signal ended it early.
    bool sleep(VirtualTime duration_ns);
    // 0 or a negative error number.
    int kill(int32_t pid, int signal);

    // Every system call that is no file operation begins and ends so.
    void enter_kernel();
    void leave_kernel(const char* call);

    // ---- signals --------------------------------------------------------------------------------
    // A signal that ends the command has arrived. Everything returns early then.
    bool is_dying() const { return dying_of_ != 0; }
    int dying_of() const { return dying_of_; }
    // The end of a pipe's writer; and of what timeout(1) ran.
    void end_by(int signal) { dying_of_ = signal; }
    void survive();

    // ---- output of commands ---------------------------------------------------------------------
    void print(std::string_view text) { write_all(1, text); }
    __attribute__((format(printf, 2, 3))) void print_format(const char* format, ...);
    // "NAME: subject: message" on descriptor 2.
    void complain(std::string_view command, std::string_view subject, std::string_view message);
    void complain(std::string_view command, std::string_view subject, int64_t error);
    // All of the descriptor or of a file, up to the end; an error number of the read that failed,
    // or 0.
    int read_everything(int descriptor, std::string& text);

    Descriptor& at(int descriptor) { return descriptors_[static_cast<size_t>(descriptor)]; }
    std::string& variable(const std::string& name) { return variables_[name]; }
    const std::string* find_variable(const std::string& name) const;

    // ---- life -----------------------------------------------------------------------------------
    std::shared_ptr<shell::List> program;              // what it runs
    std::string syntax_error;                          // instead of a program
    std::vector<std::shared_ptr<shell::List>> parsed;  // of sh -c, kept while the process runs
    int last_status = 0;
    bool wants_exit = false;
    int loop_break = 0;  // loops that `break` still has to leave
    bool loop_continue = false;
    int32_t last_background = 0;
    std::vector<Process*> children;
    machine::TimerEvent timeout;  // of timeout(1)
    machine::Task* task = nullptr;
    Process* parent = nullptr;

    // The name that ps and current->comm show.
    void take_name(std::string_view name);
    // One turn of a loop: others may run.
    void relax();
    void start_background(const shell::Statement& statement);
    UserService& users() { return users_; }
    // Descriptors and variables of `other`, as fork(2) copies them.
    void inherit(const Process& other);
    void end(int status);

  private:
    friend class UserService;

    int free_descriptor() const;
    void release(Descriptor& descriptor);
    char* user_buffer(size_t offset) const;
    void check_signals();
    int64_t write_file(struct file* file, std::string_view bytes);

    UserService& users_;
    int32_t pid_;
    uintptr_t memory_ = 0;  // its part of user memory; 0 until it first needs it
    std::array<Descriptor, kDescriptors> descriptors_;
    std::deque<std::string> texts_;
    std::deque<std::deque<const std::string*>> words_;
    std::deque<std::unique_ptr<const std::string*[]>> arrays_;
    std::map<std::string, std::string> variables_;
    std::string output_;
    int status_ = 0;
    int dying_of_ = 0;
    bool has_ended_ = false;
};

// Gives back the texts that were made since it was made. An abandoned fiber does not run it; the
// process then goes as a whole.
struct FrameOfTexts {
    explicit FrameOfTexts(Process& owner) : process(owner), mark(owner.text_mark()) {}
    ~FrameOfTexts() { process.free_texts(mark); }
    Process& process;
    Process::TextMark mark;
};

}  // namespace kloom::kernel
