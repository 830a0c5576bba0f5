/*
 * tracking.h - POST /v1/{track,identify,alias,page,screen,group,batch}: tracking calls as Segment's
 * and RudderStack's libraries make them (docs/tracking.md).
 *
 * 200 when Kafka has everything that came of a call, also when nothing did: what means nothing here
 * is counted with its reason, what cannot be read goes to the dead letters with its reason. 400 is
 * said of what is too large or not JSON alone, since clients throw away what gets it.
 */
#ifndef NURTURE_INGEST_TRACKING_TRACKING_H
#define NURTURE_INGEST_TRACKING_TRACKING_H

#include "common/io/http/http.h"
#include "mapper.h"
#include "services/ingest/admission.h"
#include "services/ingest/catalogue/catalogue_file.h"

struct ing_tracking;

/* A body may have this many bytes, before and after it is inflated. */
enum { ING_TRACKING_BODY_BYTES = 1 << 20 };

struct ing_tracking_options {
	const char *brokers, *topic_prefix;
	const struct ing_sources *keys; /* write keys by source; by reference */
	const struct ing_tracking_names *names;
	struct catalogue_file *catalogue;       /* for items without a category; by reference */
	int64_t rate_per_second, in_flight_max; /* messages of a source; events */
	int64_t delivery_timeout_ms;
	bool wait; /* asks for the topics before it returns, so that the first call need not */
};

int ing_tracking_open(struct ing_tracking **ret, const struct ing_tracking_options *options,
		      struct err *err);
/* Nothing may be in flight any more. NULL-safe, sets NULL. */
void ing_tracking_close(struct ing_tracking **tracking);

/* tracking may be NULL in all of these: then there are no such paths. */
void ing_tracking_admit(struct ing_tracking *tracking, struct http_request *request);
void ing_tracking_receive(struct ing_tracking *tracking, struct http_request *request);
/* Whether records are taken, as far as is known; else why not. */
bool ing_tracking_ready(struct ing_tracking *tracking, struct err *err);
/* -1: the producer has given up for good, leave with 111. */
int ing_tracking_check(struct ing_tracking *tracking, struct err *err);
/* New calls get 503 from now on. */
void ing_tracking_stop(struct ing_tracking *tracking);
int64_t ing_tracking_in_flight(const struct ing_tracking *tracking);

#endif
