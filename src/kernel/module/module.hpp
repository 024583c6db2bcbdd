// ModuleService: the module under test, from its file to its end.
//
// The shared object is opened once for a session. What its writable memory held then is kept, and
// put back at the beginning of every execution, so that each starts from the same state at the same
// addresses. insmod() and rmmod() do on a fiber what the commands do: parameters, first function,
// last function, and the look at what is left behind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lib/format.hpp"
#include "kernel/module/elf_image.hpp"

struct kernel_param;
struct module;

namespace kloom::kernel {

struct Argument;

class ModuleService final : public Service {
  public:
    explicit ModuleService(machine::Machine& machine);
    ~ModuleService() override;

    // Opens the module at `path`, whose name is `name` unless it says so itself, and tells the
    // memory map where it lies. Once in a session, outside executions.
    base::Result<void> load_image(const std::string& path, const std::string& name);
    void begin_execution() override;

    // ---- on a fiber
    // -------------------------------------------------------------------------------------------------
    // Loads the module with parameters as insmod takes them ("n=4 name=\"a b\""). 0 or a negative
    // error number.
    int insmod(std::string_view parameters);
    // Unloads it. 0 or a negative error number: -ENOENT not loaded, -EWOULDBLOCK in use, -EBUSY it
    // has a first function but no last one.
    int rmmod();
    bool is_loaded() const { return is_loaded_; }
    // Loaded, and its first function has ended.
    bool is_live() const;
    // Whether a module was opened at all.
    bool has_image() const { return handle_ != nullptr; }
    int use_count() const;
    // What the last load of this execution came to: 0, or a negative error number of init, of the
    // parameters or of insmod.
    int load_result() const { return load_result_; }

    // What the commands print on an error, without the newline.
    std::string insmod_message(int error) const;
    static std::string rmmod_message(const std::string& name, int error);

    // The address of a function or variable of the module or the kernel; 0 if there is none.
    uintptr_t find_symbol(const char* name) const;
    // The symbol of the module or the kernel that `address` lies in; false if there is none.
    bool name_of(uintptr_t address, SymbolName& name) const;
    // The same number in every run of the program, wherever it was loaded.
    uintptr_t stable_address(uintptr_t address) const;
    // The value of a tag of the module (MODULE_VERSION ...); null if it has none.
    const char* information(std::string_view tag) const;
    // Parameters of the module, in the order of the source.
    const std::vector<const kernel_param*>& parameters() const { return parameters_; }

  private:
    struct Snapshot {
        ImageRange range;
        std::vector<unsigned char> bytes;
    };

    void register_regions();
    void find_functions();
    void find_parameters();
    void describe_module();
    void keep_memory();
    void put_memory_back();
    void renew_memory();
    void unlink();
    int set_parameters(std::string_view text);
    int set_parameter(const Argument& argument);
    void set_unknown(char* name);
    int finish_load(int result);
    void warn_of_format(char conversion);
    const char* logged_name() const;
    uintptr_t own_symbol(const char* name) const;

    machine::Machine& machine_;
    void* handle_ = nullptr;
    ElfImage image_;
    std::string file_name_;  // hello.ko
    struct ::module* this_module_ = nullptr;
    int (*init_)() = nullptr;
    void (*exit_)() = nullptr;
    std::vector<const kernel_param*> parameters_;
    std::vector<Snapshot> snapshots_;
    bool is_loaded_ = false;
    bool was_loaded_ = false;  // in this execution
    int load_result_ = 0;
    bool has_warned_of_format_ = false;  // in this execution
};

}  // namespace kloom::kernel
