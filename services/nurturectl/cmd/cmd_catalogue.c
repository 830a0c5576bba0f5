/* cmd_catalogue.c - is this catalogue right, and what was bought that it does not know? */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "common/base/hash.h"
#include "common/io/kafka/topic_reader.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "services/ingest/catalogue/catalogue.h"

enum { EVENTS_MAX_BYTES = 1 << 30, FIRST_ENTRIES = 1024, READ_WAIT_MS = 10000 };

struct catalogue_values {
	bool missing;
	const char *events;
};

static const struct command_option options[] = {
    {"missing", OPTION_FLAG, offsetof(struct catalogue_values, missing), NULL, NULL, false, 0, 0,
     "list the items of orders of which it knows no category"},
    {"events", OPTION_TEXT, offsetof(struct catalogue_values, events), "FILE", NULL, false, 0, 0,
     "of a file with an event a line; default: of nurture.events"},
    {0}};

/* An item without a category, and the order that it was in. */
struct entry {
	const char *sku, *name;
	uint64_t order;
	int64_t quantity;
};

struct missing {
	const struct catalogue *catalogue;
	struct arena texts, event;
	struct entry *list;
	size_t count, room;
};

static void add(struct missing *missing, const Nurture__V1__Event *event,
		const Nurture__V1__Item *item)
{
	char id[ID_TEXT_BYTES];

	if (missing->count == missing->room) {
		missing->room = missing->room ? 2 * missing->room : FIRST_ENTRIES;
		missing->list = realloc(missing->list, missing->room * sizeof(*missing->list));
		if (!missing->list)
			abort();
	}
	id_of_texts(id, event->customer->id, event->order->id, NULL);
	missing->list[missing->count++] =
	    (struct entry){.sku = arena_text(&missing->texts, item->sku),
			   .name = arena_text(&missing->texts, item->name),
			   .order = hash64(slice_text(id)),
			   .quantity = item->quantity ? item->quantity : 1};
}

/* An event that nobody understands is a dead letter of somebody else's. */
static void look_at(struct missing *missing, struct slice value)
{
	Nurture__V1__Event *event;
	struct err ignored;

	arena_reset(&missing->event);
	if (!value.len || event_decode(value, &missing->event, &event, &ignored) < 0 ||
	    !event_type_is(event->type, EVENT_ORDER_PLACED))
		return;
	for (size_t i = 0; i < event->order->n_items; i++) {
		const Nurture__V1__Item *item = event->order->items[i];
		const char *const key = item->sku;
		const struct catalogue_row *row = catalogue_find(missing->catalogue, &key, 1);

		if (!*item->category && (!row || !*row->category))
			add(missing, event, item);
	}
}

static int read_file(struct missing *missing, const char *path, struct err *err)
{
	struct slice text;
	char *bytes;
	size_t len;

	if (file_read(path, EVENTS_MAX_BYTES, &bytes, &len, err) < 0)
		return -1;
	text = slice_of(bytes, len);
	while (text.len) {
		const uint8_t *end = memchr(text.bytes, '\n', text.len);
		size_t line = end ? (size_t)(end - text.bytes) : text.len;

		look_at(missing, slice_of(text.bytes, line));
		line += line < text.len;
		text = slice_of(text.bytes + line, text.len - line);
	}
	free(bytes);
	return 0;
}

static int read_topic(struct missing *missing, const struct settings *settings, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options reading = {.brokers = settings->common.brokers,
						     .topic =
							 settings_topic(settings, "events", topic)};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	if (topic_reader_open(&reader, &reading, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, READ_WAIT_MS, &record, err)) == 1)
		if (record.value.bytes)
			look_at(missing, record.value);
	topic_reader_close(&reader);
	return r;
}

static int by_sku(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int r = strcmp(x->sku, y->sku);

	r = r ? r : strcmp(*x->sku ? "" : x->name, *y->sku ? "" : y->name);
	if (r == 0)
		r = (x->order > y->order) - (x->order < y->order);
	return r;
}

static int by_quantity(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->quantity != y->quantity)
		return x->quantity < y->quantity ? 1 : -1;
	return by_sku(a, b);
}

static bool is_same(const struct entry *a, const struct entry *b)
{
	return strcmp(a->sku, b->sku) == 0 && (*a->sku || strcmp(a->name, b->name) == 0);
}

/* Sums up what is one item; an order that was told again counts once. */
static void sum_up(struct missing *missing)
{
	size_t count = 0;

	qsort(missing->list, missing->count, sizeof(*missing->list), by_sku);
	for (size_t i = 0; i < missing->count; i++) {
		struct entry *entry = &missing->list[i], *last = &missing->list[count - 1];

		if (count == 0 || !is_same(last, entry)) {
			missing->list[count++] = *entry;
		} else if (last->order != entry->order) {
			last->quantity += entry->quantity;
			last->order = entry->order;
		}
	}
	missing->count = count;
	qsort(missing->list, missing->count, sizeof(*missing->list), by_quantity);
}

static int list_missing(const struct catalogue *catalogue, const struct invocation *call,
			struct err *err)
{
	const struct catalogue_values *values = call->values;
	struct missing missing = {.catalogue = catalogue};
	int r = values->events ? read_file(&missing, values->events, err)
			       : read_topic(&missing, call->settings, err);

	if (r == 0 && missing.count) {
		sum_up(&missing);
		printf("%6s  %-24s  %s\n", "COUNT", "SKU", "NAME");
		for (size_t i = 0; i < missing.count; i++)
			printf("%6lld  %-24s  %s\n", (long long)missing.list[i].quantity,
			       missing.list[i].sku, missing.list[i].name);
		r = EXIT_NO;
	}
	free(missing.list);
	arena_free(&missing.texts);
	arena_free(&missing.event);
	return r;
}

static int run_with(const struct invocation *call, struct slice text, struct arena *arena,
		    struct err *err)
{
	const struct catalogue_values *values = call->values;
	struct catalogue catalogue;

	if (catalogue_read(text, arena, &catalogue, err) < 0) {
		printf("%s: %s\n", call->arguments[0], err->text);
		return EXIT_NO;
	}
	if (values->missing)
		return list_missing(&catalogue, call, err);
	printf("ok\n  catalogue %s\n  %zu keys, %zu patterns\n", catalogue.hash,
	       catalogue.key_count, catalogue.count - catalogue.key_count);
	if (catalogue.encoding != TEXT_UTF_8)
		printf("  read as %s, which its bytes look like\n",
		       text_encoding_name(catalogue.encoding));
	return 0;
}

static int run(const struct invocation *call, struct err *err)
{
	struct arena arena = {0};
	char *bytes;
	size_t len;
	int r;

	if (file_read(call->arguments[0], CATALOGUE_MAX_BYTES, &bytes, &len, err) < 0)
		return -1;
	r = run_with(call, slice_of(bytes, len), &arena, err);
	arena_free(&arena);
	free(bytes);
	return r;
}

const struct command cmd_catalogue = {
    .name = "catalogue",
    .line = "is this catalogue right, and what does it not know?",
    .arguments = "FILE",
    .argument_min = 1,
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct catalogue_values),
    .text = "Prints \"ok\", the hash that ingest logs and how many rows there are; or what is "
	    "wrong\n"
	    "(exit 1). With --missing it lists the items of orders without a category, the most\n"
	    "bought first, and exit 1 says that there are some.",
    .run = run,
};
