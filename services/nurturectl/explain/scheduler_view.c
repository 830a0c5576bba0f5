/* scheduler_view.c - see scheduler_view.h. */
#include "scheduler_view.h"

#include "common/base/hash.h"
#include "common/io/redis/index.h"
#include "common/message/ledger_plain.h"

static void *unpack(const ProtobufCMessageDescriptor *descriptor, size_t len, const uint8_t *bytes,
		    struct arena *arena)
{
	ProtobufCAllocator memory = arena_protobuf(arena);

	return protobuf_c_message_unpack(descriptor, &memory, len, bytes);
}

int scheduler_view_decode(struct slice state, struct scheduler_view *ret, struct err *err)
{
	Nurture__V1__Ledger *ledger = ledger_plain(state, &ret->arena);

	if (!ledger)
		return err_set(err, "the scheduler's state is not readable (%zu bytes)", state.len);
	if (ledger->contact.len)
		ret->contact = unpack(&nurture__v1__contact__descriptor, ledger->contact.len,
				      ledger->contact.data, &ret->arena);
	ret->waiting = arena_alloc(&ret->arena, (ledger->n_waiting + 1) * sizeof(*ret->waiting));
	for (size_t i = 0; i < ledger->n_waiting; i++) {
		const ProtobufCBinaryData *request = &ledger->waiting[i]->request;

		ret->waiting[i] = unpack(&nurture__v1__request__descriptor, request->len,
					 request->data, &ret->arena);
		if (!ret->waiting[i])
			return err_set(err, "a request that waits is not readable");
	}
	if (ledger->contact.len && !ret->contact)
		return err_set(err, "the contact is not readable");
	ret->ledger = ledger;
	return 0;
}

/* What the index has of the customer, once it is known to be whole. */
static int look_up(struct index *index, const char *service, struct slice customer,
		   int32_t partition, struct arena *arena, struct slice *ret, struct err *err)
{
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	struct index_state state;

	index_ask_states(index, partition, &customer, 1);
	index_ask_checkpoint(index, partition);
	if (index_take_states(index, partition, 1, arena, &state, err) < 0 ||
	    index_take_checkpoint(index, partition, checkpoint, err) < 0)
		return -1;
	if (!checkpoint[0])
		return err_set(err, "Redis has no state of the %s's partition %d", service,
			       (int)partition);
	if (strncmp(checkpoint, "restoring", strlen("restoring")) == 0)
		return err_set(err, "the %s is reading its state of partition %d anew", service,
			       (int)partition);
	*ret = state.state;
	return 0;
}

/* *ret is empty when the service has no state of the customer; it is in the arena. */
static int read_state(const struct settings *settings, const char *service, struct slice customer,
		      int32_t partition, struct arena *arena, struct slice *ret, struct err *err)
{
	struct index *index;
	int r;

	*ret = slice_of("", 0);
	if (index_open(&index, settings->common.redis_url, settings->common.topic_prefix, service,
		       err) < 0)
		return -1;
	r = index_check_servers(index, err) < 0
		? -1
		: look_up(index, service, customer, partition, arena, ret, err);
	if (r < 0)
		index_reset(index);
	index_close(&index);
	return r;
}

void scheduler_view_read(const struct settings *settings, struct slice customer, int32_t partitions,
			 struct scheduler_view *ret)
{
	int32_t partition = partition_of(customer, partitions);
	struct slice state;
	struct err ignored;

	*ret = (struct scheduler_view){0};
	if (read_state(settings, "scheduler", customer, partition, &ret->arena, &state,
		       &ret->why_not) < 0 ||
	    (state.len && scheduler_view_decode(state, ret, &ret->why_not) < 0))
		return;
	ret->why_not.text[0] = '\0';
	/* Whoever has neither an address nor consent nor a request is known to the segmenter alone. */
	ret->is_known = read_state(settings, "segmenter", customer, partition, &ret->arena, &state,
				   &ignored) == 0 &&
			state.len > 0;
}

void scheduler_view_free(struct scheduler_view *view)
{
	arena_free(&view->arena);
	*view = (struct scheduler_view){0};
}
