/* counts.c - see counts.h. */
#include "counts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/process/metrics.h"
#include "common/policy/rule.h"

enum { LABELS_MAX = DELIVERY_RULES_MAX + MAILBOX_PROVIDERS + 1 };

/* Why a mail did not go this time. */
static const enum rule whys[] = {RULE_RETRY, RULE_GREYLISTED, RULE_SLOWED, RULE_BLOCKED,
				 RULE_RATE,  RULE_WARM_UP,    RULE_BUSY};
enum { WHYS = sizeof(whys) / sizeof(*whys) };

/* What a refusal is about: the second digit of the enhanced code (RFC 3463 3). */
enum refusal { REFUSED_ADDRESS, REFUSED_MAILBOX, REFUSED_MESSAGE, REFUSED_POLICY, REFUSED_OTHER };
enum { REFUSALS = 5 };
static const char *const refusals[REFUSALS] = {"address", "mailbox", "message", "policy", "other"};

struct send_counters {
	struct send_counters *next;
	const char *label;
	struct metric *sent, *in_doubt, *local_rate, *circuits, *dialogue;
	struct metric *deferred[WHYS], *rejected[REFUSALS];
};

struct send_counts {
	struct send_counters *of[LABELS_MAX];
	unsigned count;
	struct metric *relay_circuit;
};

/* The counters of all labels that there ever were: metrics live as long as the process. */
static struct send_counters *registered;
static pthread_mutex_t registered_lock = PTHREAD_MUTEX_INITIALIZER;

static const char *two_labels(const char *domain, const char *name, const char *value)
{
	struct buf text = BUF_MAX(8192);

	buf_printf(&text, "%s,%s=\"%s\"", domain, name, value);
	if (buf_failed(&text))
		abort();
	return text.bytes; /* it lives as long as the metric */
}

static void open_counters(struct send_counters *c, const char *label)
{
	const char *domain = metric_label("domain", label);

	c->label = label;
	c->sent = metric_counter("nurture_mail_sent_total", domain, "Mails that the server took.");
	c->in_doubt = metric_counter("nurture_mail_in_doubt_total", domain,
				     "Mails whose final dot had no answer.");
	c->local_rate =
	    metric_counter("nurture_mail_local_rate_total", domain,
			   "Mails whose rate one instance kept alone: Redis did not answer.");
	c->circuits = metric_gauge("nurture_mail_open_circuits", domain,
				   "Domains that refuse us, and get nothing for a while.");
	c->dialogue =
	    metric_histogram("nurture_mail_dialogue_seconds", domain,
			     "How long an attempt kept a connection, connecting included.");
	for (int i = 0; i < WHYS; i++)
		c->deferred[i] = metric_counter("nurture_mail_deferred_total",
						two_labels(domain, "rule", rule_text(whys[i])),
						"Mails that did not go this time, by why.");
	for (int i = 0; i < REFUSALS; i++)
		c->rejected[i] = metric_counter(
		    "nurture_mail_rejected_total", two_labels(domain, "about", refusals[i]),
		    "Mails that were refused for good, by what the refusal is about.");
}

static struct send_counters *find(const struct send_counts *counts, const char *label)
{
	for (unsigned i = 0; i < counts->count; i++)
		if (strcmp(counts->of[i]->label, label) == 0)
			return counts->of[i];
	return NULL;
}

static struct send_counters *register_label(const char *label)
{
	struct send_counters *c;

	pthread_mutex_lock(&registered_lock);
	for (c = registered; c && strcmp(c->label, label) != 0;)
		c = c->next;
	if (!c) {
		char *copy = strdup(label);

		c = calloc(1, sizeof(*c));
		if (!c || !copy)
			abort();
		open_counters(c, copy);
		c->next = registered;
		registered = c;
	}
	pthread_mutex_unlock(&registered_lock);
	return c;
}

static void add(struct send_counts *counts, const char *label)
{
	if (!find(counts, label))
		counts->of[counts->count++] = register_label(label);
}

struct send_counts *send_counts_open(const struct delivery *delivery)
{
	struct send_counts *counts = calloc(1, sizeof(*counts));

	if (!counts)
		abort();
	for (int i = 0; i < MAILBOX_PROVIDERS; i++)
		add(counts, delivery_mailbox_providers[i]);
	add(counts, "other");
	for (unsigned i = 0; i + 1 < delivery->rule_count; i++)
		add(counts, delivery->rules[i].name);
	counts->relay_circuit =
	    metric_gauge("nurture_mail_relay_circuit_open", "",
			 "1 while the mail server itself refuses us, whoever a mail is for.");
	return counts;
}

void send_counts_close(struct send_counts **counts)
{
	free(*counts);
	*counts = NULL;
}

struct send_counters *send_counts_of(const struct send_counts *counts,
				     const struct delivery_rule *rule, const char *domain)
{
	const char *provider = delivery_mailbox_provider(domain);
	struct send_counters *own = find(counts, rule->name);

	return own ? own : find(counts, provider ? provider : "other");
}

static enum refusal refusal_of(const struct send_judgement *judgement,
			       const struct smtp_answer *answer)
{
	if (judgement->is_bad_address)
		return REFUSED_ADDRESS;
	switch (answer->enhanced[0] == '5' ? answer->enhanced[2] : '\0') {
	case '1':
		return REFUSED_ADDRESS;
	case '2':
		return REFUSED_MAILBOX;
	case '3':
	case '6':
		return REFUSED_MESSAGE;
	case '7':
		return REFUSED_POLICY;
	default:
		return answer->was_invalid ? REFUSED_MESSAGE : REFUSED_OTHER;
	}
}

void send_count_deferred(struct send_counters *counters, const char *rule)
{
	for (int i = 0; i < WHYS; i++)
		if (rule_is(rule, whys[i]))
			metric_add(counters->deferred[i], 1);
}

void send_count_attempt(struct send_counters *counters, const struct send_judgement *judgement,
			const struct smtp_answer *answer, int64_t dialogue_ms)
{
	metric_observe_ms(counters->dialogue, dialogue_ms);
	switch (judgement->verdict) {
	case SEND_SENT:
		metric_add(counters->sent, 1);
		return;
	case SEND_REFUSED:
		metric_add(counters->rejected[refusal_of(judgement, answer)], 1);
		return;
	case SEND_LATER:
		send_count_deferred(counters, judgement->rule);
		return;
	case SEND_IN_DOUBT:
		metric_add(counters->in_doubt, 1);
		return;
	case SEND_NOT_SENT:
		return;
	}
}

void send_count_circuit(struct send_counters *counters, int by)
{
	metric_add(counters->circuits, by);
}

void send_count_relay_circuit(const struct send_counts *counts, int by)
{
	metric_add(counts->relay_circuit, by);
}

void send_count_local_rate(struct send_counters *counters)
{
	metric_add(counters->local_rate, 1);
}
