/*
 * beside.h - one piece of work at a time, in a thread beside its caller's.
 *
 * All that the caller wrote before beside_start() is seen by the work, and all that the work wrote
 * is seen after beside_wait().  In between each of them keeps its hands off what is the other's.
 */
#ifndef NURTURE_IO_PROCESS_BESIDE_H
#define NURTURE_IO_PROCESS_BESIDE_H

struct beside;

/* A thread that waits for work; signals go to the other threads.  Never NULL. */
struct beside *beside_open(void (*work)(void *context), void *context);
/* Begins work(context).  Only when nothing is under way. */
void beside_start(struct beside *beside);
/* Waits until the work that was begun is done; returns at once when none was. */
void beside_wait(struct beside *beside);
/* Waits as well, and frees.  NULL-safe, sets NULL. */
void beside_close(struct beside **beside);

#endif
