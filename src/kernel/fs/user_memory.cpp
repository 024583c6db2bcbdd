#include "kernel/fs/user_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace kloom::kernel {

UserMemory::UserMemory(machine::Machine& machine) : machine_(machine) {
    void* window = mmap(reinterpret_cast<void*>(kBegin), kEnd - kBegin, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    CHECK(window == reinterpret_cast<void*>(kBegin), "the window of user memory is taken");
    machine_.memory().add_region(trace::Region::User, kBegin, kEnd);
}

UserMemory::~UserMemory() {
    munmap(reinterpret_cast<void*>(kBegin), kEnd - kBegin);
}

uintptr_t UserMemory::attach(const machine::Task& task) {
    if (used_ == kProcessesMax) return 0;
    attached_.push_back(task.id);
    part_of_[task.id.index()] = static_cast<uint16_t>(++used_);
    return kBegin + (used_ - 1) * kProcessBytes;
}

uintptr_t UserMemory::current() const {
    const size_t part = part_of_[machine_.current_task().id.index()];
    return part == 0 ? 0 : kBegin + (part - 1) * kProcessBytes;
}

size_t UserMemory::reachable(uintptr_t address, size_t size) const {
    const uintptr_t begin = current();
    if (begin == 0 || address < begin || address >= begin + kProcessBytes) return 0;
    return std::min(size, begin + kProcessBytes - address);
}

void UserMemory::note_written(uintptr_t end) {
    uintptr_t& written = written_end_[(end - 1 - kBegin) / kProcessBytes];
    written = std::max(written, end);
}

void UserMemory::change_pagefault_depth(int change) {
    int8_t& depth = pagefault_depth_[machine_.current_task().id.index()];
    depth = static_cast<int8_t>(depth + change);
    has_pagefault_depth_ = true;
}

int UserMemory::pagefault_depth() const {
    return pagefault_depth_[machine_.current_task().id.index()];
}

void UserMemory::begin_execution() {
    if (has_pagefault_depth_) pagefault_depth_.fill(0);
    has_pagefault_depth_ = false;
    for (size_t part = 0; part < used_; ++part) {
        const uintptr_t begin = kBegin + part * kProcessBytes;
        if (written_end_[part] > begin)
            std::memset(reinterpret_cast<void*>(begin), 0, written_end_[part] - begin);
        written_end_[part] = 0;
    }
    for (const trace::PathId path : attached_) part_of_[path.index()] = 0;
    attached_.clear();
    used_ = 0;
}

}  // namespace kloom::kernel
