#include "toolchain/module_cache.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "toolchain/content_hash.hpp"
#include "toolchain/files.hpp"

namespace kloom::toolchain {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifestMark = "kloom-module 1";
constexpr const char* kManifestExtension = ".manifest";
constexpr size_t kEntriesMax = 1000;

struct Manifest {
    std::string program_hash;
    std::string object_hash;
    std::vector<std::pair<std::string, std::string>> files;  // hash, path
    std::string warnings;
};

// The manifest's text: mark, "program HASH", "object HASH", "file HASH PATH" lines, "warnings" and the rest.
std::string format_manifest(const Manifest& manifest) {
    std::string text = std::string(kManifestMark) + "\nprogram " + manifest.program_hash + "\nobject " + manifest.object_hash;
    for (const auto& [hash, path] : manifest.files) text += "\nfile " + hash + " " + path;
    return text + "\nwarnings\n" + manifest.warnings;
}

std::optional<Manifest> parse_manifest(const std::string& text) {
    std::istringstream stream(text);
    std::string line;
    if (!std::getline(stream, line) || line != kManifestMark) return std::nullopt;
    Manifest manifest;
    while (std::getline(stream, line) && line != "warnings") {
        std::istringstream words(line);
        std::string kind;
        std::string hash;
        std::string path;
        words >> kind >> hash;
        std::getline(words >> std::ws, path);
        if (kind == "program") manifest.program_hash = hash;
        else if (kind == "object") manifest.object_hash = hash;
        else if (kind == "file" && !path.empty()) manifest.files.emplace_back(hash, path);
        else return std::nullopt;
    }
    if (line != "warnings" || manifest.files.empty()) return std::nullopt;  // cut short
    std::ostringstream rest;
    if (stream.peek() != std::istringstream::traits_type::eof()) rest << stream.rdbuf();
    manifest.warnings = rest.str();
    return manifest;
}

bool still_has(const std::string& path, const std::string& hash) {
    const auto contents = read_file(path);
    return contents && hash_of(*contents) == hash;
}

}  // namespace

std::optional<CachedModule> ModuleCache::find(const std::string& request) const {
    const auto text = read_file(folder_ + "/" + request + kManifestExtension);
    if (!text) return std::nullopt;
    const auto manifest = parse_manifest(*text);
    if (!manifest) return std::nullopt;
    const std::string object = folder_ + "/" + manifest->object_hash + ".so";
    if (!still_has(object, manifest->object_hash)) return std::nullopt;
    for (const auto& [hash, path] : manifest->files)
        if (!still_has(path, hash)) return std::nullopt;
    return CachedModule{object, manifest->program_hash, manifest->warnings};
}

base::Result<CachedModule> ModuleCache::store(const Entry& entry) const {
    Manifest manifest{entry.program_hash, hash_of(TRY(read_file(entry.shared_object))), {}, entry.warnings};
    for (const std::string& file : entry.files) manifest.files.emplace_back(hash_of(TRY(read_file(file))), file);

    const std::string object = folder_ + "/" + manifest.object_hash + ".so";
    std::error_code error;
    fs::rename(entry.shared_object, object, error);
    if (error) return base::Error{"cannot write " + object + ": " + error.message(), ""};
    TRY_VOID(replace_file(folder_ + "/" + entry.request + kManifestExtension, format_manifest(manifest)));
    remove_oldest();
    return CachedModule{object, entry.program_hash, entry.warnings};
}

// Keeps the folder bounded. Files that a running kloom has loaded stay valid for it after they are unlinked.
void ModuleCache::remove_oldest() const {
    std::vector<std::pair<fs::file_time_type, fs::path>> entries;
    std::error_code error;
    for (fs::directory_iterator entry(folder_, error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::error_code unreadable;
        const fs::file_time_type time = entry->last_write_time(unreadable);
        if (!unreadable && entry->is_regular_file(unreadable)) entries.emplace_back(time, entry->path());
    }
    constexpr size_t kFilesPerEntry = 2;
    if (entries.size() <= kEntriesMax * kFilesPerEntry) return;
    std::sort(entries.begin(), entries.end());
    for (size_t i = 0; i < entries.size() / 2; ++i) fs::remove(entries[i].second, error);
}

}  // namespace kloom::toolchain
