/*
 * Text of a macro's value.
 */
#pragma once

#define __stringify_1(x...) #x
#define __stringify(x...)   __stringify_1(x)
