#include "toolchain/source_map.hpp"

#include <gtest/gtest.h>

#include "temporary_folder.hpp"
#include "toolchain/module_builder.hpp"
#include "toolchain/subprocess.hpp"

namespace kloom::toolchain {
namespace {

constexpr const char* kSource =
    "#include <linux/atomic.h>\n"                               // 1
    "struct queue { int head; int tail; };\n"                   // 2
    "struct device {\n"                                         // 3
    "\tint id;\n"                                               // 4
    "\tstruct { short low, high; };\n"                          // 5
    "\tstruct queue queues[2];\n"                               // 6
    "\tatomic_t users;\n"                                       // 7
    "};\n"                                                      // 8
    "struct device device = { 1 };\n"                           // 9
    "int table[4][3];\n"                                        // 10
    "atomic_t hits;\n"                                          // 11
    "static int __attribute__((section(\".data..percpu\"), used)) counter[3];\n"  // 12
    "int read_hits(void)\n"                                     // 13
    "{\n"                                                       // 14
    "\tstatic int calls;\n"                                     // 15
    "\tcalls++;\n"                                              // 16
    "\treturn atomic_read(&hits) + table[1][2];\n"              // 17
    "}\n";                                                      // 18

class SourceMapTest : public ToolchainTest, public testing::WithParamInterface<CompilerKind> {
  protected:
    void SetUp() override {
        ToolchainTest::SetUp();
        if (GetParam() == CompilerKind::Clang && find_program("clang").empty()) GTEST_SKIP() << "clang is not installed";
        source_ = folder_.write("device.c", kSource);
        const auto module = build_module({.inputs = {source_},
                                          .options = {.compiler = GetParam()},
                                          .is_defined = [](const std::string&) { return true; }});
        ASSERT_TRUE(module) << module.error().message;
        auto map = SourceMap::load(module->shared_object);
        ASSERT_TRUE(map) << map.error().message;
        map_.emplace(std::move(*map));
        auto elf = ElfFile::open(module->shared_object);
        ASSERT_TRUE(elf);
        symbols_ = elf->symbols();
    }

    const Symbol& symbol(const std::string& name) const {
        for (const Symbol& symbol : symbols_)
            if (symbol.name == name) return symbol;
        ADD_FAILURE() << "no symbol " << name;
        return symbols_.front();
    }

    std::string source_;
    std::optional<SourceMap> map_;
    std::vector<Symbol> symbols_;
};

TEST_P(SourceMapTest, CodeHasLineAndFunction) {
    const SourceLocation& location = map_->locate(symbol("read_hits").address);

    EXPECT_EQ(location.file, source_);
    EXPECT_EQ(location.function, "read_hits");
    EXPECT_GE(location.line, 13);
    EXPECT_LE(location.line, 17);
}

TEST_P(SourceMapTest, InlinedKernelFunctionsStandForTheLineThatCallsThem) {
    const Symbol& function = symbol("read_hits");
    bool has_line_of_call = false;

    for (uint64_t address = function.address; address < function.address + function.size; ++address) {
        const SourceLocation& location = map_->locate(address);
        ASSERT_EQ(location.file, source_) << address;
        ASSERT_EQ(location.function, "read_hits");
        ASSERT_FALSE(location.is_kernel_header);
        has_line_of_call |= location.line == 17;
    }

    EXPECT_TRUE(has_line_of_call);
}

TEST_P(SourceMapTest, AnAddressOutsideIsUnknown) { EXPECT_FALSE(map_->locate(0xffffff00).is_known()); }

TEST_P(SourceMapTest, SourceLinesComeWithoutIndentation) {
    EXPECT_EQ(map_->source_line(source_, 16), "calls++;");
    EXPECT_EQ(map_->source_line(source_, 99), "");
    EXPECT_EQ(map_->source_line("nowhere.c", 1), "");
}

TEST_P(SourceMapTest, VariablesAreNamedWithTheirParts) {
    const uint64_t device = symbol("device").address;

    EXPECT_EQ(map_->describe_data(device, 4), "device.id");
    EXPECT_EQ(map_->describe_data(device + 6, 2), "device.high");
    EXPECT_EQ(map_->describe_data(device + 20, 4), "device.queues[1].tail");
    EXPECT_EQ(map_->describe_data(device + 8, 8), "device.queues[0]");
    EXPECT_EQ(map_->describe_data(device + 24, 4), "device.users");
    EXPECT_EQ(map_->describe_data(device, 28), "device");
    EXPECT_EQ(map_->describe_data(symbol("table").address + 5 * sizeof(int), 4), "table[1][2]");
    EXPECT_EQ(map_->describe_data(symbol("hits").address), "hits");
    EXPECT_EQ(map_->describe_data(symbol("counter").address + 4), "counter[1]");
}

TEST_P(SourceMapTest, StaticLocalsHaveTheirSourceName) {
    for (const Symbol& symbol : symbols_)
        if (symbol.name.find("calls") != std::string::npos) {
            EXPECT_EQ(map_->describe_data(symbol.address, 4), "calls");
            return;
        }
    FAIL() << "no symbol for the static local";
}

TEST_P(SourceMapTest, NoVariableNoName) { EXPECT_EQ(map_->describe_data(0xffffff00, 4), ""); }

TEST_P(SourceMapTest, SymbolsAreFoundByAnyAddressInThem) {
    const auto place = map_->symbol_at(symbol("read_hits").address + 3);

    ASSERT_TRUE(place);
    EXPECT_EQ(place->name, "read_hits");
    EXPECT_EQ(place->offset, 3u);
}

TEST_P(SourceMapTest, SectionsAreFoundByName) {
    const auto section = map_->section(".data..percpu");

    ASSERT_TRUE(section);
    EXPECT_GE(section->size, 3 * sizeof(int));
    EXPECT_EQ(section->address, symbol("counter").address);
    EXPECT_FALSE(map_->section(".nothing"));
}

INSTANTIATE_TEST_SUITE_P(Compilers, SourceMapTest, testing::Values(CompilerKind::Gcc, CompilerKind::Clang),
                         [](const auto& test) { return test.param == CompilerKind::Gcc ? "Gcc" : "Clang"; });

}  // namespace
}  // namespace kloom::toolchain
