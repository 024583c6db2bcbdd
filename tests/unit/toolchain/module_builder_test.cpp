#include "toolchain/module_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "temporary_folder.hpp"
#include "toolchain/elf_file.hpp"
#include "toolchain/subprocess.hpp"

namespace kloom::toolchain {
namespace {

constexpr const char* kHello =
    "#include <linux/printk.h>\n"
    "int total;\n"
    "int init_module(void)\n"
    "{\n"
    "\ttotal++;\n"
    "\tprintk(\"hello\\n\");\n"
    "\treturn 0;\n"
    "}\n";

class ModuleBuilder : public ToolchainTest {
  protected:
    base::Result<BuiltModule> build(const std::string& input, CompileOptions options = {}) {
        return build_module({.inputs = {input}, .options = options, .is_defined = [](const std::string&) { return true; }});
    }

    // How often the cache had to be filled: one shared object for each.
    size_t objects_in_cache() const {
        size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path("cache/kloom")))
            count += entry.path().extension() == ".so";
        return count;
    }
};

TEST_F(ModuleBuilder, BuildsASharedObjectWithHooks) {
    const auto module = build(folder_.write("hello.c", kHello));

    ASSERT_TRUE(module) << module.error().message;
    EXPECT_EQ(module->name, "hello");
    const auto undefined = undefined_symbols(module->shared_object);
    ASSERT_TRUE(undefined);
    for (const char* hook : {"__tsan_read4", "__tsan_write4", "_printk"})
        EXPECT_NE(std::find(undefined->begin(), undefined->end(), hook), undefined->end()) << hook;
}

TEST_F(ModuleBuilder, ClangSeesReadsBeforeWritesToo) {
    if (find_program("clang").empty()) GTEST_SKIP() << "clang is not installed";

    const auto module = build(folder_.write("hello.c", kHello), {.compiler = CompilerKind::Clang});

    ASSERT_TRUE(module) << module.error().message;
    const auto undefined = undefined_symbols(module->shared_object);
    ASSERT_TRUE(undefined);
    EXPECT_NE(std::find(undefined->begin(), undefined->end(), "__tsan_read4"), undefined->end());
}

TEST_F(ModuleBuilder, BuildsCpp) {
    const auto module = build(folder_.write("hello.cpp", "extern \"C\" int init_module() { static int n; return n++; }\n"));

    ASSERT_TRUE(module) << module.error().message;
}

TEST_F(ModuleBuilder, TheSameSourceIsCompiledOnce) {
    const std::string file = folder_.write("hello.c", kHello);

    const auto first = build(file);
    const auto second = build(file);

    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->shared_object, second->shared_object);
    EXPECT_EQ(first->program_hash, second->program_hash);
    EXPECT_EQ(objects_in_cache(), 1u);
}

TEST_F(ModuleBuilder, AChangedSourceIsAnotherProgram) {
    const auto first = build(folder_.write("hello.c", kHello));
    const auto second = build(folder_.write("hello.c", std::string(kHello) + "int more;\n"));

    ASSERT_TRUE(first && second);
    EXPECT_NE(first->program_hash, second->program_hash);
    EXPECT_NE(first->shared_object, second->shared_object);
}

TEST_F(ModuleBuilder, AChangedHeaderIsAnotherProgram) {
    const std::string file = folder_.write("hello.c", "#include \"mine.h\"\nint init_module(void) { return MINE; }\n");
    folder_.write("mine.h", "#define MINE 0\n");
    const auto first = build(file);
    folder_.write("mine.h", "#define MINE 1\n");
    const auto second = build(file);

    ASSERT_TRUE(first && second);
    EXPECT_NE(first->program_hash, second->program_hash);
}

TEST_F(ModuleBuilder, OptionsAreAnotherProgram) {
    const std::string file = folder_.write("hello.c", kHello);
    const auto plain = build(file);
    const auto old = build(file, {.kernel_version = KernelVersion::Linux5_0});
    const auto optimised = build(file, {.optimisation = Optimisation::AsCompiled});
    const auto defined = build(file, {.extra_flags = {"-DX=1"}});

    ASSERT_TRUE(plain && old && optimised && defined);
    EXPECT_NE(plain->program_hash, old->program_hash);
    EXPECT_NE(plain->program_hash, optimised->program_hash);
    EXPECT_NE(plain->program_hash, defined->program_hash);
}

TEST_F(ModuleBuilder, TheProgramIsTheSameInAnotherFolder) {
    const auto here = build(folder_.write("here/hello.c", kHello));
    const auto there = build(folder_.write("there/hello.c", kHello));

    ASSERT_TRUE(here && there);
    EXPECT_EQ(here->program_hash, there->program_hash);
    EXPECT_NE(here->shared_object, there->shared_object);  // their debug information names the folders
}

TEST_F(ModuleBuilder, ADamagedEntryIsBuiltAgain) {
    const std::string file = folder_.write("hello.c", kHello);
    const auto first = build(file);
    ASSERT_TRUE(first);
    std::filesystem::resize_file(first->shared_object, 100);

    const auto second = build(file);

    ASSERT_TRUE(second) << second.error().message;
    EXPECT_TRUE(undefined_symbols(second->shared_object));
}

TEST_F(ModuleBuilder, ConcurrentBuildsGiveTheSameObject) {
    const std::string file = folder_.write("hello.c", kHello);
    std::vector<std::string> objects(3);
    {
        std::vector<std::jthread> builders;
        for (std::string& object : objects)
            builders.emplace_back([&] {
                const auto module = build(file);
                object = module ? module->shared_object : module.error().message;
            });
    }

    EXPECT_EQ(objects, std::vector<std::string>(3, objects[0]));
    EXPECT_TRUE(std::filesystem::exists(objects[0])) << objects[0];
}

TEST_F(ModuleBuilder, SeveralSourcesAreLinkedTogether) {
    folder_.write("Makefile", "obj-m := both.o\nboth-objs := one.o two.o\n");
    folder_.write("one.c", "extern int two(void);\nint init_module(void) { return two(); }\n");
    folder_.write("two.c", "int two(void) { return 0; }\n");

    const auto module = build(folder_.path("one.c"));

    ASSERT_TRUE(module) << module.error().message;
    EXPECT_EQ(module->sources.size(), 2u);
}

TEST_F(ModuleBuilder, OldMistakesAreWarnings) {
    const auto module = build(folder_.write("hello.c",
                                            "static int answer(void) { }\n"
                                            "int init_module(void) { int x = \"text\"; return x + answer(); }\n"));

    ASSERT_TRUE(module) << module.error().message;
    EXPECT_NE(module->warnings.find("warning"), std::string::npos);
}

TEST_F(ModuleBuilder, AHeaderThatLinuxReachesThroughOthersMayBeLeftOut) {
    const auto module =
        build(folder_.write("hello.c", "atomic_t hits;\nint init_module(void) { return atomic_read(&hits); }\n"));

    ASSERT_TRUE(module) << module.error().message;
}

TEST_F(ModuleBuilder, AnUndeclaredFunctionIsAnError) {
    const std::string file = folder_.write("hello.c", "int init_module(void)\n{\n\tmsleep(1);\n\treturn 0;\n}\n");

    const auto module = build(file);

    ASSERT_FALSE(module);
    EXPECT_EQ(module.error().message, file + ":3: kernel function 'msleep' (linux/delay.h) is not supported by kloom");
}

TEST_F(ModuleBuilder, AFunctionThatTheProgramDoesNotDefineIsAnError) {
    const std::string file = folder_.write("hello.c", kHello);

    const auto module = build_module(
        {.inputs = {file}, .options = {}, .is_defined = [](const std::string& name) { return name.starts_with("__tsan"); }});

    ASSERT_FALSE(module);
    EXPECT_NE(module.error().message.find("'_printk'"), std::string::npos) << module.error().message;
}

TEST_F(ModuleBuilder, TheCLibraryDoesNotStandInForTheKernel) {
    const std::string file = folder_.write("hello.c", "extern int system(const char *);\nint init_module(void) { return system(\"\"); }\n");

    const auto module = build_module({.inputs = {file}, .options = {}, .is_defined = {}});

    ASSERT_FALSE(module);
}

TEST_F(ModuleBuilder, NoCompilerNamesThePackage) {
    const std::string file = folder_.write("hello.c", kHello);
    const std::string path = std::getenv("PATH");
    setenv("PATH", folder_.path().c_str(), 1);

    const auto module = build(file);
    setenv("PATH", path.c_str(), 1);

    ASSERT_FALSE(module);
    EXPECT_EQ(module.error().message, "the compiler gcc is not installed");
    EXPECT_NE(module.error().hint.find("apt-get install gcc"), std::string::npos);
}

}  // namespace
}  // namespace kloom::toolchain
