/* cmd_erase.c - a person asks to be forgotten: customer.erased. */
#include <stdio.h>

#include "commands.h"
#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/io/process/clock.h"
#include "common/mail/inbox.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "publish.h"

enum { EVENT_BYTES = 4096 };

struct erase_values {
	bool yes;
	int64_t at_ms;
};

static const struct command_option options[] = {
    {"yes", OPTION_FLAG, offsetof(struct erase_values, yes), NULL, NULL, false, 0, 0,
     "really; what is forgotten does not come back"},
    {"at", OPTION_TIME_MS, offsetof(struct erase_values, at_ms), "T", NULL, false, 0, 0,
     "the event's time; default now, needed with NURTURE_CLOCK=event"},
    {0}};

static void encode(const char *customer_id, int64_t time_ms, struct buf *out)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	char id[ID_TEXT_BYTES], at[RFC3339_BYTES];

	id_of_texts(id, event_type_text(EVENT_CUSTOMER_ERASED), customer_id,
		    rfc3339_text(time_ms, at), NULL);
	customer.id = (char *)(uintptr_t)customer_id;
	event.id = id;
	event.type = event_type_text(EVENT_CUSTOMER_ERASED);
	event.time_ms = time_ms;
	event.customer = &customer;
	event_encode_json(&event, out);
}

static int publish(const struct settings *settings, const char *customer, int64_t time_ms,
		   struct err *err)
{
	struct buf event = BUF_MAX(EVENT_BYTES);
	int r;

	encode(customer, time_ms, &event);
	r = publish_record(settings, "events", slice_text(customer), buf_slice(&event),
			   RECORD_EVENT, err);
	buf_free(&event);
	if (r == 0)
		printf("published customer.erased of %s; ", customer);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct erase_values *values = call->values;
	const char *customer = call->arguments[0];
	char inbox[INBOX_KEY_BYTES];
	int64_t time_ms = values->at_ms == OPTION_ABSENT ? clock_wall_ms() : values->at_ms;
	int r;

	if (!text_is_id(slice_text(customer)))
		return err_config(err, "expected a customer's id");
	if (!values->yes)
		return err_config(err,
				  "everything about this customer will be forgotten, and nothing "
				  "brings it back; say --yes");
	if (values->at_ms == OPTION_ABSENT && call->settings->common.clock == CLOCK_EVENT)
		return err_config(err, "with NURTURE_CLOCK=event say --at: an event of today would "
				       "move time to today");
	r = publish(call->settings, customer, time_ms, err);
	/* The doors may know the person by the hash of the address. */
	if (r == 0 && inbox_key(slice_text(customer), inbox))
		r = publish(call->settings, inbox, time_ms, err);
	if (r == 0)
		puts("every service forgets the customer when it reads "
		     "it, and the\ntopics do as they are compacted and run out (docs: "
		     "docs/erasure.md)");
	return r;
}

const struct command cmd_erase = {
    .name = "erase",
    .line = "a person asks to be forgotten",
    .arguments = "CUSTOMER",
    .argument_min = 1,
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct erase_values),
    .text = "Publishes customer.erased on nurture.events. All waiting messages end with `erased`.\n"
	    "An address is erased under itself and as an inbox, whose id is its hash.",
    .run = run,
};
