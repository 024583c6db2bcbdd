// A folder of its own for each test, removed at the end, and a miniature kloom home in it: the tool chain is tested
// against a few header lines, not against the whole kernel interface.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace kloom::toolchain {

class TemporaryFolder {
  public:
    TemporaryFolder() {
        path_ = (std::filesystem::temp_directory_path() / "kloom-test-XXXXXX").string();
        EXPECT_NE(mkdtemp(path_.data()), nullptr);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::string path(const std::string& name = "") const { return name.empty() ? path_ : path_ + "/" + name; }

    std::string write(const std::string& name, const std::string& contents) const {
        std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
        std::ofstream(path(name)) << contents;
        return path(name);
    }

    std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }

  private:
    std::string path_;
};

// A test with a temporary folder that is kloom's home and holds its cache.
class ToolchainTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_.write("include/kernel/linux/kconfig.h", "");
        folder_.write("include/kernel/linux/printk.h",
                      "#pragma once\n"
                      "int _printk(const char *format, ...);\n"
                      "#define printk(...) _printk(__VA_ARGS__)\n"
                      "/* msleep is not here. */\n");
        folder_.write("include/kernel/linux/atomic.h",
                      "#pragma once\n"
                      "typedef struct { int counter; } atomic_t;\n"
                      "static inline __attribute__((always_inline)) int atomic_read(const atomic_t *v)\n"
                      "{\n"
                      "\treturn __atomic_load_n(&v->counter, __ATOMIC_RELAXED);\n"
                      "}\n");
        setenv("KLOOM_HOME", folder_.path().c_str(), 1);
        setenv("XDG_CACHE_HOME", folder_.path("cache").c_str(), 1);
    }
    void TearDown() override {
        unsetenv("KLOOM_HOME");
        unsetenv("XDG_CACHE_HOME");
    }

    TemporaryFolder folder_;
};

}  // namespace kloom::toolchain
