// ModuleSymbols: turns addresses of an execution into words: source lines, variables, objects.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "session/program.hpp"
#include "toolchain/source_map.hpp"
#include "trace/outcome.hpp"

namespace kloom::session {

class ModuleSymbols final : public trace::Symbols {
  public:
    static base::Result<std::unique_ptr<ModuleSymbols>> load(Program& program);

    trace::SourceLocation locate(uintptr_t pc) const override;
    std::string source_line(const std::string& file, int line) const override;
    // Describes the address as the last execution left it (heap objects, owners of stacks).
    std::string describe(uintptr_t address, uint32_t size) const override;

  private:
    ModuleSymbols(Program& program, toolchain::SourceMap map);
    std::string describe_module_data(uintptr_t address, uint32_t size) const;
    std::string describe_heap(const trace::HeapObject& object, uintptr_t address) const;
    std::string shorten(const std::string& file) const;

    Program& program_;
    toolchain::SourceMap map_;
};

}  // namespace kloom::session
