#include "kernel/fs/node.hpp"

#include <gtest/gtest.h>

namespace kloom::kernel {
namespace {

TEST(NodeTree, FindsWhatWasAdded) {
    NodeTree tree;
    Node& directory = tree.add_builtin("/proc/driver", NodeKind::Directory, 0555);

    Node* node = tree.add(directory, "demo", NodeKind::Proc, 0444);

    ASSERT_NE(node, nullptr);
    EXPECT_EQ(tree.find("/proc/driver/demo"), node);
    EXPECT_EQ(tree.find("//proc/./driver/../driver/demo"), node);
    EXPECT_EQ(node->path(), "/proc/driver/demo");
}

TEST(NodeTree, RefusesANameThatIsTaken) {
    NodeTree tree;
    tree.add_builtin("/proc", NodeKind::Directory, 0555);

    EXPECT_NE(tree.add(*tree.find("/proc"), "x", NodeKind::Proc, 0444), nullptr);
    EXPECT_EQ(tree.add(*tree.find("/proc"), "x", NodeKind::Proc, 0444), nullptr);
}

TEST(NodeTree, FollowsSymbolicLinks) {
    NodeTree tree;
    tree.add_builtin("/sys/devices/demo", NodeKind::Directory, 0555);
    tree.add_builtin("/sys/class/link", NodeKind::Symlink, 0777).text = "/sys/devices/demo";
    tree.add_builtin("/sys/class/relative", NodeKind::Symlink, 0777).text = "../devices";

    EXPECT_EQ(tree.find("/sys/class/link"), tree.find("/sys/devices/demo"));
    EXPECT_EQ(tree.find("/sys/class/relative/demo"), tree.find("/sys/devices/demo"));
}

TEST(NodeTree, EndsALoopOfLinks) {
    NodeTree tree;
    tree.add_builtin("/a", NodeKind::Symlink, 0777).text = "/b";
    tree.add_builtin("/b", NodeKind::Symlink, 0777).text = "/a";

    EXPECT_EQ(tree.find("/a"), nullptr);
}

TEST(NodeTree, RemovesWhatIsBelow) {
    NodeTree tree;
    tree.add_builtin("/proc", NodeKind::Directory, 0555);
    Node* directory = tree.add(*tree.find("/proc"), "demo", NodeKind::Directory, 0555);
    Node* node = tree.add(*directory, "x", NodeKind::Proc, 0444);

    tree.remove(*directory);

    EXPECT_EQ(tree.find("/proc/demo"), nullptr);
    EXPECT_TRUE(node->is_removed);
    EXPECT_TRUE(tree.contains(node));
}

TEST(NodeTree, ResetKeepsOnlyTheMachinesOwnFiles) {
    NodeTree tree;
    tree.add_builtin("/proc/cpuinfo", NodeKind::Generated, 0444);
    Node* directory = tree.add(*tree.find("/proc"), "demo", NodeKind::Directory, 0555);
    tree.add(*directory, "x", NodeKind::Proc, 0444);
    const size_t before = tree.builtin_count();

    tree.reset();

    EXPECT_EQ(tree.size(), before);
    EXPECT_EQ(tree.find("/proc/demo"), nullptr);
    EXPECT_NE(tree.find("/proc/cpuinfo"), nullptr);
}

TEST(NodeTree, FindsTheParentOfANewName) {
    NodeTree tree;
    tree.add_builtin("/run", NodeKind::Directory, 0777);
    std::string_view name;

    EXPECT_EQ(tree.find_parent("/run/new", name), tree.find("/run"));
    EXPECT_EQ(name, "new");
    EXPECT_EQ(tree.find_parent("/none/new", name), nullptr);
}

TEST(NodeTree, KnowsItsOwnPointers) {
    NodeTree tree;
    Node stranger;

    EXPECT_TRUE(tree.contains(&tree.root()));
    EXPECT_FALSE(tree.contains(&stranger));
    EXPECT_FALSE(tree.contains(reinterpret_cast<char*>(&tree.root()) + 1));
}

}  // namespace
}  // namespace kloom::kernel
