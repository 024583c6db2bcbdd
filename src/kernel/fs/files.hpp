// Open files: what the system calls on files do once the caller is in the kernel.
//
// These functions do not step and emit nothing about returning to user space; the caller (a user
// process, or a module that calls filp_open) does. They run on the caller's fiber and call the
// module's functions. Results are Linux's: a count, or a negative error number. Buffers are user
// memory of the caller.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/fs/node.hpp"

extern "C" {
struct file;
struct file_operations;
}

namespace kloom::kernel {

struct OpenFile {
    struct file* file = nullptr;
    Node* node = nullptr;
    bool is_open = false;       // its open() has succeeded
    bool was_released = false;  // its release() was called when the entry of /proc went away
};

class FileTable {
  public:
    // Returns the file, or an ERR_PTR.
    struct file* open(const char* path, int flags, uint16_t mode);
    // Ends one descriptor's use (flush); put() ends one reference, the last one releases the file.
    long close(struct file* file);
    void put(struct file* file);

    int64_t read(struct file* file, void* buffer, size_t count, int64_t* position);
    int64_t write(struct file* file, const void* buffer, size_t count, int64_t* position);
    // The same at the file's own position, as read(2) and write(2).
    int64_t read_next(struct file* file, void* buffer, size_t count);
    int64_t write_next(struct file* file, const void* buffer, size_t count);
    int64_t seek(struct file* file, int64_t offset, int whence);
    long ioctl(struct file* file, unsigned command, unsigned long argument);
    // Asks for SIGIO (on) or no longer.
    long set_fasync(struct file* file, bool on);
    // Waits until one of `events` (POLLIN, ...) holds, an error, a signal or the time; returns the
    // events, 0, or an error.
    long poll(struct file* file, uint32_t events, int64_t timeout_ns);

    // kernel_read() and kernel_write(): the buffer is kernel memory. Files of drivers support them
    // through read_iter only.
    int64_t read_kernel(struct file* file, void* buffer, size_t count, int64_t* position);
    int64_t write_kernel(struct file* file, const void* buffer, size_t count, int64_t* position);

    Node* node_of(const struct file* file) const;
    OpenFile* find(const struct file* file);
    // A file of `node` that is open and has not been released; null if there is none.
    OpenFile* find_open(const Node& node);
    const std::vector<OpenFile>& all() const { return files_; }
    void reset() { files_.clear(); }

  private:
    long open_node(struct file* file, Node& node, int flags);
    void release(struct file* file);

    std::vector<OpenFile> files_;
};

// Opens /dev/null, /dev/zero and the like: takes the operations of the device's number.
int open_system_device(struct inode* inode, struct file* file);

// The inode and the dentry of a node, made at first use.
struct inode* inode_of(Node& node);
struct dentry* dentry_of(Node& node);

// Copies for the kernel's own buffers, which no detector needs to see. Return the number of bytes
// that were not copied.
size_t copy_out(void* user, const void* from, size_t count, const char* function);
size_t copy_in(void* to, const void* user, size_t count, const char* function);

// Brackets around every use of the module's functions of `node`. begin_use() is false when the node
// has been removed; wait_until_unused() is for those who remove it: afterwards no function of the
// module runs on its behalf.
bool begin_use(Node& node);
void end_use(Node& node);
void wait_until_unused(Node& node, const char* function);

// Operations of each kind of node; defined in the file of the kind.
extern const struct file_operations kMemoryFileOperations;
extern const struct file_operations kGeneratedFileOperations;
extern const struct file_operations kDeviceOpenOperations;
extern const struct file_operations kProcFileOperations;
extern const struct file_operations kSysfsFileOperations;
extern const struct file_operations kSysfsBinaryOperations;
extern const struct file_operations kDebugfsFileOperations;

}  // namespace kloom::kernel
