/* intent_window.c - see intent_window.h. */
#include "intent_window.h"

static unsigned ahead_of(const struct intent_window *window)
{
	return window->ahead ? window->ahead : SEND_AHEAD_LEAST;
}

size_t intent_window_size(const struct intent_window *window, unsigned connections)
{
	return (size_t)ahead_of(window) * connections;
}

void intent_window_handed_over(struct intent_window *window, unsigned connections, size_t in_flight)
{
	window->was_filled = in_flight >= intent_window_size(window, connections) / 4 * 3;
}

void intent_window_learn(struct intent_window *window, unsigned connections, size_t unfinished)
{
	unsigned ahead = ahead_of(window);

	if (!window->was_filled)
		return;
	if (unfinished == 0 && ahead < SEND_AHEAD_MOST)
		ahead *= 2;
	else if (unfinished > intent_window_size(window, connections) / 4 &&
		 ahead > SEND_AHEAD_LEAST)
		ahead /= 2;
	window->ahead = ahead;
	window->was_filled = false;
}
