#include "toolchain/kernel_names.hpp"

#include <algorithm>
#include <array>

namespace kloom::toolchain {
namespace {

constexpr auto kKernelNames = std::to_array<KernelName>({
#include "toolchain/kernel_names.inc"
});

constexpr bool is_before(const KernelName& left, const KernelName& right) { return left.name < right.name; }
static_assert(std::is_sorted(kKernelNames.begin(), kKernelNames.end(), is_before), "find_kernel_name searches by halving");

constexpr auto kHeaderFolders = std::to_array<std::string_view>({
    "acpi/", "asm/", "asm-generic/", "crypto/", "drm/", "dt-bindings/", "linux/", "math-emu/", "media/", "memory/", "misc/",
    "net/", "pcmcia/", "ras/", "rdma/", "scsi/", "soc/", "sound/", "target/", "trace/", "uapi/", "video/", "xen/",
});

}  // namespace

const KernelName* find_kernel_name(std::string_view name) {
    const auto found = std::lower_bound(kKernelNames.begin(), kKernelNames.end(), KernelName{name, "", NameKind::Function},
                                        is_before);
    return found != kKernelNames.end() && found->name == name ? &*found : nullptr;
}

std::string_view to_string(NameKind kind) {
    switch (kind) {
        case NameKind::Function: return "function";
        case NameKind::Macro: return "macro";
        case NameKind::Type: return "type";
        case NameKind::Struct: return "structure";
        case NameKind::Constant: return "constant";
        case NameKind::Variable: return "variable";
    }
    return "name";
}

bool is_kernel_header(std::string_view header) {
    return std::any_of(kHeaderFolders.begin(), kHeaderFolders.end(),
                       [&](std::string_view folder) { return header.starts_with(folder); });
}

}  // namespace kloom::toolchain
