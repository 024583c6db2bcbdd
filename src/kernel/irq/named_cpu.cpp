#include "kernel/irq/named_cpu.hpp"

namespace kloom::kernel {

CpuId named_cpu(int cpu) {
    if (cpu >= 0 && cpu < machine().possible_cpus()) return CpuId(static_cast<uint16_t>(cpu));
    emit_misuse("wild-access", trace::Severity::Warning,
                "{0} names a CPU that this machine does not have; --cpus makes it larger");
    return machine().cpu();
}

}  // namespace kloom::kernel
