#include "toolchain/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

namespace kloom::toolchain {
namespace {

namespace fs = std::filesystem;

base::Error system_error(const std::string& what, const std::string& path, int number) {
    return {what + " " + display_path(path) + ": " + std::strerror(number), ""};
}

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || value[0] == '\0') return std::nullopt;
    return value;
}

bool has_kernel_headers(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder / "include" / "kernel" / "linux", ignored);
}

base::Result<void> make_private_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (mkdir(folder.c_str(), 0700) == 0) return {};
    struct stat status{};
    if (errno == EEXIST && stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid())
        return {};
    return base::Error{"cannot use the cache folder " + folder.string() + ": " + std::strerror(errno),
                       "set XDG_CACHE_HOME to a folder of yours that can be written"};
}

}  // namespace

base::Result<std::string> read_file(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return system_error("cannot read", path, errno);
    struct stat status{};
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(file);
        return base::Error{"cannot read " + display_path(path) + ": it is not a regular file", ""};
    }

    std::string contents(static_cast<size_t>(status.st_size), '\0');
    size_t filled = 0;
    for (;;) {  // ends at the end of the file; the file may shrink or grow meanwhile
        if (filled == contents.size()) contents.resize(contents.size() + 1);
        const ssize_t count = read(file, contents.data() + filled, contents.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            const int number = errno;
            close(file);
            return system_error("cannot read", path, number);
        }
        if (count == 0) break;
        filled += static_cast<size_t>(count);
    }
    close(file);
    contents.resize(filled);
    return contents;
}

base::Result<void> replace_file(const std::string& path, std::string_view contents) {
    std::string temporary = path + ".XXXXXX";
    const int file = mkostemp(temporary.data(), O_CLOEXEC);
    if (file < 0) return system_error("cannot write", path, errno);
    size_t written = 0;
    while (written < contents.size()) {
        const ssize_t count = write(file, contents.data() + written, contents.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) break;
        written += static_cast<size_t>(count);
    }
    // Readable as any file that this user creates; mkostemp() makes it private.
    const mode_t hidden = umask(0);
    umask(hidden);
    fchmod(file, 0666 & ~hidden);
    const bool closed = close(file) == 0;
    if (written == contents.size() && closed && rename(temporary.c_str(), path.c_str()) == 0) return {};
    const int number = errno;
    unlink(temporary.c_str());
    return system_error("cannot write", path, number);
}

base::Result<std::string> home_folder() {
    if (const auto home = environment("KLOOM_HOME")) {
        if (has_kernel_headers(*home)) return *home;
        return base::Error{"KLOOM_HOME is " + *home + ", which has no include/kernel", "unset it or name kloom's folder"};
    }
    if (has_kernel_headers(KLOOM_SOURCE_DIR)) return std::string(KLOOM_SOURCE_DIR);
    std::error_code error;
    fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (; !error && folder != folder.root_path(); folder = folder.parent_path())
        if (has_kernel_headers(folder)) return folder.string();
    return base::Error{"kloom's kernel headers are not where it was built",
                       "set KLOOM_HOME to the folder that holds include/kernel"};
}

base::Result<std::string> cache_folder() {
    fs::path folder;
    std::error_code error;
    if (const auto cache = environment("XDG_CACHE_HOME")) {
        folder = fs::path(*cache) / "kloom";
    } else if (const auto home = environment("HOME")) {
        folder = fs::path(*home) / ".cache" / "kloom";
    } else {
        folder = fs::temp_directory_path(error) / ("kloom-" + std::to_string(geteuid()));
    }
    TRY_VOID(make_private_folder(folder));
    return folder.string();
}

std::string display_path(const std::string& path) {
    std::error_code error;
    const fs::path here = fs::current_path(error);
    if (error || !fs::path(path).is_absolute()) return path;
    const fs::path relative = fs::path(path).lexically_relative(here);
    if (relative.empty() || *relative.begin() == "..") return path;
    return relative.string();
}

}  // namespace kloom::toolchain
