#include "kernel/fs/node.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace kloom::kernel {

namespace {

constexpr int kLinksMax = 8;  // symbolic links followed on one path, against loops

bool name_is_less(const Node* node, std::string_view name) {
    return node->name < name;
}

// Splits the first component off `path`; leading slashes go.
std::string_view take_component(std::string_view& path) {
    while (!path.empty() && path.front() == '/') path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view component = path.substr(0, end);
    path.remove_prefix(end);
    return component;
}

}  // namespace

Node* Node::child(std::string_view wanted) const {
    const auto place = std::lower_bound(children.begin(), children.end(), wanted, name_is_less);
    return place != children.end() && (*place)->name == wanted ? *place : nullptr;
}

std::string Node::path() const {
    if (parent == nullptr) return "/";
    std::string result;
    for (const Node* node = this; node->parent != nullptr; node = node->parent)
        result.insert(0, "/" + node->name);
    return result;
}

const char* path_text(const Node& node, char (&buffer)[kPathText]) {
    const std::string path = node.path();
    const size_t length = std::min(path.size(), kPathText - 1);
    path.copy(buffer, length);
    buffer[length] = '\0';
    return buffer;
}

NodeTree::NodeTree() {
    nodes_.reserve(kNodesMax);
    nodes_.push_back({.mode = 0755, .is_builtin = true, .number = 1});
}

Node* NodeTree::add(Node& parent, std::string_view name, NodeKind kind, uint16_t mode) {
    if (nodes_.size() == kNodesMax || parent.child(name) != nullptr) return nullptr;
    Node& node = nodes_.emplace_back();
    node.kind = kind;
    node.mode = mode;
    node.number = static_cast<uint32_t>(nodes_.size());
    node.name = name;
    attach(parent, node);
    return &node;
}

Node& NodeTree::add_builtin(std::string_view path, NodeKind kind, uint16_t mode) {
    Node* node = &root();
    while (true) {
        const std::string_view name = take_component(path);
        if (name.empty()) break;
        Node* next = node->child(name);
        const bool is_last = path.find_first_not_of('/') == std::string_view::npos;
        if (next == nullptr)
            next = is_last ? add(*node, name, kind, mode)
                           : add(*node, name, NodeKind::Directory, 0555);
        CHECK(next != nullptr, "the machine's own files fit");
        next->is_builtin = true;
        node = next;
    }
    builtin_ = nodes_.size();
    return *node;
}

void NodeTree::attach(Node& parent, Node& node) {
    node.parent = &parent;
    const auto place =
        std::lower_bound(parent.children.begin(), parent.children.end(), node.name, name_is_less);
    parent.children.insert(place, &node);
}

void NodeTree::detach(Node& node) {
    auto& siblings = node.parent->children;
    siblings.erase(std::find(siblings.begin(), siblings.end(), &node));
}

void NodeTree::remove(Node& node) {
    if (node.is_removed) return;
    while (!node.children.empty()) remove(*node.children.back());
    detach(node);
    node.is_removed = true;
}

void NodeTree::rename(Node& node, Node& new_parent, std::string_view new_name) {
    detach(node);
    node.name = new_name;
    attach(new_parent, node);
}

Node* NodeTree::find(std::string_view path) {
    return walk(path, kLinksMax);
}

Node* NodeTree::walk(std::string_view path, int links_left) {
    Node* node = &root();
    while (node != nullptr) {
        const std::string_view name = take_component(path);
        if (name.empty()) return node;
        if (!node->is_directory()) return nullptr;
        if (name == ".") continue;
        if (name == "..") {
            if (node->parent != nullptr) node = node->parent;
            continue;
        }
        node = node->child(name);
        if (node == nullptr || node->kind != NodeKind::Symlink) continue;
        if (links_left == 0) return nullptr;
        node =
            walk(node->text.starts_with('/') ? node->text : node->parent->path() + "/" + node->text,
                 links_left - 1);
    }
    return nullptr;
}

Node* NodeTree::find_parent(std::string_view path, std::string_view& last) {
    while (path.ends_with('/')) path.remove_suffix(1);
    const size_t slash = path.rfind('/');
    last = slash == std::string_view::npos ? path : path.substr(slash + 1);
    Node* parent = slash == std::string_view::npos ? &root() : find(path.substr(0, slash));
    return parent != nullptr && parent->is_directory() && !last.empty() ? parent : nullptr;
}

bool NodeTree::contains(const void* pointer) const {
    const auto address = reinterpret_cast<uintptr_t>(pointer);
    const auto begin = reinterpret_cast<uintptr_t>(nodes_.data());
    return address >= begin && address < begin + nodes_.size() * sizeof(Node) &&
           (address - begin) % sizeof(Node) == 0;
}

void NodeTree::reset() {
    for (Node* node : touched_) {
        node->inode = nullptr;
        node->dentry = nullptr;
        node->users = 0;
        node->remover = nullptr;
    }
    touched_.clear();
    while (nodes_.size() > builtin_) {
        if (!nodes_.back().is_removed) detach(nodes_.back());
        nodes_.pop_back();
    }
}

}  // namespace kloom::kernel
