// Each hook that a compiler calls exists: compiles every_access.c and looks up the undefined symbols of the object file.

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace kloom {
namespace {

struct Variant {
    const char* name;
    const char* command;
};

constexpr Variant kVariants[] = {
    {"gcc_O0", "gcc -O0 --param tsan-distinguish-volatile=1"},
    {"gcc_Og", "gcc -Og --param tsan-distinguish-volatile=1"},
    {"gcc_O2", "gcc -O2 --param tsan-distinguish-volatile=1"},
    {"clang_O0", "clang -O0 -mllvm -tsan-instrument-read-before-write=1 -mllvm -tsan-distinguish-volatile=1"},
    {"clang_O2", "clang -O2 -mllvm -tsan-compound-read-before-write=1 -mllvm -tsan-distinguish-volatile=1"},
};

std::vector<std::string> lines_of(const std::string& command) {
    std::vector<std::string> lines;
    FILE* pipe = popen(command.c_str(), "r");
    char line[512];
    while (pipe != nullptr && std::fgets(line, sizeof line, pipe) != nullptr) {
        lines.emplace_back(line);
        lines.back().pop_back();
    }
    if (pipe != nullptr) pclose(pipe);
    return lines;
}

class HookCoverageTest : public ::testing::TestWithParam<Variant> {};

TEST_P(HookCoverageTest, EveryHookExists) {
    std::string folder = (std::filesystem::temp_directory_path() / "kloom-hooks-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const std::string object = folder + "/every_access.o";
    const std::string compile = std::string(GetParam().command) + " -w -fsanitize=thread -fPIC -fno-builtin -mcx16 -c " +
                                KLOOM_SOURCE_DIR "/tests/unit/hooks/every_access.c -o " + object + " 2>&1";
    if (!lines_of(compile).empty() && !std::filesystem::exists(object)) GTEST_SKIP() << "the compiler is not installed";

    const std::vector<std::string> symbols = lines_of("nm -u -P " + object);

    std::filesystem::remove_all(folder);
    EXPECT_GT(symbols.size(), 50u);
    for (const std::string& line : symbols) {
        const std::string name = line.substr(0, line.find(' '));
        if (!name.starts_with("__tsan_")) continue;
        EXPECT_NE(dlsym(RTLD_DEFAULT, name.c_str()), nullptr) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(Compilers, HookCoverageTest, ::testing::ValuesIn(kVariants),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace kloom
