/*
 * Flags of calls to other CPUs.
 */
#pragma once

#include <linux/llist.h>

enum { CSD_FLAG_LOCK = 0x01, CSD_TYPE_ASYNC = 0x00, CSD_TYPE_SYNC = 0x10, CSD_TYPE_IRQ_WORK = 0x20, CSD_TYPE_TTWU = 0x30 };
