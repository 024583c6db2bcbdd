// Red-black trees against std::set, with their invariants after every change.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/prng.hpp"

#include <linux/rbtree.h>

namespace {

struct Item {
    struct rb_node node;
    int key;
    int largest;  // key of the subtree
};

int key_of(Item* item) {
    return item->key;
}
RB_DECLARE_CALLBACKS_MAX(static, keep_largest, Item, node, int, largest, key_of)

Item* item_of(struct rb_node* node) {
    return rb_entry(node, Item, node);
}

bool is_less(struct rb_node* a, const struct rb_node* b) {
    return item_of(a)->key < item_of(const_cast<struct rb_node*>(b))->key;
}

// The number of black nodes on every way down, or -1 where the rules are broken.
int black_height(const struct rb_node* node) {
    if (node == nullptr) return 1;
    for (const struct rb_node* child : {node->rb_left, node->rb_right})
        if (child != nullptr && (rb_parent(child) != node || (rb_is_red(node) && rb_is_red(child))))
            return -1;
    const int left = black_height(node->rb_left), right = black_height(node->rb_right);
    if (left < 0 || left != right) return -1;
    return left + static_cast<int>(rb_is_black(node));
}

int largest_in(const struct rb_node* node) {
    if (node == nullptr) return -1;
    return std::max({item_of(const_cast<struct rb_node*>(node))->key, largest_in(node->rb_left),
                     largest_in(node->rb_right)});
}

bool knows_largest(const struct rb_node* node) {
    if (node == nullptr) return true;
    return item_of(const_cast<struct rb_node*>(node))->largest == largest_in(node) &&
           knows_largest(node->rb_left) && knows_largest(node->rb_right);
}

std::vector<int> keys_forward(const struct rb_root& root) {
    std::vector<int> keys;
    for (struct rb_node* node = rb_first(&root); node != nullptr; node = rb_next(node))
        keys.push_back(item_of(node)->key);
    return keys;
}

void expect_tree(const struct rb_root& root, const std::set<int>& expected) {
    ASSERT_GE(black_height(root.rb_node), 0);
    ASSERT_TRUE(root.rb_node == nullptr || rb_is_black(root.rb_node));
    ASSERT_EQ(keys_forward(root), std::vector<int>(expected.begin(), expected.end()));
}

TEST(Rbtree, StaysBalancedAndOrdered) {
    kloom::base::Prng random(3);
    std::vector<Item> items(64);
    struct rb_root root = RB_ROOT;
    std::set<int> expected;
    for (size_t i = 0; i < items.size(); ++i) items[i].key = static_cast<int>(i);

    for (int round = 0; round < 3000; ++round) {
        Item& item = items[random.below(items.size())];
        if (expected.erase(item.key) != 0) {
            rb_erase(&item.node, &root);
        } else {
            rb_add(&item.node, &root, is_less);
            expected.insert(item.key);
        }
        expect_tree(root, expected);
    }
}

TEST(Rbtree, WalksBackwardsAndInPostorder) {
    std::vector<Item> items(10);
    struct rb_root root = RB_ROOT;
    for (size_t i = 0; i < items.size(); ++i) {
        items[i].key = static_cast<int>(i);
        rb_add(&items[i].node, &root, is_less);
    }

    int previous = 10;
    for (struct rb_node* node = rb_last(&root); node != nullptr; node = rb_prev(node))
        EXPECT_EQ(item_of(node)->key, --previous);
    EXPECT_EQ(previous, 0);
    std::set<struct rb_node*> seen;
    Item *item, *next;
    rbtree_postorder_for_each_entry_safe(item, next, &root, node) {
        EXPECT_TRUE(item->node.rb_left == nullptr || seen.count(item->node.rb_left) != 0);
        EXPECT_TRUE(item->node.rb_right == nullptr || seen.count(item->node.rb_right) != 0);
        seen.insert(&item->node);
    }
    EXPECT_EQ(seen.size(), items.size());
}

TEST(Rbtree, KeepsWhatIsComputedFromSubtrees) {
    kloom::base::Prng random(4);
    std::vector<Item> items(64);
    std::set<size_t> inside;
    struct rb_root root = RB_ROOT;
    for (size_t i = 0; i < items.size(); ++i) items[i].key = static_cast<int>(i);

    for (int round = 0; round < 2000; ++round) {
        const size_t i = random.below(items.size());
        struct rb_node* node = &items[i].node;
        if (inside.erase(i) != 0) {
            rb_erase_augmented(node, &root, &keep_largest);
        } else {
            struct rb_node **link = &root.rb_node, *parent = nullptr;
            while (*link != nullptr) {
                parent = *link;
                link = is_less(node, parent) ? &parent->rb_left : &parent->rb_right;
            }
            rb_link_node(node, parent, link);
            items[i].largest = items[i].key;
            keep_largest.propagate(parent, nullptr);
            rb_insert_augmented(node, &root, &keep_largest);
            inside.insert(i);
        }
        ASSERT_GE(black_height(root.rb_node), 0);
        ASSERT_TRUE(knows_largest(root.rb_node)) << round;
    }
}

TEST(RbtreeCached, KnowsItsFirstNode) {
    std::vector<Item> items(20);
    struct rb_root_cached root = RB_ROOT_CACHED;
    for (size_t i = 0; i < items.size(); ++i) {
        items[i].key = static_cast<int>((i * 7) % 20);
        rb_add_cached(&items[i].node, &root, is_less);
    }

    for (int key = 0; key < 20; ++key) {
        ASSERT_EQ(item_of(rb_first_cached(&root))->key, key);
        rb_erase_cached(rb_first_cached(&root), &root);
    }
    EXPECT_TRUE(RB_EMPTY_ROOT(&root.rb_root));
}

}  // namespace
