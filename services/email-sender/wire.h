/*
 * wire.h - dispatches, the delivery state, effects and results as bytes.
 *
 * Pure.  What is decoded lives in the arena, as does what is encoded.
 */
#ifndef NURTURE_EMAIL_SENDER_WIRE_H
#define NURTURE_EMAIL_SENDER_WIRE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "nurture/v1/delivery.pb-c.h"

enum {
	SEND_RECORD_MAX_BYTES = 256 * 1024,
	SEND_TEXT_MAX_BYTES = 200, /* of an SMTP answer */
};

/* Delivery.Status in our words. */
#define SEND_WAITING NURTURE__V1__DELIVERY__STATUS__WAITING
#define SEND_INTENDED NURTURE__V1__DELIVERY__STATUS__INTENDED
#define SEND_USED NURTURE__V1__DELIVERY__STATUS__USED
#define SEND_UNUSED NURTURE__V1__DELIVERY__STATUS__UNUSED

/* DeliveryResult.Verdict. */
enum send_verdict {
	SEND_SENT = NURTURE__V1__DELIVERY_RESULT__VERDICT__SENT,
	SEND_REFUSED = NURTURE__V1__DELIVERY_RESULT__VERDICT__REFUSED,
	SEND_LATER = NURTURE__V1__DELIVERY_RESULT__VERDICT__LATER,
	SEND_IN_DOUBT = NURTURE__V1__DELIVERY_RESULT__VERDICT__IN_DOUBT,
	SEND_NOT_SENT = NURTURE__V1__DELIVERY_RESULT__VERDICT__NOT_SENT,
};

/*
 * Decodes an input record, checked member by member: it has a body, and a dispatch has what an
 * outcome needs. packed: its body as bytes, borrowed or the arena's.
 */
int send_dispatch_decode(struct slice bytes, struct arena *arena, Nurture__V1__DispatchRecord **ret,
			 struct slice *ret_packed, struct err *err);

struct send {
	Nurture__V1__Delivery kept;      /* its dispatch is empty when it must be packed again */
	Nurture__V1__Dispatch *dispatch; /* until it is over */
	struct slice bytes;  /* of a send that was over when it was read: as it stands */
	size_t stored_bytes; /* how long it was when it was read; 0: it is new */
};

struct send_state {
	struct send **sends;
	size_t n_sends;
	int64_t
	    own_window_ms; /* the longest window that the person asked for, by the newest contact */
	Nurture__V1__Holder **holders; /* those who have said what binds the inbox */
	size_t n_holders;
};

/* Decodes the state; no bytes stand for a state without sends. It borrows the bytes. */
int send_state_decode(struct slice bytes, struct arena *arena, struct send_state **ret,
		      struct err *err);
/* Encodes the state; empty when there are no sends, and nobody has said anything. */
struct slice send_state_encode(const struct send_state *state, struct arena *arena);
/* The dispatch of an open send as bytes. */
struct slice send_dispatch_pack(struct send *send, struct arena *arena);

int send_effect_decode(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryEffect **ret,
		       struct err *err);
/* Decodes all but the dispatch of an effect that send_effect_encode() made. */
int send_effect_head(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryEffect *ret,
		     struct err *err);
/* Its dispatch may be a packed one (protobuf_message.h). */
struct slice send_effect_encode(const Nurture__V1__DeliveryEffect *effect, struct arena *arena);

int send_result_decode(struct slice bytes, struct arena *arena, Nurture__V1__DeliveryResult **ret,
		       struct err *err);
void send_result_encode(const Nurture__V1__DeliveryResult *result, struct buf *out);

#endif
