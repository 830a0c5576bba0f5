/* keep.c - see keep.h. */
#include "keep.h"

#include "common/base/civil.h"
#include "common/message/ledger_plain.h"
#include "services/desk/book.h"

struct slice keep_packed(const void *message, struct arena *arena)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(arena, len + 1);

	protobuf_c_message_pack(message, bytes);
	return slice_of(bytes, len);
}

void *keep_unpacked(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		    struct arena *arena)
{
	ProtobufCAllocator memory = arena_protobuf(arena);

	return protobuf_c_message_unpack(descriptor, &memory, bytes.len, bytes.bytes);
}

/* Of somebody who asked to be forgotten nothing is kept but what the card says of it. */
static int take_contact(const Nurture__V1__Ledger *ledger, struct arena *arena,
			struct kept_ledger *ret, struct err *err)
{
	struct slice bytes = slice_of(ledger->contact.data, ledger->contact.len);
	const Nurture__V1__Contact *contact;

	if (bytes.len == 0)
		return 0;
	contact = keep_unpacked(&nurture__v1__contact__descriptor, bytes, arena);
	if (!contact)
		return err_set(err, "the contact is not readable");
	if (!contact->erased)
		ret->contact = bytes;
	return 0;
}

int keep_ledger(struct slice state, struct arena *arena, struct kept_ledger *ret, struct err *err)
{
	Nurture__V1__Ledger *ledger = ledger_plain(state, arena);

	*ret = (struct kept_ledger){0};
	if (!ledger)
		return err_set(err, "the scheduler's state is not readable (%zu bytes)", state.len);
	ret->waiting = ledger->waiting;
	ret->requests = arena_alloc(arena, (ledger->n_waiting + 1) * sizeof(*ret->requests));
	for (size_t i = 0; i < ledger->n_waiting; i++) {
		const ProtobufCBinaryData *request = &ledger->waiting[i]->request;

		ret->requests[i] = keep_unpacked(&nurture__v1__request__descriptor,
						 slice_of(request->data, request->len), arena);
		if (!ret->requests[i])
			return err_set(err, "a request that waits is not readable");
	}
	ret->count = ledger->n_waiting;
	return take_contact(ledger, arena, ret, err);
}

int64_t keep_possible_ms(const Nurture__V1__Waiting *waiting)
{
	int64_t possible_ms = waiting->due_ms ? waiting->due_ms : NEVER_MS;

	if (waiting->eligible_ms > possible_ms)
		possible_ms = waiting->eligible_ms;
	return possible_ms;
}

int keep_desk(struct slice state, struct arena *arena, struct kept_desk *ret, struct err *err)
{
	struct dsk_book book;

	if (dsk_book_decode(state, arena, &book, err) < 0)
		return -1;
	*ret = (struct kept_desk){book.tasks, book.task_count};
	return 0;
}

/* What many outcomes have alike, besides the version. */
#define ALIKE_TEXTS(DO)                                                                            \
	DO(programme)                                                                              \
	DO(message_class)                                                                          \
	DO(channel)                                                                                \
	DO(category)                                                                               \
	DO(policy)                                                                                 \
	DO(variant)                                                                                \
	DO(rung)                                                                                   \
	DO(template_)                                                                              \
	DO(locale)                                                                                 \
	DO(owner)

struct kept_outcome keep_outcome(const Nurture__V1__Outcome *outcome, struct arena *arena)
{
	Nurture__V1__Outcome manner = NURTURE__V1__OUTCOME__INIT, body = *outcome;

#define PART(field)                                                                                \
	manner.field = outcome->field;                                                             \
	body.field = (char *)protobuf_c_empty_string;
	ALIKE_TEXTS(PART)
#undef PART
	manner.version = outcome->version;
	body.version = 0;
	/* In the row's columns. */
	body.at_ms = 0;
	body.id = body.request = body.customer = body.status = (char *)protobuf_c_empty_string;
	return (struct kept_outcome){keep_packed(&manner, arena), keep_packed(&body, arena)};
}

int keep_outcome_join(Nurture__V1__Outcome *manner, struct slice bytes, struct arena *arena,
		      struct err *err)
{
	const Nurture__V1__Outcome *body =
	    keep_unpacked(&nurture__v1__outcome__descriptor, bytes, arena);
	Nurture__V1__Outcome joined;

	if (!body)
		return err_environment(err, "the view: an outcome is not readable");
	joined = *body;
#define JOIN(field) joined.field = manner->field;
	ALIKE_TEXTS(JOIN)
#undef JOIN
	joined.version = manner->version;
	*manner = joined;
	return 0;
}
