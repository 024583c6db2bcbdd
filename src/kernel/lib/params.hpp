// Values of module parameters: from the text that insmod was given into the module's variables.
#pragma once

#include <optional>

struct kernel_param;

namespace kloom::kernel {

// One argument of insmod. `value` is nullptr for a name without '='.
struct Argument {
    char* name;
    char* value;
};

// Takes the first argument off `text`, into which it writes zeroes as Linux does: blanks part arguments, quotes keep
// them together and go when they surround a value or all of it. Empty at the end.
std::optional<Argument> take_argument(char*& text);

// Sets the parameter as insmod does: 0 or a negative error number. `value` is nullptr for a name
// without '='.
int set_param(const kernel_param& param, const char* value);

// Gives back what a parameter's value took (the copy of a char pointer's text); called when the
// module goes.
void release_param(const kernel_param& param);

// Forgets the previous execution.
void reset_params();

}  // namespace kloom::kernel
