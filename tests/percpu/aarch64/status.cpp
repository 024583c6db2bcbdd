// Says whether restartable sequences are active in this process.
#include <cstdio>

#include "percpu/runtime.hpp"

int main() {
    const percpu::rseq_status status = percpu::status();
    std::printf("%s%s%s\n", status.active ? "rseq is active" : "rseq is not active: ", status.reason,
                status.active ? "" : "; the operations are exclusive loads and stores on the shared copy");
}
