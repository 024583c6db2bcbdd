// The machine's one tree of files: names, kinds and what each file is made of.
//
// A Node is a name in /proc, /dev, /sys, /sys/kernel/debug or /tmp. It knows nothing of open files:
// what happens when it is opened, read or written is decided by its kind (files.hpp and the file of
// each kind). The files of the machine itself are made once; what an execution adds is taken away
// again by reset(), which costs nothing when nothing was added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
struct dentry;
struct inode;
}

namespace kloom::machine {
struct Task;
}

namespace kloom::kernel {

enum class NodeKind : uint8_t {
    Directory,
    Symlink,      // `text` is the target
    Memory,       // `text` is the content
    Generated,    // `generate` writes the content when it is read; `store` takes what is written
    CharDevice,   // `device` is the number
    Proc,         // `object` is the proc_dir_entry
    Sysfs,        // `object` is the attribute, `owner` the kobject
    SysfsBinary,  // the same with a bin_attribute
    Debugfs,      // `object` is the module's file_operations
};

struct Node {
    NodeKind kind = NodeKind::Directory;
    uint16_t mode = 0;        // permission bits
    bool is_builtin = false;  // of the machine: exists in every execution
    bool is_removed = false;  // no longer in the tree; open files may still refer to it
    uint32_t number = 0;      // i_ino; distinct for all nodes
    uint32_t device = 0;
    uint32_t users = 0;     // calls of the module's functions under way
    uint32_t argument = 0;  // of `generate` and `store`
    std::string name;
    std::string text;
    Node* parent = nullptr;
    std::vector<Node*> children;  // sorted by name
    void* object = nullptr;
    void* owner = nullptr;
    void* data = nullptr;              // becomes i_private
    machine::Task* remover = nullptr;  // waits until `users` is 0
    struct inode* inode = nullptr;     // made when it is first opened
    struct dentry* dentry = nullptr;
    // 0 or a negative error number, both.
    int (*generate)(const Node&, std::string& out) = nullptr;
    int (*store)(const Node&, std::string_view text) = nullptr;

    bool is_directory() const { return kind == NodeKind::Directory; }
    Node* child(std::string_view name) const;
    // The name from the root: "/proc/driver/x".
    std::string path() const;
};

inline constexpr size_t kPathText = 256;
// The same into a buffer on the caller's stack, for messages: cut when it is longer.
const char* path_text(const Node& node, char (&buffer)[kPathText]);

class NodeTree {
  public:
    static constexpr size_t kNodesMax = 16'384;

    NodeTree();

    Node& root() { return nodes_[0]; }
    // A new node in `parent`; null when the name is taken or the tree is full.
    Node* add(Node& parent, std::string_view name, NodeKind kind, uint16_t mode);
    // The same for the machine's own files, at start only; makes missing directories.
    Node& add_builtin(std::string_view path, NodeKind kind, uint16_t mode);
    // Takes a node and everything below it out of the tree. The nodes themselves live until the
    // execution ends.
    void remove(Node& node);
    void rename(Node& node, Node& new_parent, std::string_view new_name);

    // The node of an absolute path; null if there is none. Symbolic links are followed.
    Node* find(std::string_view path);
    // The directory in which the last component of `path` lies, and that component; null if the
    // directory does not exist.
    Node* find_parent(std::string_view path, std::string_view& last);
    // True when `pointer` is a node of this tree. For pointers that came through memory of the
    // module.
    bool contains(const void* pointer) const;

    // Remembers that `node`, which may be built in, got an inode or a dentry in this execution.
    void touch(Node& node) { touched_.push_back(&node); }
    void reset();
    size_t size() const { return nodes_.size(); }
    // Nodes that this execution added, in the order of creation.
    size_t builtin_count() const { return builtin_; }
    Node& at(size_t index) { return nodes_[index]; }

  private:
    Node* walk(std::string_view path, int links_left);
    static void attach(Node& parent, Node& node);
    static void detach(Node& node);

    std::vector<Node> nodes_;  // reserved once: nodes do not move
    size_t builtin_ = 1;
    std::vector<Node*> touched_;
};

}  // namespace kloom::kernel
