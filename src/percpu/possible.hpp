// Reads the kernel's list format.
#pragma once

namespace percpu::detail {

// The highest number in a list such as "0-3,8", plus one; 0 when the text is not such a list.
int cpus_in_list(const char* text);

}  // namespace percpu::detail
