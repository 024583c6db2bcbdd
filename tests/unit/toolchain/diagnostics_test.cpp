#include "toolchain/diagnostics.hpp"

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace kloom::toolchain {
namespace {

// The words of both compilers for the same mistakes; "@" stands for the source's path.
struct Case {
    const char* name;
    const char* output;
    const char* expected;  // after "@:12: "
};

class CompilerOutput : public ToolchainTest, public testing::WithParamInterface<Case> {};

std::string with_path(std::string text, const std::string& path) {
    for (size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + path.size()))
        text.replace(at, 1, path);
    return text;
}

TEST_P(CompilerOutput, BecomesOneLine) {
    const std::string source = folder_.write("hello.c", "int x;\n");
    const SupportedNames supported(folder_.path("include/kernel"));

    const base::Error error = explain_compile_failure(with_path(GetParam().output, source), source, supported);

    EXPECT_EQ(error.message, source + ":12: " + GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, CompilerOutput,
    testing::Values(
        Case{"FunctionGcc", "@: In function 'f':\n@:12:5: error: implicit declaration of function 'msleep'\n",
             "kernel function 'msleep' (linux/delay.h) is not supported by kloom"},
        Case{"FunctionClang", "@:12:5: error: implicit declaration of function 'msleep' is invalid in C99\n",
             "kernel function 'msleep' (linux/delay.h) is not supported by kloom"},
        Case{"FunctionNewClang",
             "@:12:5: error: call to undeclared function 'msleep'; ISO C99 and later do not support implicit functions\n",
             "kernel function 'msleep' (linux/delay.h) is not supported by kloom"},
        Case{"FunctionCpp", "@:12:5: error: 'msleep' was not declared in this scope\n",
             "kernel function 'msleep' (linux/delay.h) is not supported by kloom"},
        Case{"HeaderGcc", "@:12:10: fatal error: linux/usb.h: No such file or directory\ncompilation terminated.\n",
             "kernel header 'linux/usb.h' is not supported by kloom"},
        Case{"HeaderClang", "@:12:10: fatal error: 'linux/usb.h' file not found\n",
             "kernel header 'linux/usb.h' is not supported by kloom"},
        Case{"MacroGcc", "@:12:5: error: 'GFP_KERNEL' undeclared (first use in this function)\n",
             "kernel macro 'GFP_KERNEL' (linux/gfp.h) is not supported by kloom"},
        Case{"TypeGcc", "@:12:1: error: unknown type name 'gfp_t'\n",
             "kernel type 'gfp_t' (linux/types.h) is not supported by kloom"},
        Case{"StructureGcc", "@:12:17: error: invalid use of undefined type 'struct file'\n",
             "kernel structure 'file' (linux/fs.h) is not supported by kloom"},
        Case{"MemberGcc", "@:12:10: error: 'struct file_operations' has no member named 'fallocate'\n",
             "member 'fallocate' of the kernel's struct file_operations is not supported by kloom"},
        Case{"SeveralNames",
             "@:12:5: error: implicit declaration of function 'msleep'\n"
             "@:13:5: error: implicit declaration of function 'kmalloc'\n"
             "@:14:5: error: implicit declaration of function 'msleep'\n"
             "@:15:5: error: 'GFP_KERNEL' undeclared (first use in this function)\n",
             "kernel function 'msleep' (linux/delay.h) is not supported by kloom, and 2 more: "
             "kmalloc (linux/slab.h), GFP_KERNEL (linux/gfp.h)"}),
    [](const auto& test) { return std::string(test.param.name); });

class Diagnostics : public ToolchainTest {};

TEST_F(Diagnostics, OrdinaryErrorsAreTheCompilersFirstLines) {
    const std::string source = folder_.write("hello.c", "int f(void) { return y }\n");
    std::string output;
    for (int line = 1; line <= 7; ++line) output += source + ":" + std::to_string(line) + ":3: error: expected ';'\n";

    const base::Error error = explain_compile_failure(output, source, SupportedNames(folder_.path("include/kernel")));

    EXPECT_NE(error.message.find("hello.c does not compile\n"), std::string::npos);
    EXPECT_NE(error.message.find("hello.c:5: expected ';'"), std::string::npos);
    EXPECT_EQ(error.message.find("hello.c:6:"), std::string::npos);
    EXPECT_NE(error.message.find("and 2 more errors"), std::string::npos);
}

TEST_F(Diagnostics, ASyntaxErrorOnALineWithAnUnknownKernelMacroNamesTheMacro) {
    const std::string source = folder_.write("hello.c", "static DEFINE_MUTEX(lock);\n");

    const base::Error error = explain_compile_failure(source + ":1:21: error: expected ')' before 'lock'\n", source,
                                                      SupportedNames(folder_.path("include/kernel")));

    EXPECT_EQ(error.message, source + ":1: kernel function 'DEFINE_MUTEX' (linux/mutex.h) is not supported by kloom");
}

TEST_F(Diagnostics, TheHeaderOfASupportedNameIsFound) {
    const std::string source = folder_.write("hello.c", "int f(void) { return atomic_read(0) + msleep(1); }\n");

    const auto headers = headers_left_out(source + ":1:22: error: implicit declaration of function 'atomic_read'\n",
                                          SupportedNames(folder_.path("include/kernel")));

    EXPECT_EQ(headers, std::vector<std::string>{"linux/atomic.h"});
}

TEST_F(Diagnostics, AMissingHeaderOfTheModuleIsTheModulesMistake) {
    const std::string source = folder_.write("hello.c", "#include \"mine.h\"\n");

    const base::Error error = explain_compile_failure(source + ":1:10: fatal error: mine.h: No such file or directory\n",
                                                      source, SupportedNames(folder_.path("include/kernel")));

    EXPECT_NE(error.message.find("mine.h: No such file or directory"), std::string::npos);
}

TEST_F(Diagnostics, EveryMissingHeaderIsNamed) {
    const std::string source =
        folder_.write("hello.c", "#include <linux/usb.h>\n#include <linux/printk.h>\n#include <linux/pci.h>\n");

    const base::Error error =
        explain_compile_failure(source + ":1:10: fatal error: linux/usb.h: No such file or directory\n", source,
                                SupportedNames(folder_.path("include/kernel")));

    EXPECT_EQ(error.message, source + ":1: kernel header 'linux/usb.h' is not supported by kloom, and 1 more: linux/pci.h");
}

TEST_F(Diagnostics, AnUndefinedKernelFunctionIsNamedWithItsFirstUse) {
    const std::string source = folder_.write("hello.c", "void f(void)\n{\n\tmsleep_not();\n\tmsleep(1);\n}\n");

    const base::Error error = explain_undefined_symbols({"msleep"}, {source});

    EXPECT_EQ(error.message, source + ":4: kernel function 'msleep' (linux/delay.h) is not supported by kloom");
}

}  // namespace
}  // namespace kloom::toolchain
