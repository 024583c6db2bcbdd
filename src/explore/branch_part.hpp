// BranchPart: a part of a depth-first search.
//
//   path    the alternatives chosen at the first nodes of its first execution; deeper ones begin
//           with their first alternative
//   floor   nodes above this depth keep their alternative: what else there is belongs to others
//
//          o            floor 1, path 1 2: after the subtree of (1, 2) come (1, 3), (1, 4), ...,
//         / \           but not (2)
//        .   o 1
//           /|\         split: the subtree at hand, then for the shallowest nodes that have
//          . . o 2      alternatives left one part each, the deepest first
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "explore/strategy.hpp"

namespace kloom::explore {

struct BranchPart {
    size_t floor = 0;
    std::vector<uint32_t> path;

    static BranchPart of(const Part& part) {
        return {part.front(), std::vector<uint32_t>(part.begin() + 1, part.end())};
    }
    Part to_part() const {
        Part part = {static_cast<uint32_t>(floor)};
        part.insert(part.end(), path.begin(), path.end());
        return part;
    }
};

// Divides what is left of a search whose next execution begins with `path`. `next_at(depth)` is the
// alternative that comes after the chosen one at a node, if any.
template <class NextAt>
std::vector<Part> split_branch(size_t floor, const std::vector<uint32_t>& path,
                               const NextAt& next_at) {
    constexpr size_t kPartsMax = 8;
    std::vector<Part> parts;  // the last in order first
    size_t depth = floor;
    for (; depth < path.size() && parts.size() + 1 < kPartsMax; ++depth) {
        const std::optional<uint32_t> next = next_at(depth);
        if (!next) continue;
        BranchPart rest{depth, {path.begin(), path.begin() + static_cast<ptrdiff_t>(depth)}};
        rest.path.push_back(*next);
        parts.push_back(rest.to_part());
    }
    parts.push_back(BranchPart{depth, path}.to_part());
    return {parts.rbegin(), parts.rend()};
}

// How much of a depth-first search lies before its next execution, if the subtrees of a node are
// equally large (Knuth 1975, "Estimating the efficiency of backtrack programs"). `share_at(depth)`
// is the number of a node's alternatives that are done and of those there are.
template <class ShareAt>
double share_before(size_t depth, const ShareAt& share_at) {
    double before = 0;
    double weight = 1;
    for (size_t at = 0; at < depth; ++at) {
        const auto [done, all] = share_at(at);
        if (all == 0) continue;
        before += weight * static_cast<double>(done) / static_cast<double>(all);
        weight /= static_cast<double>(all);
    }
    return before;
}

}  // namespace kloom::explore
