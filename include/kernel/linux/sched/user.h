/*
 * User accounting: nothing that modules under test reach, but a header that they include.
 */
#pragma once

#include <linux/sched.h>
#include <linux/uidgid.h>
