#include "kernel/lib/params.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>

namespace kloom::kernel {
namespace {

constexpr size_t kBufferSize = 4096;      // what a get function may fill
constexpr size_t kCharPointerMax = 1024;  // of a text parameter, as in Linux

// To the log, when there is one.
__attribute__((format(printf, 1, 2))) void complain(const char* format, ...) {
    if (machine::machine_or_null() == nullptr || !machine().is_running()) return;
    va_list arguments;
    va_start(arguments, format);
    log_message_v(format, arguments);
    va_end(arguments);
}

// The texts of char pointers that set functions copied, so that only those are freed.
std::vector<const void*> g_copies;

void free_copy(void* text) {
    const auto found = std::ranges::find(g_copies, text);
    if (found == g_copies.end()) return;
    g_copies.erase(found);
    kfree(text);
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Calls `use(i, element)` for each element that is in use; stops at an error.
template <class Use>
int for_each_element(const kparam_array& array, unsigned count, Use use) {
    for (unsigned i = 0; i < count; ++i)
        if (const int result = use(i, static_cast<char*>(array.elem) + i * array.elemsize);
            result < 0)
            return result;
    return 0;
}

unsigned used_elements(const kparam_array& array) {
    if (array.num == nullptr) return array.max;
    note_read(array.num, sizeof *array.num);
    return *array.num;
}

kernel_param element_param(const kernel_param& param, const kparam_array& array, void* element) {
    return {param.name, param.mod, array.ops, param.perm, param.level, param.flags, {element}};
}

// As in Linux, the text stays cut at the commas that were passed, and the number of elements counts up with each that was
// set.
int set_array(const char* value, const kernel_param& param) {
    const kparam_array& array = *param.arr;
    unsigned own_count = 0;
    unsigned* const count = array.num != nullptr ? array.num : &own_count;
    note_write(count, sizeof *count);
    *count = 0;
    auto* rest = const_cast<char*>(value);
    for (char separator = ','; separator == ',';) {
        if (*count == array.max) {
            complain(KERN_ERR "%s: can only take %i arguments\n", param.name, static_cast<int>(array.max));
            return -EINVAL;
        }
        const size_t size = strcspn(rest, ",");
        separator = rest[size];
        rest[size] = '\0';
        const kernel_param element = element_param(param, array, static_cast<char*>(array.elem) + *count * array.elemsize);
        if (const int error = array.ops->set(rest, &element)) return error;
        rest += size + 1;
        note_write(count, sizeof *count);
        ++*count;
    }
    return 0;
}

// Values between commas; each element's newline goes.
int get_array(char* buffer, const kernel_param& param) {
    size_t size = 0;
    const int error =
        for_each_element(*param.arr, used_elements(*param.arr), [&](unsigned i, void* element) {
            const kernel_param one = element_param(param, *param.arr, element);
            if (i > 0) buffer[size - 1] = ',';
            const int length = param.arr->ops->get(buffer + size, &one);
            if (length > 0) size += static_cast<size_t>(length);
            return length;
        });
    return error != 0 ? error : static_cast<int>(size);
}

void free_array(void* arg) {
    const auto& array = *static_cast<const kparam_array*>(arg);
    if (array.ops->free == nullptr) return;
    for_each_element(array, used_elements(array), [&](unsigned, void* element) {
        array.ops->free(element);
        return 0;
    });
}

}  // namespace

int set_param(const kernel_param& param, const char* value) {
    if (value == nullptr && (param.ops->flags & KERNEL_PARAM_OPS_FL_NOARG) == 0) return -EINVAL;
    if (param.ops->set == nullptr) return -EINVAL;
    if ((param.flags & KERNEL_PARAM_FL_UNSAFE) != 0)
        complain(KERN_NOTICE "Setting dangerous option %s - tainting kernel\n", param.name);
    return param.ops->set(value, &param);
}

void release_param(const kernel_param& param) {
    if (param.ops->free != nullptr) param.ops->free(param.arg);
}

std::optional<Argument> take_argument(char*& text) {
    while (is_space(*text)) ++text;
    if (*text == '\0') return std::nullopt;
    const bool is_whole_quoted = *text == '"';
    if (is_whole_quoted) ++text;
    char* const name = text;
    char* equals = nullptr;
    bool is_quoted = is_whole_quoted;
    for (; *text != '\0' && (is_quoted || !is_space(*text)); ++text) {
        if (*text == '=' && equals == nullptr && text != name) equals = text;
        is_quoted ^= *text == '"';
    }
    char* const end = text;
    if (*text != '\0') *text++ = '\0';
    while (is_space(*text)) ++text;
    Argument argument{.name = name, .value = nullptr};
    if (equals != nullptr) {
        *equals = '\0';
        argument.value = equals + 1;
        if (*argument.value == '"') {
            ++argument.value;
            if (end[-1] == '"') end[-1] = '\0';
        }
    }
    if (is_whole_quoted && end > name && end[-1] == '"') end[-1] = '\0';
    return argument;
}

void reset_params() {
    g_copies.clear();
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

// The set, get and operations of a number: its text is converted by `convert` in any base and
// printed with `format`.
#define KLOOM_NUMBER_PARAM(name, type, convert, format)                                         \
    extern "C" int param_set_##name(const char* val, const struct kernel_param* kp) {           \
        return convert(val, 0, static_cast<type*>(kp->arg));                                    \
    }                                                                                           \
    extern "C" int param_get_##name(char* buffer, const struct kernel_param* kp) {              \
        note_read(kp->arg, sizeof(type));                                                       \
        return scnprintf(buffer, kBufferSize, format "\n", *static_cast<const type*>(kp->arg)); \
    }                                                                                           \
    extern "C" const struct kernel_param_ops param_ops_##name = {0, param_set_##name,           \
                                                                 param_get_##name, nullptr}

KLOOM_NUMBER_PARAM(byte, unsigned char, kstrtou8, "%hhu");
KLOOM_NUMBER_PARAM(short, short, kstrtos16, "%hi");
KLOOM_NUMBER_PARAM(ushort, unsigned short, kstrtou16, "%hu");
KLOOM_NUMBER_PARAM(int, int, kstrtoint, "%i");
KLOOM_NUMBER_PARAM(uint, unsigned int, kstrtouint, "%u");
KLOOM_NUMBER_PARAM(long, long, kstrtol, "%li");
KLOOM_NUMBER_PARAM(ulong, unsigned long, kstrtoul, "%lu");
KLOOM_NUMBER_PARAM(ullong, unsigned long long, kstrtoull, "%llu");
KLOOM_NUMBER_PARAM(hexint, unsigned int, kstrtouint, "%#08x");

extern "C" {

int param_set_uint_minmax(const char* val, const struct kernel_param* kp, unsigned int min,
                          unsigned int max) {
    unsigned int number = 0;
    if (val == nullptr) return -EINVAL;
    if (const int error = kstrtouint(val, 0, &number)) return error;
    if (number < min || number > max) return -EINVAL;
    note_write(kp->arg, sizeof number);
    *static_cast<unsigned int*>(kp->arg) = number;
    return 0;
}

int param_set_charp(const char* val, const struct kernel_param* kp) {
    const size_t size = module_strnlen(val, kCharPointerMax + 1);
    if (size > kCharPointerMax) {
        complain(KERN_ERR "%s: string parameter too long\n", kp->name);
        return -ENOSPC;
    }
    auto** variable = static_cast<char**>(kp->arg);
    note_read(variable, sizeof *variable);
    free_copy(*variable);
    char* copy = kstrdup(val, GFP_KERNEL);
    note_write(variable, sizeof *variable);
    *variable = copy;
    if (copy == nullptr) return -ENOMEM;
    g_copies.push_back(copy);
    return 0;
}

int param_get_charp(char* buffer, const struct kernel_param* kp) {
    note_read(kp->arg, sizeof(char*));
    return scnprintf(buffer, kBufferSize, "%s\n", *static_cast<char**>(kp->arg));
}

static void free_charp(void* arg) {
    free_copy(*static_cast<char**>(arg));
}

const struct kernel_param_ops param_ops_charp = {0, param_set_charp, param_get_charp, free_charp};

// A name without a value means true.
int param_set_bool(const char* val, const struct kernel_param* kp) {
    return kstrtobool(val != nullptr ? val : "1", static_cast<bool*>(kp->arg));
}

int param_get_bool(char* buffer, const struct kernel_param* kp) {
    note_read(kp->arg, sizeof(bool));
    return scnprintf(buffer, kBufferSize, "%c\n", *static_cast<bool*>(kp->arg) ? 'Y' : 'N');
}

const struct kernel_param_ops param_ops_bool = {KERNEL_PARAM_OPS_FL_NOARG, param_set_bool,
                                                param_get_bool, nullptr};

// Once true, it stays true.
int param_set_bool_enable_only(const char* val, const struct kernel_param* kp) {
    bool value = false;
    if (const int error = kstrtobool(val != nullptr ? val : "1", &value)) return error;
    note_read(kp->arg, sizeof(bool));
    if (!value && *static_cast<bool*>(kp->arg)) return -EROFS;
    note_write(kp->arg, sizeof(bool));
    *static_cast<bool*>(kp->arg) = value;
    return 0;
}

const struct kernel_param_ops param_ops_bool_enable_only = {
    KERNEL_PARAM_OPS_FL_NOARG, param_set_bool_enable_only, param_get_bool, nullptr};

int param_set_invbool(const char* val, const struct kernel_param* kp) {
    bool value = false;
    if (const int error = kstrtobool(val, &value)) return error;
    note_write(kp->arg, sizeof(bool));
    *static_cast<bool*>(kp->arg) = !value;
    return 0;
}

int param_get_invbool(char* buffer, const struct kernel_param* kp) {
    note_read(kp->arg, sizeof(bool));
    return scnprintf(buffer, kBufferSize, "%c\n", *static_cast<bool*>(kp->arg) ? 'N' : 'Y');
}

const struct kernel_param_ops param_ops_invbool = {0, param_set_invbool, param_get_invbool,
                                                   nullptr};

// A truth value in an int.
int param_set_bint(const char* val, const struct kernel_param* kp) {
    bool value = false;
    if (const int error = kstrtobool(val != nullptr ? val : "1", &value)) return error;
    note_write(kp->arg, sizeof(int));
    *static_cast<int*>(kp->arg) = value;
    return 0;
}

const struct kernel_param_ops param_ops_bint = {KERNEL_PARAM_OPS_FL_NOARG, param_set_bint,
                                                param_get_int, nullptr};

int param_set_copystring(const char* val, const struct kernel_param* kp) {
    const struct kparam_string& string = *kp->str;
    if (module_strnlen(val, string.maxlen) == string.maxlen) {
        complain(KERN_ERR "%s: string doesn't fit in %u chars.\n", kp->name, string.maxlen - 1);
        return -ENOSPC;
    }
    kloom_strcpy(string.string, val);
    return 0;
}

int param_get_string(char* buffer, const struct kernel_param* kp) {
    return scnprintf(buffer, kBufferSize, "%s\n", kp->str->string);
}

const struct kernel_param_ops param_ops_string = {0, param_set_copystring, param_get_string,
                                                  nullptr};

static int set_array_param(const char* val, const struct kernel_param* kp) {
    return set_array(val, *kp);
}
static int get_array_param(char* buffer, const struct kernel_param* kp) {
    return get_array(buffer, *kp);
}

const struct kernel_param_ops param_array_ops = {0, set_array_param, get_array_param, free_array};

}  // extern "C"
