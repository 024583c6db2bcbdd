/* The system calls, which are the same in all organisations. */
#pragma once

#include "organisation.h"

/*
 * Carries out the call that the process is in, from the stage that it has reached. Requires: inside of
 * organisation->enter_kernel().
 */
enum os_outcome os_perform_call(struct os *os, struct os_process *p);
