/*
 * admission.h - what every request is asked before it is looked into: whose it is,
 * and whether this source has not sent enough for now.
 */
#ifndef NURTURE_INGEST_ADMISSION_H
#define NURTURE_INGEST_ADMISSION_H

#include <pthread.h>
#include <stdatomic.h>

#include "common/io/http/http.h"
#include "counts.h"
#include "content_type.h"
#include "rate.h"
#include "source.h"

struct ing_gate {
	const struct ing_sources *sources; /* by reference */
	int64_t rate_per_second;           /* events and permits of a source; 0: no limit */
	struct ing_counts counts;
	_Atomic bool stopping; /* from now on every new request gets 503 */
	pthread_mutex_t lock;
	struct ing_rate rates[ING_SOURCES_MAX]; /* lock */
};

void ing_gate_open(struct ing_gate *gate, const struct ing_sources *sources,
		   int64_t rate_per_second);
void ing_gate_close(struct ing_gate *gate);

/*
 * The source whose token the request has, and what that may publish (ret_types may be NULL); -1:
 * none, and it is refused with 401.
 */
int ing_gate_source(struct ing_gate *gate, struct http_request *request,
		    const struct ing_types **ret_types);
/* Refuses with 403, and says which type the token may not publish. */
void ing_gate_forbid(struct ing_gate *gate, struct http_request *request, const char *type);
/* What the body is; -1: nothing that is taken, and it is refused with 415. */
int ing_gate_media(struct ing_gate *gate, struct http_request *request, enum ing_media *ret);
/* Takes so much of the source's rate; false: it has no more, and the request is refused with 429.
 */
bool ing_gate_take(struct ing_gate *gate, struct http_request *request, size_t source,
		   size_t events);
void ing_gate_refuse(struct ing_gate *gate, struct http_request *request, enum ing_refusal reason,
		     int status, const char *code, const char *message, const char *headers);

#endif
