// ModuleCache: compiled modules, found again by content.
//
// A module has two names. Its *request* is what is known before anything runs: compiler, flags, the sources and where they
// are. Its *program* is known after the compiler said which headers it read: the hash of everything that decides what the
// code does. A manifest, named after the request, lists every file that was read with the hash of its contents, and the
// shared object with its own. An entry is valid when all of them still match; anything else, a damaged or half-written
// file too, is a miss. Files appear by rename, so several processes may build the same module at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace kloom::toolchain {

struct CachedModule {
    std::string shared_object;  // path
    std::string program_hash;
    std::string warnings;       // what the compiler said
};

class ModuleCache {
  public:
    // `folder` exists and is the user's own.
    explicit ModuleCache(std::string folder) : folder_(std::move(folder)) {}

    std::optional<CachedModule> find(const std::string& request) const;

    struct Entry {
        std::string request;
        std::string program_hash;
        std::string warnings;
        std::vector<std::string> files;  // every file the compiler read
        std::string shared_object;       // a file that is moved into the cache
    };
    base::Result<CachedModule> store(const Entry& entry) const;

  private:
    void remove_oldest() const;

    std::string folder_;
};

}  // namespace kloom::toolchain
