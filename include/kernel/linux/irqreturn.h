/*
 * What an interrupt handler answers.
 */
#pragma once

enum irqreturn
#ifdef __cplusplus
	: unsigned int /* so that it can be declared ahead */
#endif
{
	IRQ_NONE = 0,        /* not from this device */
	IRQ_HANDLED = 1,     /* served */
	IRQ_WAKE_THREAD = 2, /* wake the handler's thread */
};

typedef enum irqreturn irqreturn_t;
#define IRQ_RETVAL(x) ((x) ? IRQ_HANDLED : IRQ_NONE)
