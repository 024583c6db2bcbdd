/* preempt_count(); see linux/preempt.h. */
#pragma once

#include <linux/preempt.h>
