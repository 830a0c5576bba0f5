/* clock.h - the only clock; called from main files and adapters, never below. */
#ifndef NURTURE_IO_PROCESS_CLOCK_H
#define NURTURE_IO_PROCESS_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void); /* CLOCK_REALTIME */
int64_t clock_monotonic_ms(void);
void clock_sleep_ms(int64_t ms); /* a signal ends it early */

#endif
