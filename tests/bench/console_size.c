/*
 * console_size.c - how long a view takes to be made, how large it is, and how long its pages wait.
 *
 * usage: console_size FILE [PEOPLE [OUTCOMES]]
 *
 * Made are PEOPLE customers with their profiles and contacts, OUTCOMES decisions about them, twice
 * as many events as people, tasks for one in twenty.  The records are encoded beforehand, a batch at
 * a time, and not counted: what is measured is what the console does with them once Kafka has handed
 * them over.  Then every query, a thousand times with other people each time, and every page over
 * HTTP (console_size/pages.h).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/message/event.h"
#include "common/message/notice.h"
#include "common/message/outcome.h"
#include "services/console/view/keep.h"
#include "services/console/view/view.h"
#include "services/segmenter/profile/wire.h"
#include "tests/bench/console_size/pages.h"

enum { BATCH = 200000, QUERIES = 1000, TEXT_BYTES = 64, PROGRAMMES = 16 };
/* 2026-03-01T12:00:00Z */
#define NOW_MS INT64_C(1772366400000)

struct record {
	enum view_topic topic;
	struct slice key, value;
};

/* Time that went by, and that of it in which we had a processor: beside others the second counts. */
struct took {
	int64_t wall_ns, cpu_ns;
};

struct bench {
	const char *path;
	uint64_t people, outcomes, random;
	struct view *view;
	struct policy policy; /* without a desk */
	struct arena arena;   /* of the batch */
	struct record records[BATCH];
	size_t count;
	int64_t offset, applied;
	struct took spent;
};

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static struct took now(void)
{
	return (struct took){clock_ns(CLOCK_MONOTONIC), clock_ns(CLOCK_THREAD_CPUTIME_ID)};
}

static struct took since(struct took begin)
{
	struct took end = now();

	return (struct took){end.wall_ns - begin.wall_ns, end.cpu_ns - begin.cpu_ns};
}

/* xorshift64: the same people every time. */
static uint64_t draw(struct bench *bench, uint64_t below)
{
	bench->random ^= bench->random << 13;
	bench->random ^= bench->random >> 7;
	bench->random ^= bench->random << 17;
	return bench->random % below;
}

static void die(const struct err *err)
{
	fprintf(stderr, "error: %s\n", err->text);
	exit(EXIT_ENVIRONMENT);
}

static void flush(struct bench *bench)
{
	struct took begin = now(), took;
	struct err err;

	for (size_t i = 0; i < bench->count; i++) {
		const struct view_record record = {.topic = bench->records[i].topic,
						   .offset = bench->offset++,
						   .stamp_ms = NOW_MS,
						   .key = bench->records[i].key,
						   .value = bench->records[i].value};

		if (view_apply(bench->view, &record, &err) != 1)
			die(&err);
	}
	if (view_commit(bench->view, &err) < 0)
		die(&err);
	took = since(begin);
	bench->spent.wall_ns += took.wall_ns;
	bench->spent.cpu_ns += took.cpu_ns;
	bench->applied += (int64_t)bench->count;
	bench->count = 0;
	arena_reset(&bench->arena);
}

static void put(struct bench *bench, enum view_topic topic, const char *key, struct slice value)
{
	bench->records[bench->count++] =
	    (struct record){topic, slice_text(arena_text(&bench->arena, key)), value};
	if (bench->count == BATCH)
		flush(bench);
}

static struct slice copy_of(struct bench *bench, struct buf *buf)
{
	struct slice copy = slice_of(arena_copy(&bench->arena, buf->bytes, buf->len), buf->len);

	if (buf_failed(buf))
		abort();
	buf_free(buf);
	return copy;
}

/* A word made of syllables; number decides which. */
static char *name_of(struct bench *bench, uint64_t number, unsigned syllables)
{
	static const char *const parts[] = {"an",  "ber", "co",  "dra", "el", "fin", "gu", "hal",
					    "in",  "jo",  "kri", "lu",  "ma", "nor", "os", "pe",
					    "qui", "ro",  "sa",  "ti",  "ul", "ven", "wi", "zo"};
	const size_t count = sizeof(parts) / sizeof(*parts);
	char text[TEXT_BYTES] = "";

	for (unsigned i = 0; i < syllables; i++, number /= count)
		strcat(text, parts[number % count]);
	text[0] = (char)(text[0] - 'a' + 'A');
	return arena_text(&bench->arena, text);
}

static void customer_of(uint64_t i, char ret[TEXT_BYTES])
{
	snprintf(ret, TEXT_BYTES, "c-%08" PRIu64, i);
}

/* Drawn from their number alone, so that queries can ask for them. */
static char *email_of(struct bench *bench, uint64_t i)
{
	return arena_printf(&bench->arena, "%s.%" PRIu64 "@mail%u.example",
			    name_of(bench, i * 7919, 3), i, (unsigned)(i % 50));
}

static char *phone_of(struct bench *bench, uint64_t i)
{
	return arena_printf(&bench->arena, "+43 664 %07" PRIu64, i * 7 % 10000000);
}

static void put_profile(struct bench *bench, uint64_t i)
{
	struct seg_profile *profile = seg_profile_new(&bench->arena);
	unsigned orders = 1 + (unsigned)draw(bench, 5);
	char id[TEXT_BYTES];

	customer_of(i, id);
	profile->orders = arena_zalloc(&bench->arena, orders * sizeof(*profile->orders));
	for (unsigned at = 0; at < orders; at++)
		profile->orders[profile->order_count++] = (struct seg_order){
		    .id = arena_printf(&bench->arena, "%" PRIu64, i * 8 + at + 1000000),
		    .time_ms = NOW_MS - (int64_t)(orders - at) * 40 * DAY_MS,
		    .amount_e4 = 1000000,
		    .placed = true,
		    .amount_ms = NOW_MS - (int64_t)(orders - at) * 40 * DAY_MS,
		    .items_ms = NOW_MS - (int64_t)(orders - at) * 40 * DAY_MS,
		    .delivered_ms = NOW_MS - (int64_t)(orders - at) * 40 * DAY_MS + DAY_MS,
		    .late_ms = SEG_NEVER,
		    .gone_ms = SEG_NEVER,
		    .dates = {{SEG_NEVER, SEG_NEVER, SEG_NEVER},
			      {SEG_NEVER, SEG_NEVER, SEG_NEVER}}};
	profile->addresses[profile->address_count++] =
	    (struct seg_address){email_of(bench, i), NOW_MS, NOW_MS};
	profile->attributes[SEG_NAME] =
	    (struct seg_attribute){arena_printf(&bench->arena, "%s %s", name_of(bench, i % 500, 2),
						name_of(bench, i * 7919, 3)),
				   NOW_MS, false};
	if (i % 5 < 3)
		profile->attributes[SEG_PHONE] =
		    (struct seg_attribute){phone_of(bench, i), NOW_MS, false};
	if (i % 2)
		profile->attributes[SEG_ADDRESS] = (struct seg_attribute){
		    arena_printf(&bench->arena, "%sgasse %u\n%u %sstadt",
				 name_of(bench, i % 4000, 3), (unsigned)(i % 90),
				 1000 + (unsigned)(i % 900), name_of(bench, i % 300, 2)),
		    NOW_MS, false};
	put(bench, VIEW_PROFILES, id, seg_profile_encode(profile));
}

static const char *programme_of(uint64_t number)
{
	static const char *const names[PROGRAMMES] = {
	    "welcome-back", "tips",        "birthday", "win-back", "early-access", "thanks",
	    "anniversary",  "restock",     "review",   "referral", "sale",         "garden",
	    "care-guide",   "slow-parcel", "call",     "basket"};

	return names[number % PROGRAMMES];
}

static char *request_of(struct bench *bench, uint64_t customer, uint64_t number)
{
	char text[ID_TEXT_BYTES];

	id_of_texts(text, arena_printf(&bench->arena, "%" PRIu64 "/%" PRIu64, customer, number),
		    NULL);
	return arena_text(&bench->arena, text);
}

static void put_contact(struct bench *bench, uint64_t i)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__ConsentState consents[3], *list[3];
	Nurture__V1__Ledger ledger = NURTURE__V1__LEDGER__INIT;
	Nurture__V1__Waiting waiting = NURTURE__V1__WAITING__INIT, *waits[] = {&waiting};
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	static const char *const classes[] = {"care", "feedback", "promotion"};
	struct slice packed;
	char id[TEXT_BYTES];

	customer_of(i, id);
	for (unsigned at = 0; at < 3; at++) {
		nurture__v1__consent_state__init(&consents[at]);
		consents[at].message_class = (char *)classes[at];
		consents[at].given = (i + at) % 3 != 0;
		list[at] = &consents[at];
	}
	contact.consent = list;
	contact.n_consent = 3;
	contact.email = email_of(bench, i);
	contact.locale = "de-AT";
	contact.time_zone = "Europe/Vienna";
	packed = keep_packed(&contact, &bench->arena);
	ledger.contact.data = (uint8_t *)packed.bytes;
	ledger.contact.len = packed.len;
	if (i % 5 == 0) {
		request.id = request_of(bench, i, 1000);
		request.programme = (char *)programme_of(i / 5);
		request.message_class = "care";
		request.channel = "email";
		request.expires_ms = NOW_MS + 20 * DAY_MS;
		packed = keep_packed(&request, &bench->arena);
		waiting.request.data = (uint8_t *)packed.bytes;
		waiting.request.len = packed.len;
		waiting.due_ms = NOW_MS + (int64_t)(i % 14) * DAY_MS;
		waiting.rule = "week";
		ledger.waiting = waits;
		ledger.n_waiting = 1;
	}
	put(bench, VIEW_CONTACTS, id, keep_packed(&ledger, &bench->arena));
}

static void put_outcome(struct bench *bench)
{
	static const enum status statuses[] = {
	    STATUS_DEFERRED,  STATUS_SENT,    STATUS_DEFERRED,   STATUS_SENT,     STATUS_EXPIRED,
	    STATUS_DISPLACED, STATUS_HOLDOUT, STATUS_NO_CONSENT, STATUS_DEFERRED, STATUS_SENT};
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	Nurture__V1__Trial trials[3], *rules[3];
	static const char *const caps[] = {"breathing-space", "week", "promotion-month"};
	uint64_t i = draw(bench, bench->people), number = draw(bench, 10);
	enum status status = statuses[draw(bench, 10)];
	struct buf out = BUF_MAX(65536);
	char id[TEXT_BYTES];

	customer_of(i, id);
	for (unsigned at = 0; at < 3; at++) {
		nurture__v1__trial__init(&trials[at]);
		trials[at].rule = (char *)caps[at];
		trials[at].count = (int64_t)draw(bench, 3);
		trials[at].limit = at + 1;
		trials[at].window_s = 604800 * (at + 1);
		rules[at] = &trials[at];
	}
	reason.rule = "week";
	reason.count = reason.limit = 2;
	reason.window_s = 604800;
	reason.eligible_at_ms = NOW_MS + DAY_MS;
	reason.won_by = request_of(bench, i, number + 1);
	outcome.at_ms = (uint64_t)(NOW_MS - (int64_t)draw(bench, 90 * DAY_MS / 1000) * 1000);
	outcome.id = outcome.request = outcome.send = request_of(bench, i, number);
	outcome.customer = id;
	outcome.programme = (char *)programme_of(number);
	outcome.message_class = "care";
	outcome.channel = "email";
	outcome.status = (char *)status_text(status);
	outcome.triggered_ms = (int64_t)outcome.at_ms - DAY_MS;
	outcome.policy = "5f1c0a6b2d3e4f50";
	outcome.template_ = (char *)programme_of(number);
	outcome.locale = i % 3 ? "de-AT" : "en-GB";
	outcome.owner = "growth";
	outcome.version = OUTCOME_VERSION;
	outcome.rules = rules;
	outcome.n_rules = 3;
	if (status == STATUS_DEFERRED || status == STATUS_DISPLACED)
		outcome.reason = &reason;
	outcome_encode(&outcome, OUTCOME_JSON, &out);
	put(bench, VIEW_OUTCOMES, id, copy_of(bench, &out));
}

static void put_event(struct bench *bench, uint64_t number)
{
	static const char *const types[] = {"order.placed", "order.shipped", "order.delivered",
					    "message.opened", "feedback.received"};
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Order order = NURTURE__V1__ORDER__INIT;
	Nurture__V1__MessageRef message = NURTURE__V1__MESSAGE_REF__INIT;
	Nurture__V1__Feedback feedback = NURTURE__V1__FEEDBACK__INIT;
	uint64_t i = draw(bench, bench->people);
	unsigned kind = (unsigned)draw(bench, 5);
	struct buf out = BUF_MAX(65536);
	char id[TEXT_BYTES];

	customer_of(i, id);
	customer.id = id;
	event.customer = &customer;
	event.id = arena_printf(&bench->arena, "e-%" PRIu64, number);
	event.type = (char *)types[kind];
	event.time_ms = NOW_MS - (int64_t)draw(bench, 28 * DAY_MS / 1000) * 1000;
	order.id = feedback.order = arena_printf(&bench->arena, "%" PRIu64, i * 8 + 1000000);
	order.amount = "100.00";
	order.currency = "EUR";
	message.id = request_of(bench, i, 1);
	feedback.score = 1 + (int)draw(bench, 5);
	feedback.comment = "It came in time, and it does what it should do; thank you all.";
	if (kind < 3)
		event.order = &order;
	else if (kind == 3)
		event.message = &message;
	else
		event.feedback = &feedback;
	event_encode_json(&event, &out);
	put(bench, VIEW_EVENTS, id, copy_of(bench, &out));
}

static char *task_of(struct bench *bench, uint64_t i)
{
	return request_of(bench, i, 5000);
}

static void put_task(struct bench *bench, uint64_t i)
{
	Nurture__V1__Task task = NURTURE__V1__TASK__INIT;
	struct buf out = BUF_MAX(65536);
	char id[TEXT_BYTES];

	customer_of(i, id);
	task.time_ms = (uint64_t)(NOW_MS - (int64_t)(i % 80) * DAY_MS);
	task.id = task_of(bench, i);
	task.request = request_of(bench, i, 1);
	task.customer = id;
	task.programme = "call";
	task.owner = i % 40 ? "house" : "garden";
	task.action = "phone-call";
	task.name = name_of(bench, i * 7919, 3);
	task.phone = phone_of(bench, i);
	task.due_ms = (int64_t)task.time_ms;
	task.expires_ms = NOW_MS + 10 * DAY_MS;
	task_encode(&task, OUTCOME_JSON, &out);
	put(bench, VIEW_TASKS, id, copy_of(bench, &out));
}

/* Of twenty tasks nineteen have their end. */
static void put_end(struct bench *bench, uint64_t i)
{
	Nurture__V1__End end = NURTURE__V1__END__INIT;
	struct buf out = BUF_MAX(65536);
	char id[TEXT_BYTES];

	if (i % 400 == 0)
		return;
	customer_of(i, id);
	end.at_ms = (uint64_t)(NOW_MS - (int64_t)(i % 80) * DAY_MS + 3600000);
	end.id = task_of(bench, i);
	end.customer = id;
	end.request = request_of(bench, i, 1);
	end.programme = "call";
	end.owner = "house";
	end.action = "phone-call";
	end.status = "done";
	end.result = "reached";
	end.by = "maria";
	end.opened_ms = (int64_t)end.at_ms - 3600000;
	end_encode(&end, &out);
	put(bench, VIEW_ENDS, id, copy_of(bench, &out));
}

/* As a reader of all topics gets them: mixed. */
static void fill(struct bench *bench)
{
	const uint64_t people = bench->people, per_person = bench->outcomes / people;
	uint64_t left = bench->outcomes % people;

	for (uint64_t i = 0; i < people; i++) {
		/* Not in the order of their numbers. */
		uint64_t who = i * 7919 % people;

		put_profile(bench, who);
		put_contact(bench, who);
		put_event(bench, 2 * i);
		put_event(bench, 2 * i + 1);
		for (uint64_t k = 0; k < per_person; k++)
			put_outcome(bench);
		if (left > 0 && left--)
			put_outcome(bench);
		if (who % 20 == 0) {
			put_task(bench, who);
			put_end(bench, who);
		}
		if (i % (people / 10 + 1) == 0)
			fprintf(stderr, "%3.0f %%, %.0f records a second of processor\n",
				100.0 * (double)i / (double)people,
				(double)bench->applied * 1e9 / (double)(bench->spent.cpu_ns + 1));
	}
	flush(bench);
}

/* One query about somebody; the number of what was found. */
typedef size_t (*query)(struct bench *bench, struct view_reader *reader, uint64_t i);

static size_t find(struct bench *bench, struct view_reader *reader, const char *text)
{
	struct view_people people;
	struct err err;

	if (view_search(reader, slice_text(text), 20, &bench->arena, &people, &err) < 0)
		die(&err);
	return people.count;
}

static size_t by_order(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	return find(bench, reader, arena_printf(&bench->arena, "%" PRIu64, i * 8 + 1000000));
}

static size_t by_email(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	return find(bench, reader, email_of(bench, i));
}

static size_t by_phone(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	return find(bench, reader,
		    arena_printf(&bench->arena, "0664 %07" PRIu64, i / 5 * 5 * 7 % 10000000));
}

static size_t by_name(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	return find(bench, reader,
		    arena_printf(&bench->arena, "%s %s", name_of(bench, i % 500, 2),
				 name_of(bench, i * 7919, 3)));
}

/* Three letters with which the names of thousands begin. */
static size_t by_beginning(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	return find(bench, reader,
		    arena_printf(&bench->arena, "%.3s", name_of(bench, i * 7919, 3)));
}

/* Two such beginnings: the index has to hold long lists against each other. */
static size_t by_beginnings(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	return find(bench, reader,
		    arena_printf(&bench->arena, "%.2s %.2s", name_of(bench, i % 500, 2),
				 name_of(bench, i * 7919, 3)));
}

static size_t by_nothing(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	return find(bench, reader, arena_printf(&bench->arena, "xx%" PRIu64, i));
}

static size_t person(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	struct view_person person;
	struct err err;
	char id[TEXT_BYTES];
	int r;

	customer_of(i, id);
	r = view_person(reader, id, NOW_MS, &bench->arena, &person, &err);
	if (r < 0)
		die(&err);
	return (size_t)r;
}

static size_t timeline(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	struct view_moments moments;
	struct err err;
	char id[TEXT_BYTES];

	customer_of(i, id);
	if (view_timeline(reader, id, VIEW_NEWEST, 50, &bench->arena, &moments, &err) < 0)
		die(&err);
	return moments.count;
}

static size_t waiting(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	struct view_waitings waiting;
	struct err err;
	char id[TEXT_BYTES];

	customer_of(i, id);
	if (view_waiting(reader, id, &bench->arena, &waiting, &err) < 0)
		die(&err);
	return waiting.count;
}

static size_t tasks(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	struct view_tasks tasks;
	struct err err;

	if (view_tasks(reader, i % 2 ? "house" : NULL, NOW_MS, 50, &bench->arena, &tasks, &err) < 0)
		die(&err);
	return tasks.count;
}

static size_t low_scores(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	struct view_moments moments;
	struct err err;

	(void)i;
	if (view_low_scores(reader, 2, NOW_MS - 7 * DAY_MS, 20, &bench->arena, &moments, &err) < 0)
		die(&err);
	return moments.count;
}

static size_t programmes(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	struct view_programmes programmes;
	struct err err;

	(void)i;
	if (view_programmes(reader, NOW_MS - 90 * DAY_MS, NOW_MS, &bench->arena, &programmes,
			    &err) < 0)
		die(&err);
	return programmes.count;
}

static size_t counts(struct bench *bench, struct view_reader *reader, uint64_t i)
{
	struct view_counts counts;
	struct err err;

	(void)bench;
	if (view_counts(reader, i % 2 ? "house" : NULL, 2, NOW_MS - 7 * DAY_MS, NOW_MS, &counts,
			&err) < 0)
		die(&err);
	return 1;
}

static int compare(const void *first, const void *second)
{
	const int64_t *a = first, *b = second;

	return *a < *b ? -1 : *a > *b;
}

static void measure(struct bench *bench, const char *what, query ask)
{
	static int64_t wall_ns[QUERIES], cpu_ns[QUERIES];
	size_t found = 0;
	struct err err;

	for (unsigned i = 0; i < QUERIES; i++) {
		uint64_t who = draw(bench, bench->people);
		struct view_reader *reader;
		struct took begin = now(), took;

		if (view_begin(bench->view, &reader, &err) < 0)
			die(&err);
		found += ask(bench, reader, who);
		view_end(&reader);
		took = since(begin);
		wall_ns[i] = took.wall_ns;
		cpu_ns[i] = took.cpu_ns;
		arena_reset(&bench->arena);
	}
	qsort(wall_ns, QUERIES, sizeof(*wall_ns), compare);
	qsort(cpu_ns, QUERIES, sizeof(*cpu_ns), compare);
	printf("%-34s %8.3f %8.3f %8.3f %8.3f %8.1f\n", what, (double)cpu_ns[QUERIES / 2] / 1e6,
	       (double)cpu_ns[QUERIES * 99 / 100] / 1e6, (double)wall_ns[QUERIES / 2] / 1e6,
	       (double)wall_ns[QUERIES * 99 / 100] / 1e6, (double)found / QUERIES);
}

static void measure_all(struct bench *bench)
{
	printf("%-34s %8s %8s %8s %8s %8s\n", "ms of processor, ms that went by", "p50", "p99",
	       "p50", "p99", "found");
	measure(bench, "search: order", by_order);
	measure(bench, "search: address", by_email);
	measure(bench, "search: phone, 0664 for +43 664", by_phone);
	measure(bench, "search: first and last name", by_name);
	measure(bench, "search: 3 letters of a name", by_beginning);
	measure(bench, "search: 2 letters of both", by_beginnings);
	measure(bench, "search: nobody", by_nothing);
	measure(bench, "person: the card", person);
	measure(bench, "person: 50 of the time line", timeline);
	measure(bench, "person: what waits", waiting);
	measure(bench, "today: 50 tasks", tasks);
	measure(bench, "today: 20 low scores", low_scores);
	measure(bench, "today: the counts", counts);
	measure(bench, "programmes: 90 days", programmes);
}

static double size_of(const char *path)
{
	struct stat found;

	return stat(path, &found) < 0 ? 0 : (double)found.st_size / (1 << 20);
}

/* One erasure among all of them: until no byte is left. */
static void measure_erasure(struct bench *bench)
{
	char id[TEXT_BYTES];
	struct took begin, took;
	struct err err;
	bool has_more;

	customer_of(bench->people / 2, id);
	put(bench, VIEW_EVENTS, id,
	    slice_text(arena_printf(&bench->arena,
				    "{\"id\":\"x\",\"type\":\"customer.erased\",\"time\":"
				    "\"2026-03-01T12:00:00Z\",\"customer\":{\"id\":\"%s\"}}",
				    id)));
	put(bench, VIEW_PROFILES, id, slice_of(NULL, 0));
	put(bench, VIEW_CONTACTS, id, slice_of(NULL, 0));
	flush(bench);
	begin = now();
	if (view_tend(bench->view, NOW_MS, &has_more, &err) < 0 ||
	    view_tend(bench->view, NOW_MS + 10000, &has_more, &err) < 0)
		die(&err);
	took = since(begin);
	printf("wiped after an erasure: %.1f s, %.1f s of processor\n", (double)took.wall_ns / 1e9,
	       (double)took.cpu_ns / 1e9);
}

/* What is asked for one page; i: somebody. */
typedef const char *(*asking)(struct bench *bench, const struct pages *pages, uint64_t i);

static const char *ask_today(struct bench *bench, const struct pages *pages, uint64_t i)
{
	(void)pages;
	return pages_request(&bench->arena, i % 2 ? "/" : "/?all=1", NULL);
}

static const char *ask_for(struct bench *bench, const char *text)
{
	return pages_request(&bench->arena, "/people", arena_printf(&bench->arena, "q=%s", text));
}

static const char *ask_name(struct bench *bench, const struct pages *pages, uint64_t i)
{
	(void)pages;
	return ask_for(bench, arena_printf(&bench->arena, "%s+%s", name_of(bench, i % 500, 2),
					   name_of(bench, i * 7919, 3)));
}

static const char *ask_phone(struct bench *bench, const struct pages *pages, uint64_t i)
{
	(void)pages;
	return ask_for(bench,
		       arena_printf(&bench->arena, "0664+%07" PRIu64, i / 5 * 5 * 7 % 10000000));
}

static const char *ask_order(struct bench *bench, const struct pages *pages, uint64_t i)
{
	(void)pages;
	return ask_for(bench, arena_printf(&bench->arena, "%" PRIu64, i * 8 + 1000000));
}

static const char *ask_address(struct bench *bench, const struct pages *pages, uint64_t i)
{
	(void)pages;
	return ask_for(bench, email_of(bench, i));
}

static const char *ask_person(struct bench *bench, const struct pages *pages, uint64_t i)
{
	char id[TEXT_BYTES];

	customer_of(i, id);
	return pages_request(&bench->arena, pages_person(pages, &bench->arena, id), NULL);
}

static const char *ask_programmes(struct bench *bench, const struct pages *pages, uint64_t i)
{
	(void)pages;
	(void)i;
	return pages_request(&bench->arena, "/programmes", NULL);
}

static void measure_page(struct bench *bench, const struct pages *pages, const char *what,
			 asking ask)
{
	enum { COUNT = PAGES_CONNECTIONS * PAGES_EACH };
	static const char *requests[COUNT];

	for (unsigned i = 0; i < COUNT; i++)
		/* Nobody of those from the middle on, where somebody was erased. */
		requests[i] = ask(bench, pages, draw(bench, bench->people / 2));
	pages_measure(pages, what, requests);
	arena_reset(&bench->arena);
}

/* As the people of the shop get them, at the time at which the records end. */
static void measure_pages(struct bench *bench)
{
	static struct pages pages;
	struct err err;

	view_set_state(bench->view, &(struct view_state){.is_built = true, .clock_ms = NOW_MS});
	if (pages_open(&pages, bench->view, &err) < 0)
		die(&err);
	printf("%-34s %8s %8s %8s %8s\n", "pages: ms that went by, processor", "p50", "p99",
	       "a page", "KiB");
	measure_page(bench, &pages, "today", ask_today);
	measure_page(bench, &pages, "search by name", ask_name);
	measure_page(bench, &pages, "by phone", ask_phone);
	measure_page(bench, &pages, "by order", ask_order);
	measure_page(bench, &pages, "by address", ask_address);
	measure_page(bench, &pages, "a person", ask_person);
	measure_page(bench, &pages, "programmes", ask_programmes);
	pages_close(&pages);
}

int main(int argc, char **argv)
{
	static struct bench bench = {
	    .people = 1000000, .outcomes = 10000000, .random = 88172645463325252};
	struct view_options options = {.policy = &bench.policy};
	struct rusage usage;
	struct err err;

	if (argc < 2) {
		fprintf(stderr, "usage: console_size FILE [PEOPLE [OUTCOMES]]\n");
		return EXIT_CONFIG;
	}
	options.path = bench.path = argv[1];
	if (argc > 2)
		bench.people = strtoull(argv[2], NULL, 10);
	if (argc > 3)
		bench.outcomes = strtoull(argv[3], NULL, 10);
	if (view_open(&bench.view, &options, &err) < 0)
		die(&err);
	view_expect(bench.view, true);
	fill(&bench);
	view_expect(bench.view, false);
	printf("%" PRIu64 " people, %" PRIu64 " outcomes: %" PRId64
	       " records in %.1f s, %.1f s of processor: %.0f a second of it\n",
	       bench.people, bench.outcomes, bench.applied, (double)bench.spent.wall_ns / 1e9,
	       (double)bench.spent.cpu_ns / 1e9,
	       (double)bench.applied * 1e9 / (double)bench.spent.cpu_ns);
	measure_all(&bench);
	measure_erasure(&bench);
	fflush(stdout);
	/* The log of who looked at whom. */
	if (!freopen("/dev/null", "w", stderr))
		abort();
	measure_pages(&bench);
	getrusage(RUSAGE_SELF, &usage);
	printf("file: %.0f MiB, memory at most: %.0f MiB\n", size_of(bench.path),
	       (double)usage.ru_maxrss / 1024);
	view_close(&bench.view);
	arena_free(&bench.arena);
	return 0;
}
