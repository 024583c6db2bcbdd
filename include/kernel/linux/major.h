/*
 * Major numbers that Linux has given away.
 */
#pragma once

#define UNNAMED_MAJOR 0
#define MEM_MAJOR 1
#define TTY_MAJOR 4
#define TTYAUX_MAJOR 5
#define LP_MAJOR 6
#define VCS_MAJOR 7
#define LOOP_MAJOR 7
#define MISC_MAJOR 10
#define INPUT_MAJOR 13
#define SOUND_MAJOR 14
#define SCSI_GENERIC_MAJOR 21
#define FB_MAJOR 29
#define I2C_MAJOR 89
#define UNIX98_PTY_MASTER_MAJOR 128
#define UNIX98_PTY_SLAVE_MAJOR 136
