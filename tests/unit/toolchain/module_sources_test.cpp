#include "toolchain/module_sources.hpp"

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace kloom::toolchain {
namespace {

using Words = std::vector<std::string>;

TEST(ModuleSources, AFileIsAModuleNamedAfterIt) {
    TemporaryFolder folder;
    const std::string file = folder.write("my-module.c", "int x;\n");

    const auto sources = find_module_sources({file});

    ASSERT_TRUE(sources) << sources.error().message;
    EXPECT_EQ(sources->name, "my_module");
    EXPECT_EQ(sources->files, Words{file});
}

TEST(ModuleSources, ACommaListIsOneModule) {
    TemporaryFolder folder;
    const std::string a = folder.write("a.c", "int a;\n");
    const std::string b = folder.write("b.cpp", "int b;\n");

    const auto sources = find_module_sources({a + "," + b});

    ASSERT_TRUE(sources) << sources.error().message;
    EXPECT_EQ(sources->name, "a");
    EXPECT_EQ(sources->files, (Words{a, b}));
}

TEST(ModuleSources, AFolderIsReadFromItsMakefile) {
    TemporaryFolder folder;
    folder.write("Makefile",
                 "# a module of two files\n"
                 "obj-m := driver.o\n"
                 "driver-objs := main.o \\\n"
                 "\tqueue.o\n"
                 "ccflags-y += -DDEBUG -O3 -I$(src)/include\n"
                 "all:\n"
                 "\tmake -C /lib/modules/x/build M=$(PWD) modules\n");
    const std::string main_file = folder.write("main.c", "int a;\n");
    const std::string queue_file = folder.write("queue.c", "int b;\n");

    const auto sources = find_module_sources({folder.path()});

    ASSERT_TRUE(sources) << sources.error().message;
    EXPECT_EQ(sources->name, "driver");
    EXPECT_EQ(sources->files, (Words{main_file, queue_file}));
    EXPECT_EQ(sources->flags, (Words{"-DDEBUG", "-I" + folder.path("include")}));
}

TEST(ModuleSources, AFileStandsForTheModuleItIsPartOf) {
    TemporaryFolder folder;
    folder.write("Kbuild", "obj-m += driver.o\ndriver-y := main.o\ndriver-y += queue.o\n");
    const std::string main_file = folder.write("main.c", "int a;\n");
    const std::string queue_file = folder.write("queue.c", "int b;\n");

    const auto sources = find_module_sources({main_file});

    ASSERT_TRUE(sources) << sources.error().message;
    EXPECT_EQ(sources->name, "driver");
    EXPECT_EQ(sources->files, (Words{main_file, queue_file}));
}

TEST(ModuleSources, AFileOfAnotherModuleStandsAlone) {
    TemporaryFolder folder;
    folder.write("Makefile", "obj-m := hello.o\nobj-m += other.o\n");
    const std::string file = folder.write("hello.c", "int a;\n");

    const auto sources = find_module_sources({file});

    ASSERT_TRUE(sources) << sources.error().message;
    EXPECT_EQ(sources->files, Words{file});
}

struct WrongInput {
    const char* name;
    const char* input;     // below the test's folder
    const char* expected;  // in the message
};

class ModuleSourcesErrors : public testing::TestWithParam<WrongInput> {};

TEST_P(ModuleSourcesErrors, SayWhatIsWrong) {
    TemporaryFolder folder;
    folder.write("empty.c", "  \n");
    folder.write("notes.txt", "x");
    folder.write("plain/readme", "x");
    folder.write("several/Makefile", "obj-m := one.o two.o\n");
    folder.write("hollow/Makefile", "obj-m := gone.o\n");

    const auto sources = find_module_sources({folder.path(GetParam().input)});

    ASSERT_FALSE(sources);
    EXPECT_NE(sources.error().message.find(GetParam().expected), std::string::npos) << sources.error().message;
}

INSTANTIATE_TEST_SUITE_P(All, ModuleSourcesErrors,
                         testing::Values(WrongInput{"Missing", "absent.c", "no such file"},
                                         WrongInput{"Empty", "empty.c", "is empty"},
                                         WrongInput{"NoSource", "notes.txt", "not a C or C++ source"},
                                         WrongInput{"FolderWithoutMakefile", "plain", "without a Makefile"},
                                         WrongInput{"FolderOfSeveral", "several", "one.c, two.c"},
                                         WrongInput{"FolderWithoutSource", "hollow", "no gone.c"}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace kloom::toolchain
