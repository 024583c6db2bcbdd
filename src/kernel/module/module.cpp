#include "kernel/module/module.hpp"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstring>

#include "base/check.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/irq/callback.hpp"
#include "kernel/lib/params.hpp"
#include "kernel/lib/random.hpp"
#include "kernel/log.hpp"
#include "kernel/mm/percpu.hpp"

#include <linux/bug.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

enum system_states system_state = SYSTEM_RUNNING;

namespace kloom::kernel {

namespace {

// Where Linux on x86-64 has its code and its modules.
constexpr uintptr_t kKernelAddresses = 0xffffffff81000000;
constexpr uintptr_t kModuleAddresses = 0xffffffffc0000000;

// All modules, as the `list` of struct module links them.
struct list_head g_modules = LIST_HEAD_INIT(g_modules);

constexpr size_t kArgumentBytesMax = 8192;  // of all arguments together

// Parameter names may be written with '-' for '_'.
bool is_same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](char x, char y) { return (x == '-' ? '_' : x) == (y == '-' ? '_' : y); });
}

}  // namespace

ModuleService::ModuleService(machine::Machine& machine) : machine_(machine) {
    const auto add = [&machine](const auto& object) {
        const auto begin = reinterpret_cast<uintptr_t>(&object);
        machine.memory().add_region(trace::Region::Kernel, begin, begin + sizeof object);
    };
    add(system_state);
    add(g_modules);
    format_hooks().symbol_name_of = [](uintptr_t address, SymbolName& name) {
        return kernel().modules->name_of(address, name);
    };
    format_hooks().on_unknown = [](char conversion) {
        kernel().modules->warn_of_format(conversion);
    };
    format_hooks().stable_address_of = [](uintptr_t address) {
        return kernel().modules->stable_address(address);
    };
}

ModuleService::~ModuleService() {
    if (handle_ != nullptr) dlclose(handle_);
}

// ---- the image
// ---------------------------------------------------------------------------------------------------------

base::Result<void> ModuleService::load_image(const std::string& path, const std::string& name) {
    CHECK(handle_ == nullptr, "a session has one module");
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_ == nullptr)
        return base::Error{std::string("module cannot be loaded: ") + dlerror(), ""};
    image_ = TRY(inspect_image(handle_, path));
    this_module_ = reinterpret_cast<struct ::module*>(own_symbol("__this_module"));
    find_functions();
    find_parameters();
    register_regions();
    describe_module();
    ModuleImage& module = kernel().module;
    module.name = this_module_ != nullptr ? this_module_->name : name;
    file_name_ = module.name + ".ko";
    if (image_.percpu && !kernel().percpu->map_static(image_.percpu->begin, image_.percpu->end))
        return base::Error{"module has more per-CPU data than fits", ""};
    keep_memory();
    return {};
}

void ModuleService::register_regions() {
    trace::MemoryMap& memory = machine_.memory();
    for (const ImageRange& range : image_.read_only)
        memory.add_region(trace::Region::ModuleReadOnly, range.begin, range.end);
    for (const ImageRange& range : image_.writable)
        memory.add_region(trace::Region::ModuleData, range.begin, range.end);
    ModuleImage& module = kernel().module;
    module.image_begin = image_.mapped.begin;
    module.image_end = image_.mapped.end;
    for (const ImageRange& range : image_.text) {
        memory.add_region(trace::Region::ModuleText, range.begin, range.end);
        module.text_begin =
            module.text_begin == 0 ? range.begin : std::min(module.text_begin, range.begin);
        module.text_end = std::max(module.text_end, range.end);
    }
}

// module_init() and module_exit() leave pointers; without them the functions have names of their
// own.
void ModuleService::find_functions() {
    if (const auto pointer = own_symbol("kloom_module_init"))
        init_ = *reinterpret_cast<int (**)()>(pointer);
    else
        init_ = reinterpret_cast<int (*)()>(own_symbol("init_module"));
    if (const auto pointer = own_symbol("kloom_module_exit"))
        exit_ = *reinterpret_cast<void (**)()>(pointer);
    else
        exit_ = reinterpret_cast<void (*)()>(own_symbol("cleanup_module"));
}

void ModuleService::find_parameters() {
    if (!image_.parameters) return;
    const auto* begin = reinterpret_cast<const kernel_param*>(image_.parameters->begin);
    const size_t count = image_.parameters->size() / sizeof(kernel_param);
    for (size_t index = 0; index < count; ++index) parameters_.push_back(begin + index);
}

void ModuleService::describe_module() {
    if (this_module_ == nullptr) return;
    this_module_->version = information("version");
    this_module_->num_kp = static_cast<unsigned>(parameters_.size());
}

void ModuleService::keep_memory() {
    for (const ImageRange& range : image_.writable) {
        const auto* begin = reinterpret_cast<const unsigned char*>(range.begin);
        snapshots_.push_back({range, {begin, begin + range.size()}});
    }
}

void ModuleService::begin_execution() {
    is_loaded_ = false;
    was_loaded_ = false;
    load_result_ = 0;
    has_warned_of_format_ = false;
    reset_params();
    reset_random();
    put_memory_back();
}

void ModuleService::put_memory_back() {
    for (const Snapshot& snapshot : snapshots_)
        std::memcpy(reinterpret_cast<void*>(snapshot.range.begin), snapshot.bytes.data(),
                    snapshot.bytes.size());
}

const char* ModuleService::information(std::string_view tag) const {
    if (!image_.information) return nullptr;
    const char* const end = reinterpret_cast<const char*>(image_.information->end);
    for (const char* entry = reinterpret_cast<const char*>(image_.information->begin);
         entry < end;) {
        const std::string_view text(entry);
        if (text.size() > tag.size() && text.starts_with(tag) && text[tag.size()] == '=')
            return entry + tag.size() + 1;
        entry += text.size() + 1;
    }
    return nullptr;
}

// The C library has an init_module() too, so only what lies in the image counts.
uintptr_t ModuleService::own_symbol(const char* name) const {
    const auto address = reinterpret_cast<uintptr_t>(dlsym(handle_, name));
    return image_.mapped.contains(address) ? address : 0;
}

uintptr_t ModuleService::find_symbol(const char* name) const {
    if (handle_ != nullptr)
        if (const uintptr_t address = own_symbol(name)) return address;
    Dl_info self, info;
    if (dladdr(reinterpret_cast<void*>(&is_same_name), &self) == 0) return 0;
    for (const std::string& symbol : {std::string(name), std::string("kloom_") + name}) {
        void* address = dlsym(RTLD_DEFAULT, symbol.c_str());
        if (address != nullptr && dladdr(address, &info) != 0 && info.dli_fbase == self.dli_fbase)
            return reinterpret_cast<uintptr_t>(address);
    }
    return 0;
}

bool ModuleService::name_of(uintptr_t address, SymbolName& name) const {
    if (image_.mapped.contains(address)) {
        auto next = std::ranges::upper_bound(image_.symbols, address, {}, &ImageSymbol::address);
        if (next == image_.symbols.begin()) return false;
        const ImageSymbol& symbol = *--next;
        name = {symbol.name.c_str(), kernel().module.name.c_str(), address - symbol.address,
                symbol.size};
        return true;
    }
    Dl_info info;
    const ElfW(Sym)* symbol = nullptr;
    void** const extra = reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol));
    if (dladdr1(reinterpret_cast<void*>(address), &info, extra, RTLD_DL_SYMENT) == 0 ||
        info.dli_sname == nullptr)
        return false;
    const char* const own_prefix = "kloom_";
    const bool is_renamed = std::strncmp(info.dli_sname, own_prefix, std::strlen(own_prefix)) == 0;
    name = {info.dli_sname + (is_renamed ? std::strlen(own_prefix) : 0), nullptr,
            address - reinterpret_cast<uintptr_t>(info.dli_saddr),
            symbol != nullptr ? symbol->st_size : 0};
    return true;
}

// Once, as in Linux, from boot to shutdown.
void ModuleService::warn_of_format(char conversion) {
    if (has_warned_of_format_) return;
    has_warned_of_format_ = true;
    kloom_warn("format_decode", "lib/vsprintf.c", 0,
               "Please remove unsupported %%%c in format string\n", conversion);
}

uintptr_t ModuleService::stable_address(uintptr_t address) const {
    if (image_.mapped.contains(address)) return address - image_.mapped.begin + kModuleAddresses;
    Dl_info info;
    if (dladdr(reinterpret_cast<void*>(address), &info) == 0) return address;
    return address - reinterpret_cast<uintptr_t>(info.dli_fbase) + kKernelAddresses;
}

// ---- loading and unloading
// ---------------------------------------------------------------------------------------------

// In memory that formatting may read, which a string of kloom's own is not.
const char* ModuleService::logged_name() const {
    return this_module_ != nullptr ? this_module_->name : "module";
}

// An argument that no parameter takes; some are the loader's own.
void ModuleService::set_unknown(char* name) {
    if (std::strcmp(name, "async_probe") == 0) return;
    if (char* const dot = std::strchr(name, '.')) {
        *dot = '\0';
        if (std::strcmp(dot + 1, "dyndbg") == 0) return;
    } else if (std::strcmp(name, "dyndbg") == 0) {
        return;
    }
    log_message(KERN_WARNING "%s: unknown parameter '%s' ignored\n", logged_name(), name);
}

int ModuleService::set_parameter(const Argument& argument) {
    const auto found = std::ranges::find_if(
        parameters_, [&](const kernel_param* p) { return is_same_name(p->name, argument.name); });
    if (found == parameters_.end()) {
        set_unknown(argument.name);
        return 0;
    }
    const int error = set_param(**found, argument.value);
    if (error != 0)
        log_message(error == -ENOSPC ? KERN_ERR "%s: `%s' too large for parameter `%s'\n"
                                     : KERN_ERR "%s: `%s' invalid for parameter `%s'\n",
                    logged_name(), argument.value != nullptr ? argument.value : "", argument.name);
    return error;
}

// The text is copied to this path's stack, since a parameter's function may be the module's. Returns
// the last error: the arguments after a wrong one are set, too.
int ModuleService::set_parameters(std::string_view text) {
    char copy[kArgumentBytesMax];
    if (text.size() >= sizeof copy) return -ENOSPC;
    copy[text.copy(copy, sizeof copy - 1)] = '\0';
    int error = 0;
    for (char* rest = copy; const auto argument = take_argument(rest);) {
        if (argument->value == nullptr && std::strcmp(argument->name, "--") == 0) {
            log_message(KERN_WARNING "%s: parameters '%s' after `--' ignored\n", logged_name(), rest);
            break;
        }
        if (const int result = set_parameter(*argument); result != 0) error = result;
    }
    return error;
}

// A module that is loaded again is a new one: its variables have their initial values.
void ModuleService::renew_memory() {
    if (was_loaded_) {
        put_memory_back();
        kernel().percpu->put_static_back();
    }
    was_loaded_ = true;
}

int ModuleService::insmod(std::string_view parameters) {
    machine_.step_global(0);
    if (is_loaded_) return -EEXIST;
    is_loaded_ = true;
    renew_memory();
    if (this_module_ != nullptr) {
        this_module_->state = MODULE_STATE_COMING;
        this_module_->refcnt.counter = 1;  // until it is live
        list_add(&this_module_->list, &g_modules);
    }
    machine_.emit({.kind = trace::EventKind::ModuleLoad});
    if (const int error = set_parameters(parameters); error != 0) return finish_load(error);
    kernel().vfs->add_module_files();
    return finish_load(init_ != nullptr ? call_module("init", init_) : 0);
}

// `result` is what the first function returned.
int ModuleService::finish_load(int result) {
    load_result_ = std::min(result, 0);
    machine_.emit({.kind = trace::EventKind::ModuleLoaded, .value = static_cast<uint64_t>(result)});
    if (result > 0) {
        log_message(KERN_WARNING
                    "do_init_module: '%s'->init suspiciously returned %d, it should follow 0/-E convention\n"
                    "do_init_module: loading module anyway...\n",
                    logged_name(), result);
        dump_stack();
    }
    if (this_module_ != nullptr) {
        this_module_->state = result >= 0 ? MODULE_STATE_LIVE : MODULE_STATE_GOING;
        --this_module_->refcnt.counter;
    }
    if (result >= 0) return 0;
    machine_.step_global(0);
    is_loaded_ = false;
    unlink();
    kernel().vfs->remove_module_files();
    for (const kernel_param* param : parameters_) release_param(*param);
    kernel().report_leftovers();
    machine_.emit({.kind = trace::EventKind::ModuleGone});
    return result;
}

void ModuleService::unlink() {
    if (this_module_ != nullptr) list_del(&this_module_->list);
}

bool ModuleService::is_live() const {
    return is_loaded_ && (this_module_ == nullptr || this_module_->state != MODULE_STATE_COMING);
}

int ModuleService::use_count() const {
    return this_module_ != nullptr ? this_module_->refcnt.counter : 0;
}

int ModuleService::rmmod() {
    machine_.step_global(0);
    if (!is_loaded_) return -ENOENT;
    if (this_module_ != nullptr && this_module_->state != MODULE_STATE_LIVE) return -EBUSY;
    if (use_count() != 0) return -EWOULDBLOCK;
    if (init_ != nullptr && exit_ == nullptr) return -EBUSY;
    if (this_module_ != nullptr) {
        this_module_->state = MODULE_STATE_GOING;
        this_module_->refcnt.counter = -1;  // the loader's own reference, which is not counted, has gone
    }
    machine_.emit({.kind = trace::EventKind::ModuleUnload});
    if (exit_ != nullptr) call_module("exit", exit_);
    machine_.step_global(0);
    is_loaded_ = false;
    unlink();
    kernel().vfs->remove_module_files();
    for (const kernel_param* param : parameters_) release_param(*param);
    kernel().report_leftovers();
    machine_.emit({.kind = trace::EventKind::ModuleGone});
    return 0;
}

std::string ModuleService::insmod_message(int error) const {
    return "insmod: ERROR: could not insert module " + file_name_ + ": " + std::strerror(-error);
}

std::string ModuleService::rmmod_message(const std::string& name, int error) {
    if (error == -ENOENT) return "rmmod: ERROR: Module " + name + " is not currently loaded";
    if (error == -EWOULDBLOCK) return "rmmod: ERROR: Module " + name + " is in use";
    return "rmmod: ERROR: could not remove module " + name + ": " + std::strerror(-error);
}

}  // namespace kloom::kernel
