/*
 * kept_request.h - a request as it waits in a ledger: nurture.v1.Candidate, in which words
 * (words.h) stand for texts.  Pure.
 */
#ifndef NURTURE_MESSAGE_KEPT_REQUEST_H
#define NURTURE_MESSAGE_KEPT_REQUEST_H

#include "common/codec/protobuf_message.h"
#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/request.pb-c.h"
#include "words.h"

/*
 * The request without its data, into an initialised message.  Borrows the candidate; ids are the
 * arena's.  false: a word that nobody knows, or an id that is none.
 */
bool kept_request_read(const struct words *words, const Nurture__V1__Candidate *candidate,
		       struct arena *arena, Nurture__V1__Request *ret);
/*
 * Its data.  Those of the candidate may still be packed (message_fill_parts()), of that source.
 */
bool kept_request_data(const struct words *words, const Nurture__V1__Candidate *candidate,
		       const struct message_source *source, Nurture__V1__Request *ret);
/*
 * The candidate of a request, with its data and the time at which it is due, into an initialised
 * message; borrows both.
 */
void kept_request_write(struct words *words, const Nurture__V1__Request *request,
			struct arena *arena, Nurture__V1__Candidate *ret);

/*
 * A time so long after another one.  Bytes that anybody may have written: the sum never overflows,
 * and whoever reads it asks whether it is a time.
 */
static inline int64_t kept_time(int64_t time_ms, int64_t after_ms)
{
	return (int64_t)((uint64_t)time_ms + (uint64_t)after_ms);
}

/* An id that is bytes, or a text when it is another one. */
bool kept_id_read(ProtobufCBinaryData bytes, const char *other, struct arena *arena, char **ret);
void kept_id_write(const char *id, struct arena *arena, ProtobufCBinaryData *ret, char **ret_other);

#endif
