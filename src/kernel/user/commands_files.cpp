// Commands that read and write files: cat, dd, head, tee, ioctl, poll and so on.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "kernel/fs/vfs.hpp"
#include "kernel/user/commands.hpp"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/ioctl.h>
#include <linux/kdev_t.h>
#include <linux/poll.h>

namespace kloom::kernel {

namespace {

constexpr size_t kCatBytes = 131'072;  // what cat(1) asks for at once
constexpr size_t kHeadBytes = 8'192;
constexpr size_t kLsMax = 4'096;        // names that ls(1) lists
constexpr size_t kIoctlBuffer = 4'096;  // what an ioctl's pointer argument points to

// Copies a descriptor to descriptor 1 as cat(1) does: one large read after the other until there is
// nothing more.
int copy_out_all(Process& process, int descriptor, std::string_view name) {
    while (!process.is_dying()) {
        const char* bytes = nullptr;
        const int64_t count = process.read(descriptor, kCatBytes, bytes);
        if (count == 0) return 0;
        if (count < 0) {
            process.complain("cat", name.empty() ? "-" : name, count);
            return 1;
        }
        const int64_t written = process.write_all(1, {bytes, static_cast<size_t>(count)});
        if (written < 0) {
            process.complain("cat", "write error", written);
            return 1;
        }
    }
    return 1;
}

// The first `limit` bytes.
int copy_bytes(Process& process, int descriptor, size_t limit) {
    while (limit > 0 && !process.is_dying()) {
        const char* bytes = nullptr;
        const int64_t count = process.read(descriptor, std::min(limit, kHeadBytes), bytes);
        if (count <= 0) return count < 0 ? 1 : 0;
        process.print({bytes, static_cast<size_t>(count)});
        limit -= static_cast<size_t>(count);
    }
    return 0;
}

int copy_lines(Process& process, int descriptor, size_t limit) {
    while (limit > 0 && !process.is_dying()) {
        const char* bytes = nullptr;
        const int64_t count = process.read(descriptor, kHeadBytes, bytes);
        if (count <= 0) return count < 0 ? 1 : 0;
        size_t size = 0;
        while (size < static_cast<size_t>(count) && limit > 0)
            if (bytes[size++] == '\n') --limit;
        process.print({bytes, size});
    }
    return 0;
}

// dd's operands: if=, of=, bs=, count=, skip=, seek=.
struct CopyPlan {
    const char* input = nullptr;
    const char* output = nullptr;
    size_t block = 512;
    size_t count = SIZE_MAX;
    bool is_nonblocking = false;
    size_t skip = 0;
    size_t seek = 0;
};

std::optional<CopyPlan> parse_dd(Process& process, Arguments arguments) {
    CopyPlan plan;
    for (const std::string* argument : arguments.subspan(1)) {
        const size_t equals = argument->find('=');
        const std::string_view key = std::string_view(*argument).substr(0, equals);
        const char* value = equals != std::string::npos ? argument->c_str() + equals + 1 : "";
        const std::optional<size_t> size = parse_size(value);
        if (key == "if")
            plan.input = value;
        else if (key == "of")
            plan.output = value;
        else if (key == "bs" && size)
            plan.block = std::min(std::max<size_t>(*size, 1), kReadBytesMax);
        else if (key == "count" && size)
            plan.count = *size;
        else if (key == "skip" && size)
            plan.skip = *size;
        else if (key == "seek" && size)
            plan.seek = *size;
        else if (key == "iflag" && std::string_view(value) == "nonblock")
            plan.is_nonblocking = true;
        else if (key != "status" && key != "conv" && key != "iflag" && key != "oflag") {
            process.complain("dd", "unrecognized operand", *argument);
            return std::nullopt;
        }
    }
    return plan;
}

// As busybox does: past what cannot be skipped it reads.
void skip_blocks(Process& process, const CopyPlan& plan, int input) {
    if (process.seek(input, static_cast<int64_t>(plan.skip * plan.block), SEEK_CUR) >= 0) return;
    const char* bytes = nullptr;
    for (size_t block = 0; block < plan.skip; ++block)
        if (process.read(input, plan.block, bytes) <= 0) return;
}

int run_dd(Process& process, const CopyPlan& plan, int input, int output) {
    size_t full = 0, partial = 0, bytes_total = 0;
    int status = 0;
    if (plan.skip > 0) skip_blocks(process, plan, input);
    if (plan.seek > 0) process.seek(output, static_cast<int64_t>(plan.seek * plan.block), 0);
    for (size_t block = 0; block < plan.count && !process.is_dying(); ++block) {
        const char* bytes = nullptr;
        const int64_t count = process.read(input, plan.block, bytes);
        if (count < 0) process.complain("dd", std::string_view("error reading"), count);
        if (count <= 0) {
            status = count < 0 ? 1 : 0;
            break;
        }
        const int64_t written = process.write_all(output, {bytes, static_cast<size_t>(count)});
        if (written < 0) {
            process.complain("dd", std::string_view("error writing"), written);
            status = 1;
            break;
        }
        ++(static_cast<size_t>(count) == plan.block ? full : partial);
        bytes_total += static_cast<size_t>(count);
    }
    char text[160];
    std::snprintf(text, sizeof text, "%zu+%zu records in\n%zu+%zu records out\n%zu bytes copied\n",
                  full, partial, full, partial, bytes_total);
    process.write_all(2, text);
    return status;
}

// An ioctl's command: a number, or _IO(type,nr), _IOR(type,nr,size), _IOW, _IOWR with a type's name
// or a number as size.
std::optional<unsigned> parse_ioctl(std::string_view text) {
    if (const auto number = parse_number(text)) return static_cast<unsigned>(*number);
    const size_t open = text.find('(');
    if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
    const std::string_view kind = text.substr(0, open);
    std::string_view rest = text.substr(open + 1, text.size() - open - 2);
    std::string_view parts[3];
    for (std::string_view& part : parts) {
        part = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        while (part.starts_with(' ')) part.remove_prefix(1);
    }
    unsigned type = 0;
    if (parts[0].size() == 3 && parts[0][0] == '\'')
        type = static_cast<unsigned char>(parts[0][1]);
    else if (const auto number = parse_number(parts[0]))
        type = static_cast<unsigned>(*number);
    else if (parts[0].size() == 1)
        type = static_cast<unsigned char>(parts[0][0]);
    const auto number = parse_number(parts[1]);
    if (!number) return std::nullopt;
    unsigned size = 0;
    if (const auto bytes = parse_number(parts[2]))
        size = static_cast<unsigned>(*bytes);
    else if (parts[2].find("long") != std::string_view::npos ||
             parts[2].find('*') != std::string_view::npos)
        size = 8;
    else if (parts[2].find("char") != std::string_view::npos)
        size = 1;
    else if (parts[2].find("int") != std::string_view::npos)
        size = 4;
    const unsigned direction = kind == "_IOR"    ? _IOC_READ
                               : kind == "_IOW"  ? _IOC_WRITE
                               : kind == "_IOWR" ? _IOC_READ | _IOC_WRITE
                                                 : 0;
    return _IOC(direction, type, static_cast<unsigned>(*number), size);
}

// "&5" is the address of a buffer that holds the number 5, "&text" of one that holds the text.
void fill_argument(std::string& buffer, std::string_view text) {
    buffer.assign(kIoctlBuffer, '\0');
    if (const auto number = parse_number(text)) {
        const long value = *number;
        std::memcpy(buffer.data(), &value, sizeof value);
    } else {
        buffer.replace(0, std::min(text.size(), kIoctlBuffer - 1),
                       text.substr(0, kIoctlBuffer - 1));
    }
}

void print_argument(Process& process, const std::string& buffer, bool is_text) {
    long value = 0;
    std::memcpy(&value, buffer.data(), sizeof value);
    if (is_text)
        process.print_format("%s\n", buffer.c_str());
    else
        process.print_format("%ld\n", value);
}

char type_letter(const Node& node) {
    switch (node.kind) {
        case NodeKind::Directory:
            return 'd';
        case NodeKind::Symlink:
            return 'l';
        case NodeKind::CharDevice:
            return 'c';
        default:
            return '-';
    }
}

void list_node(Process& process, const Node& node, const std::string& name, bool is_long) {
    if (!is_long) {
        process.print_format("%s\n", name.c_str());
        return;
    }
    char mode[11] = "----------";
    mode[0] = type_letter(node);
    for (int bit = 0; bit < 9; ++bit)
        if ((node.mode >> (8 - bit) & 1) != 0) mode[bit + 1] = "rwx"[bit % 3];
    if (node.kind == NodeKind::CharDevice)
        process.print_format("%s 1 root root %3u, %3u %s\n", mode, MAJOR(node.device),
                             MINOR(node.device), name.c_str());
    else
        process.print_format("%s 1 root root %8zu %s%s%s\n", mode,
                             node.kind == NodeKind::Memory ? node.text.size() : 0,
                             name.c_str(), node.kind == NodeKind::Symlink ? " -> " : "",
                             node.kind == NodeKind::Symlink ? node.text.c_str() : "");
}

}  // namespace

int command_cat(Process& process, Arguments arguments) {
    const Options options(arguments, "");
    return for_each_input(process, "cat", options.operands(),
                          [&](int descriptor, std::string_view name) {
                              return copy_out_all(process, descriptor, name);
                          });
}

int command_head(Process& process, Arguments arguments) {
    const Options options(arguments, "cn0123456789");
    size_t lines = 10;
    if (const auto value = options.value('n')) lines = parse_size(*value).value_or(10);
    // "head -5" and the like.
    if (arguments.size() > 1 && arguments[1]->size() > 1 && (*arguments[1])[0] == '-')
        lines = parse_size(std::string_view(*arguments[1]).substr(1)).value_or(lines);
    const auto bytes = options.value('c');
    const bool is_short =
        arguments.size() > 1 &&
        parse_size(
            std::string_view(*arguments[1]).substr(std::min<size_t>(1, arguments[1]->size())));
    const Arguments files =
        is_short && (*arguments[1])[0] == '-' ? arguments.subspan(2) : options.operands();
    return for_each_input(process, "head", files, [&](int descriptor, std::string_view) {
        return bytes ? copy_bytes(process, descriptor, parse_size(*bytes).value_or(0))
                     : copy_lines(process, descriptor, lines);
    });
}

int command_dd(Process& process, Arguments arguments) {
    const std::optional<CopyPlan> plan = parse_dd(process, arguments);
    if (!plan) return 1;
    const int input = plan->input != nullptr ? process.open(plan->input, O_RDONLY | (plan->is_nonblocking ? O_NONBLOCK : 0)) : 0;
    if (input < 0) {
        process.complain("dd", std::string_view("failed to open"), int64_t{input});
        return 1;
    }
    const int output =
        plan->output != nullptr ? process.open(plan->output, O_WRONLY | O_CREAT | O_TRUNC) : 1;
    if (output < 0) process.complain("dd", std::string_view("failed to open"), int64_t{output});
    const int status = output >= 0 ? run_dd(process, *plan, input, output) : 1;
    if (input > 2) process.close(input);
    if (output > 2) process.close(output);
    return status;
}

int command_tee(Process& process, Arguments arguments) {
    const Options options(arguments, "");
    int outputs[kDescriptors];
    int count = 0;
    int status = 0;
    for (const std::string* file : options.operands()) {
        const int descriptor = process.open(
            file->c_str(), O_WRONLY | O_CREAT | (options.has('a') ? O_APPEND : O_TRUNC));
        if (descriptor >= 0) {
            outputs[count++] = descriptor;
        } else {
            process.complain("tee", *file, int64_t{descriptor});
            status = 1;
        }
    }
    std::string& text = process.new_text();
    process.read_everything(0, text);
    process.print(text);
    for (int index = 0; index < count; ++index) {
        const int64_t written = process.write_all(outputs[index], text);
        if (written < 0) {
            process.complain("tee", *options.operands()[static_cast<size_t>(index)], written);
            status = 1;
        }
        process.close(outputs[index]);
    }
    return status;
}

int command_open(Process& process, Arguments arguments) {
    const Options options(arguments, "");
    int flags = O_RDWR;
    if (options.has('r')) flags = O_RDONLY;
    if (options.has('w')) flags = O_WRONLY;
    if (options.has('n')) flags |= O_NONBLOCK;
    for (const std::string* file : options.operands()) {
        const int descriptor = process.open(file->c_str(), flags);
        if (descriptor >= 0) continue;
        process.complain("open", *file, int64_t{descriptor});
        return 1;
    }
    return 0;
}

int command_ioctl(Process& process, Arguments arguments) {
    if (arguments.size() < 3) {
        process.complain("ioctl", "", "usage: ioctl PATH COMMAND [ARGUMENT | &ARGUMENT]");
        return 2;
    }
    const auto command = parse_ioctl(*arguments[2]);
    if (!command) {
        process.complain("ioctl", *arguments[2], "not a command");
        return 2;
    }
    const int descriptor = process.open(arguments[1]->c_str(), O_RDWR);
    if (descriptor < 0) {
        process.complain("ioctl", *arguments[1], int64_t{descriptor});
        return 1;
    }
    std::string* buffer = nullptr;
    long argument = 0;
    const std::string_view text = arguments.size() > 3 ? std::string_view(*arguments[3]) : "0";
    if (text.starts_with('&'))
        fill_argument(*(buffer = &process.new_text()), text.substr(1));
    else
        argument = parse_number(text).value_or(0);
    const long result =
        process.ioctl(descriptor, *command, static_cast<unsigned long>(argument), buffer);
    process.close(descriptor);
    if (result < 0) {
        process.complain("ioctl", *arguments[1], int64_t{result});
        return 1;
    }
    if (buffer != nullptr)
        print_argument(process, *buffer, !parse_number(text.substr(1)));
    else
        process.print_format("%ld\n", result);
    return 0;
}

int command_poll(Process& process, Arguments arguments) {
    const Options options(arguments, "t");
    if (options.operands().empty()) {
        process.complain("poll", "", "usage: poll [-w] [-t SECONDS] PATH");
        return 2;
    }
    const std::string& path = *options.operands()[0];
    const int descriptor = process.open(path.c_str(), options.has('w') ? O_RDWR : O_RDONLY);
    if (descriptor < 0) {
        process.complain("poll", path, int64_t{descriptor});
        return 1;
    }
    const auto timeout = options.value('t');
    const int64_t limit = timeout ? static_cast<int64_t>(parse_duration(*timeout).value_or(0)) : -1;
    const uint32_t wanted = options.has('w') ? POLLOUT | POLLWRNORM : POLLIN | POLLRDNORM | POLLPRI;
    const long events = process.poll(descriptor, wanted, limit);
    process.close(descriptor);
    if (events < 0) return 1;
    process.print_format("%s%s%s%s%s\n", (events & POLLIN) != 0 ? "POLLIN " : "",
                         (events & POLLOUT) != 0 ? "POLLOUT " : "",
                         (events & POLLPRI) != 0 ? "POLLPRI " : "",
                         (events & POLLERR) != 0 ? "POLLERR " : "", events == 0 ? "timeout" : "");
    return events == 0 ? 1 : 0;
}

// Waits for SIGIO from a device that announces itself with kill_fasync().
int command_sigio(Process& process, Arguments arguments) {
    const Options options(arguments, "t");
    if (options.operands().empty()) {
        process.complain("sigio", "", "usage: sigio [-t SECONDS] PATH");
        return 2;
    }
    const std::string& path = *options.operands()[0];
    const int descriptor = process.open(path.c_str(), O_RDONLY);
    if (descriptor < 0) {
        process.complain("sigio", path, int64_t{descriptor});
        return 1;
    }
    const auto timeout = options.value('t');
    const VirtualTime limit =
        timeout ? parse_duration(*timeout).value_or(0) : 3600 * trace::kNanosecondsPerSecond;
    const long error = process.ask_for_signal(descriptor);
    if (error < 0) process.complain("sigio", path, int64_t{error});
    constexpr int kSignalIo = 29;
    const bool has_slept = error >= 0 && process.sleep(limit);
    const bool is_signalled = process.dying_of() == kSignalIo;
    if (is_signalled) process.survive();
    process.close(descriptor);
    process.print(is_signalled ? "SIGIO\n" : has_slept ? "timeout\n" : "");
    return is_signalled ? 0 : 1;
}

int command_seek(Process& process, Arguments arguments) {
    if (arguments.size() < 3) {
        process.complain("seek", "", "usage: seek DESCRIPTOR OFFSET [WHENCE]");
        return 2;
    }
    const long descriptor = parse_number(*arguments[1]).value_or(-1);
    if (descriptor < 0 || descriptor >= kDescriptors) return 2;
    const long whence = arguments.size() > 3 ? parse_number(*arguments[3]).value_or(0) : 0;
    const int64_t position =
        process.seek(static_cast<int>(descriptor), parse_number(*arguments[2]).value_or(0),
                     static_cast<int>(whence));
    if (position < 0) {
        process.complain("seek", *arguments[1], position);
        return 1;
    }
    process.print_format("%ld\n", static_cast<long>(position));
    return 0;
}

int command_read(Process& process, Arguments arguments) {
    constexpr size_t kLine = 128;  // what a shell reads at once from a file
    const Options options(arguments, "");
    const char* bytes = nullptr;
    const int64_t count = process.read(0, kLine, bytes);
    if (count <= 0) return 1;
    const std::string_view text(bytes, static_cast<size_t>(count));
    std::string& value =
        process.variable(options.operands().empty() ? "REPLY" : *options.operands()[0]);
    value = text.substr(0, text.find('\n'));
    return 0;
}

int command_mknod(Process& process, Arguments arguments) {
    const Options options(arguments, "m");
    if (options.operands().size() < 4) {
        process.complain("mknod", "", "usage: mknod PATH c MAJOR MINOR");
        return 2;
    }
    const auto major = parse_number(*options.operands()[2]);
    const auto minor = parse_number(*options.operands()[3]);
    if (!major || !minor) return 2;
    process.enter_kernel();
    const auto device = MKDEV(static_cast<unsigned>(*major), static_cast<unsigned>(*minor));
    const int error = kernel().vfs->make_device_node(options.operands()[0]->c_str(), device);
    process.leave_kernel("mknod");
    // A node that a driver has made already is as good.
    if (error == 0 || error == -EEXIST) return 0;
    process.complain("mknod", *options.operands()[0], int64_t{error});
    return 1;
}

int command_mkdir(Process& process, Arguments arguments) {
    const Options options(arguments, "m");
    for (const std::string* path : options.operands()) {
        std::string_view name;
        NodeTree& tree = kernel().vfs->tree();
        Node* parent = tree.find_parent(*path, name);
        if (path->starts_with("/sys/") && parent != nullptr && parent->child(name) == nullptr) {
            process.complain("mkdir", *path, int64_t{-EPERM});
            return 1;
        }
        if (parent != nullptr && tree.add(*parent, name, NodeKind::Directory, 0755) != nullptr)
            continue;
        if (options.has('p') && parent != nullptr) continue;
        process.complain("mkdir", *path, int64_t{parent == nullptr ? -ENOENT : -EEXIST});
        return 1;
    }
    return 0;
}

int command_rm(Process& process, Arguments arguments) {
    const Options options(arguments, "");
    int status = 0;
    for (const std::string* path : options.operands()) {
        process.enter_kernel();
        Node* node = kernel().vfs->tree().find(*path);
        const bool may_remove =
            node != nullptr && !node->is_builtin &&
            (node->kind == NodeKind::Memory || node->kind == NodeKind::CharDevice);
        if (may_remove) kernel().vfs->tree().remove(*node);
        process.leave_kernel("unlink");
        if (may_remove || (node == nullptr && options.has('f'))) continue;
        process.complain("rm", *path, int64_t{node == nullptr ? -ENOENT : -EPERM});
        status = 1;
    }
    return status;
}

int command_ls(Process& process, Arguments arguments) {
    static const std::string kRoot = "/";
    static const std::string* const kDefault[] = {&kRoot};
    const Options options(arguments, "");
    const Arguments paths = options.operands().empty() ? Arguments(kDefault) : options.operands();
    int status = 0;
    for (const std::string* path : paths) {
        process.enter_kernel();
        const Node* node = kernel().vfs->tree().find(*path);
        process.leave_kernel("getdents");
        if (node == nullptr) {
            process.complain("ls", *path, int64_t{-ENOENT});
            status = 2;
            continue;
        }
        const bool is_listed = node->is_directory() && !options.has('d');
        if (is_listed && paths.size() > 1) process.print_format("%s:\n", path->c_str());
        if (!is_listed) list_node(process, *node, *path, options.has('l'));
        for (size_t index = 0; is_listed && index < std::min(node->children.size(), kLsMax);
             ++index)
            list_node(process, *node->children[index], node->children[index]->name, options.has('l'));
    }
    return status;
}

int command_chmod(Process&, Arguments) {
    return 0;
}

}  // namespace kloom::kernel
