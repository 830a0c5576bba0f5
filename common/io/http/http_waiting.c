/* http_waiting.c - see http_waiting.h. */
#include "http_waiting.h"

void http_waiting_begin(struct http_waiting *waiting, struct http_request *request,
			void (*answer)(struct http_waiting *waiting, bool is_stored))
{
	waiting->request = request;
	waiting->answer = answer;
	atomic_init(&waiting->missing, 1);
	atomic_init(&waiting->has_failed, false);
	http_defer(request);
}

void http_waiting_add(struct http_waiting *waiting)
{
	atomic_fetch_add(&waiting->missing, 1);
}

void http_waiting_told(struct http_waiting *waiting, bool is_stored)
{
	if (!is_stored)
		atomic_store(&waiting->has_failed, true);
	if (atomic_fetch_sub(&waiting->missing, 1) == 1)
		waiting->answer(waiting, !atomic_load(&waiting->has_failed));
}
