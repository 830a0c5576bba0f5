/*
 * compose.h - makes the bytes of a mail (RFC 5322) from an attempt and its templates.
 *
 * Pure: the same attempt gives the same bytes.  Text first, then HTML, both
 * quoted-printable, so that the mail is 7-bit and its lines short whatever the
 * templates and customers say.  Nothing that a customer or shop wrote can
 * become a header or a command: header values go through one encoder.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_COMPOSE_H
#define NURTURE_EMAIL_SENDER_COMPOSE_COMPOSE_H

#include "common/policy/policy.h"
#include "dkim.h"
#include "headers.h"
#include "nurture/v1/delivery.pb-c.h"
#include "templates.h"
#include "services/email-sender/wire.h"

enum { MAIL_MAX_BYTES = 512 * 1024, SUBJECT_MAX_BYTES = 1000 };

struct composer {
	const struct policy *policy;
	const struct template_set *templates;
	struct slice token_key;      /* of unsubscribe links and return paths; at least 16 bytes */
	const char *bounce_domain;   /* of return paths, in A-labels; NULL or "": none are made */
	enum mail_provider provider; /* whose webhooks bring return tokens back */
};

struct mail {
	const char *from, *to; /* the envelope, checked; in room */
	bool needs_utf8;       /* a local part is not ASCII: only with SMTPUTF8 */
	struct slice bytes;    /* in out */
};

/* Memory that is used again from mail to mail; each thread has its own. */
struct compose_room {
	struct envelope envelope;
	struct dkim_signer *signer; /* the room's; NULL: mails are not signed */
	struct buf subject, rendered, counted, blocks, out;
};
#define COMPOSE_ROOM                                                                               \
	((struct compose_room){.subject = {.max_bytes = SUBJECT_MAX_BYTES},                        \
			       .rendered = {.max_bytes = MAIL_MAX_BYTES},                          \
			       .counted = {.max_bytes = MAIL_MAX_BYTES},                           \
			       .blocks = {.max_bytes = MAIL_MAX_BYTES},                            \
			       .out = {.max_bytes = 2 * MAIL_MAX_BYTES}})
void compose_room_free(struct compose_room *room);

/* Composes the mail of an attempt; ret borrows room. */
int send_compose(const struct composer *composer, struct slice customer,
		 const Nurture__V1__DeliveryEffect *effect, struct compose_room *room,
		 struct mail *ret, struct err *err);

/*
 * Renders one part as it stands in that mail, before it is encoded: for a preview.  ret borrows
 * room->rendered, or room->subject.
 */
int send_render(const struct composer *composer, struct slice customer,
		const Nurture__V1__DeliveryEffect *effect, enum template_part part,
		struct compose_room *room, struct slice *ret, struct err *err);

#endif
