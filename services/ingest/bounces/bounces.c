/* bounces.c - see bounces.h. */
#include "bounces.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "common/io/kafka/producer.h"

enum { DELIVERY_MS = 4000, CONNECTIONS_MAX = 64, IDLE_MS = 60000, SESSION_MS = 600000 };

struct ing_bounces {
	struct lmtp_options lmtp;
	char events[250], deadletter[250];
	struct producer *producer;
	struct mail_listener *listener;
};

/* The ticket of a conversation, which waits for it. */
struct waiting {
	struct ing_bounce_ticket ticket;
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool is_told, is_stored;
};

struct talk {
	struct ing_bounces *bounces;
	struct lmtp lmtp;
	struct arena arena;
};

/* Where bounces come in: the listener, then the providers. */
static const char *const sources[] = {"lmtp",     "mailgun", "postmark",
				      "sendgrid", "ses",     "sparkpost"};
enum { SOURCE_COUNT = sizeof(sources) / sizeof(*sources), KIND_COUNT = BOUNCE_COMPLAINT + 1 };

static struct {
	pthread_once_t once;
	struct metric *kinds[SOURCE_COUNT][KIND_COUNT], *dead[SOURCE_COUNT];
} counts = {.once = PTHREAD_ONCE_INIT};

static void register_counts(void)
{
	for (size_t i = 0; i < SOURCE_COUNT; i++) {
		for (int kind = 0; kind < KIND_COUNT; kind++)
			counts.kinds[i][kind] = metric_counter(
			    "nurture_ingest_bounces_total",
			    metric_labels("kind", bounce_kind_text((enum bounce_kind)kind),
					  "source", sources[i]),
			    "Bounces and complaints by what they are and where they came in.");
		counts.dead[i] = metric_counter("nurture_ingest_bounce_dead_letters_total",
						metric_label("source", sources[i]),
						"Bounces of which nobody can say whose they are.");
	}
}

void ing_bounces_count(enum bounce_kind kind, bool is_dead, const char *source)
{
	pthread_once(&counts.once, register_counts);
	for (size_t i = 0; i < SOURCE_COUNT; i++) {
		if (strcmp(sources[i], source) != 0)
			continue;
		metric_add(counts.kinds[i][kind], 1);
		metric_add(counts.dead[i], is_dead);
	}
}

static void on_ack(void *opaque, const char *failure)
{
	struct ing_bounce_ticket *ticket = opaque;

	ticket->told(ticket, failure == NULL);
}

bool ing_bounces_send(struct ing_bounces *bounces, const struct bounce_record *record,
		      struct ing_bounce_ticket *ticket)
{
	struct err err;

	return producer_send(bounces->producer,
			     record->is_dead ? bounces->deadletter : bounces->events, -1,
			     slice_text(record->key), buf_slice(&record->value),
			     record->is_dead ? RECORD_UNNAMED : RECORD_EVENT, ticket, &err) == 1;
}

static void wake(struct ing_bounce_ticket *ticket, bool is_stored)
{
	struct waiting *waiting = (struct waiting *)ticket;

	pthread_mutex_lock(&waiting->lock);
	waiting->is_told = true;
	waiting->is_stored = is_stored;
	pthread_cond_signal(&waiting->told);
	pthread_mutex_unlock(&waiting->lock);
}

static bool store(struct ing_bounces *bounces, const struct bounce_record *record)
{
	struct waiting waiting = {
	    .ticket = {wake}, .lock = PTHREAD_MUTEX_INITIALIZER, .told = PTHREAD_COND_INITIALIZER};

	if (!ing_bounces_send(bounces, record, &waiting.ticket))
		return false;
	pthread_mutex_lock(&waiting.lock);
	while (!waiting.is_told)
		pthread_cond_wait(&waiting.told, &waiting.lock);
	pthread_mutex_unlock(&waiting.lock);
	return waiting.is_stored;
}

/* Returns true when the bounce is stored, or there is nothing to store. */
static bool deliver(struct talk *talk, const struct bounce *bounce, struct return_token owner)
{
	struct bounce_record record = BOUNCE_RECORD;
	bool is_stored = true;

	if (!bounce_record(bounce, &owner, "lmtp", clock_wall_ms(), &record)) {
		ing_bounces_count(bounce->kind, false, "lmtp");
		return true;
	}
	is_stored = store(talk->bounces, &record);
	if (is_stored)
		ing_bounces_count(bounce->kind, record.is_dead, "lmtp");
	log_event(is_stored && !record.is_dead ? LOG_LEVEL_INFO : LOG_LEVEL_WARN, "bounce", "send",
		  owner.send, "kind", bounce_kind_text(bounce->kind), "status", bounce->status,
		  "form", bounce_form_text(bounce->form), "result",
		  !is_stored       ? "not_stored"
		  : record.is_dead ? "dead_letter"
				   : "event",
		  NULL);
	buf_free(&record.value);
	return is_stored;
}

static void take_mail(struct talk *talk, struct buf *out)
{
	struct lmtp *lmtp = &talk->lmtp;
	bool stored[LMTP_RECIPIENTS_MAX], has_token;
	struct slice mail = buf_slice(&lmtp->mail);
	struct return_token found;
	struct bounce bounce;

	bounce_read(mail, &talk->arena, &bounce);
	has_token = bounce_owner(mail, &lmtp->options->keys, &talk->arena, &found);
	for (size_t i = 0; i < lmtp->recipient_count; i++) {
		struct return_token owner = lmtp->recipients[i];

		if (has_token)
			bounce_owner_complete(&owner, &found);
		stored[i] = deliver(talk, &bounce, owner);
	}
	arena_reset(&talk->arena);
	lmtp_answer(lmtp, stored, out);
}

static void begin(void *context, void **ret_talk, struct buf *out)
{
	struct talk *talk = calloc(1, sizeof(*talk));

	if (!talk)
		abort();
	talk->bounces = context;
	lmtp_open(&talk->lmtp, &talk->bounces->lmtp, out);
	*ret_talk = talk;
}

static bool feed(void *argument, struct slice bytes, struct buf *out)
{
	struct talk *talk = argument;

	while (bytes.len) {
		size_t used;
		enum lmtp_event event = lmtp_feed(&talk->lmtp, bytes, &used, out);

		bytes = slice_of(bytes.bytes + used, bytes.len - used);
		if (event == LMTP_CLOSE)
			return false;
		if (event == LMTP_MAIL)
			take_mail(talk, out);
	}
	return true;
}

static void end(void *argument)
{
	struct talk *talk = argument;

	lmtp_free(&talk->lmtp);
	arena_free(&talk->arena);
	free(talk);
}

int ing_bounces_open(struct ing_bounces **ret, const struct ing_bounces_options *options,
		     struct err *err)
{
	struct producer_options producer = {
	    .brokers = options->brokers,
	    .client_id = "nurture-ingest-bounces",
	    .delivery_timeout_ms = DELIVERY_MS,
	    .acked = on_ack,
	};
	struct ing_bounces *bounces = calloc(1, sizeof(*bounces));
	struct mail_listener_options listener = {
	    .setting = "NURTURE_LMTP_LISTEN",
	    .listen = options->listen,
	    .connections_max = CONNECTIONS_MAX,
	    .connections_per_address = CONNECTIONS_MAX / 2,
	    .idle_ms = options->idle_ms ? options->idle_ms : IDLE_MS,
	    .session_ms = options->session_ms ? options->session_ms : SESSION_MS,
	    .context = bounces,
	    .begin = begin,
	    .feed = feed,
	    .end = end,
	};

	if (!bounces)
		abort();
	*ret = bounces;
	bounces->lmtp = options->lmtp;
	snprintf(bounces->events, sizeof(bounces->events), "%sevents", options->topic_prefix);
	snprintf(bounces->deadletter, sizeof(bounces->deadletter), "%sdeadletter",
		 options->topic_prefix);
	if (producer_open(&bounces->producer, &producer, err) < 0 ||
	    (options->listen[0] && mail_listener_open(&bounces->listener, &listener, err) < 0)) {
		ing_bounces_close(ret);
		return -1;
	}
	return 0;
}

unsigned short ing_bounces_port(const struct ing_bounces *bounces)
{
	return mail_listener_port(bounces->listener);
}

void ing_bounces_close(struct ing_bounces **bounces_at)
{
	struct ing_bounces *bounces = *bounces_at;

	if (!bounces)
		return;
	*bounces_at = NULL;
	mail_listener_close(&bounces->listener);
	producer_close(&bounces->producer);
	free(bounces);
}
