/*
 * admission.h - what every request must pass: a known token or signature, a content type and a
 * content coding that we take, and the rate of its source.
 *
 * A door asks in this order. In its admit(), of the headers: ing_admission_publisher() (or
 * ing_admission_source(), where only bearer tokens are good) and ing_admission_content_type(). In
 * its handler, of the whole request: ing_admission_signer() over the raw body, and then
 * ing_admission_body() for the body as it was before it was compressed. Each refuses by itself.
 */
#ifndef NURTURE_INGEST_ADMISSION_H
#define NURTURE_INGEST_ADMISSION_H

#include <pthread.h>
#include <stdatomic.h>

#include "common/base/rate.h"
#include "common/io/http/http.h"
#include "counts.h"
#include "content_type.h"
#include "source.h"

struct ing_admission {
	const struct ing_sources *sources; /* by reference */
	int64_t rate_per_second;           /* events and permits of a source; 0: no limit */
	struct ing_counts counts;
	_Atomic bool stopping; /* every new request gets 503 while it is set */
	pthread_mutex_t lock;
	struct rate rate;                         /* of each source */
	struct rate_state rates[ING_SOURCES_MAX]; /* lock */
};

void ing_admission_open(struct ing_admission *admission, const struct ing_sources *sources,
			int64_t rate_per_second);
void ing_admission_close(struct ing_admission *admission);

/*
 * Returns the source whose token the request has, and in ret_types (may be NULL) what it may
 * publish; -1 when the token is not known: the request is refused with 401.
 */
int ing_admission_source(struct ing_admission *admission, struct http_request *request,
			 const struct ing_types **ret_types);
/*
 * The same for a door that takes signed requests too (signature.h). Returns false when the request
 * is refused. Of a request that is signed nobody knows yet whether it is signed well.
 */
bool ing_admission_publisher(struct ing_admission *admission, struct http_request *request);
/*
 * Returns the source of a request that ing_admission_publisher() let in, after its signature was
 * checked over the body as it came; -1: it is refused with 401.
 */
int ing_admission_signer(struct ing_admission *admission, struct http_request *request,
			 struct arena *arena, const struct ing_types **ret_types);
/* Refuses with 403, and says which type the token may not publish. */
void ing_admission_forbid(struct ing_admission *admission, struct http_request *request,
			  const char *type);
/*
 * Reads the content type; -1 when it is none that we take, or the content coding is not: the
 * request is refused with 415.
 */
int ing_admission_content_type(struct ing_admission *admission, struct http_request *request,
			       enum ing_content_type *ret);
/*
 * *ret: the body as it was before it was compressed, max_bytes at most; the request's or the
 * arena's. False: the request is refused with 400, 413 or 415.
 */
bool ing_admission_body(struct ing_admission *admission, struct http_request *request,
			size_t max_bytes, struct arena *arena, struct slice *ret);
/*
 * Takes so many events of the source's rate.  Returns false when they are too many: the request
 * is refused with 429.
 */
bool ing_admission_take(struct ing_admission *admission, struct http_request *request,
			size_t source, size_t events);
void ing_admission_refuse(struct ing_admission *admission, struct http_request *request,
			  enum ing_refusal reason, int status, const char *code,
			  const char *message, const char *headers);

#endif
