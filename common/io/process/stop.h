/* stop.h - SIGTERM and SIGINT set a flag; SIGPIPE is ignored. */
#ifndef NURTURE_IO_PROCESS_STOP_H
#define NURTURE_IO_PROCESS_STOP_H

#include <stdbool.h>

void stop_on_signals(void);
/* From within: as SIGTERM does. */
void stop_request(void);
bool stop_requested(void);
int stop_fd(void); /* readable for good once a stop is requested; -1 before stop_on_signals() */

#endif
