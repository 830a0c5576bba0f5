/* cmd_audit.c - were the caps kept, and does every request have one end? */
#include <stdio.h>

#include "commands.h"
#include "common/io/kafka/topic_reader.h"
#include "common/message/event.h"
#include "services/nurturectl/audit/audit.h"
#include "services/nurturectl/progress.h"
#include "services/nurturectl/sim/orders_options.h"

enum { FINDINGS_MAX_BYTES = 64 << 20, SILENCE_MAX_MS = 30000 };

struct audit_values {
	struct orders_values orders;
	int64_t late_ms;
	bool ids_only;
};

static const struct command_option options[] = {
    ORDERS_OPTIONS(struct audit_values, orders),
    {"late", OPTION_DURATION_MS, offsetof(struct audit_values, late_ms), "10m", NULL, false, 0, 0,
     "what was said so shortly before a mail may have missed it; default 10m, on the event clock "
     "and of files 0s"},
    {"ids-only", OPTION_FLAG, offsetof(struct audit_values, ids_only), NULL, NULL, false, 0, 0,
     "judge each customer id alone, without nurture.events"},
    {0}};

/* Whose inboxes are whose, as the file of orders or of events has it. */
static int hear_file(const struct invocation *call, struct audit_people *people, struct err *err)
{
	const struct audit_values *values = call->values;
	struct arena arena = {0};
	struct orders orders;
	int64_t until_ms;

	if (orders_open(call->settings, &values->orders, &orders, &until_ms, err) < 0)
		return -1;
	for (size_t i = 0; i < orders.count; i++) {
		struct slice json = orders_json(&orders, &orders.events[i], &arena);
		Nurture__V1__Event *event;
		struct err ignored;

		if (event_decode(json, &arena, &event, &ignored) == 0)
			audit_people_hear(people, call->settings->policy, event,
					  orders.events[i].time_ms);
		arena_reset(&arena);
	}
	arena_free(&arena);
	orders_free(&orders);
	return 0;
}

/* On the event clock time is what the events say. */
static int64_t arrived_ms(const struct invocation *call, const struct topic_record *record,
			  const Nurture__V1__Event *event)
{
	bool is_known = record->time_ms >= 0 && call->settings->common.clock == CLOCK_WALL;

	return is_known ? record->time_ms : event->time_ms;
}

/* What cannot be understood is a dead letter, and nobody has heard it. */
static int hear_records(const struct invocation *call, struct topic_reader *reader,
			struct audit_people *people, struct err *err)
{
	struct progress progress = progress_begin("reading events");
	struct arena arena = {0};
	struct topic_record record;
	int64_t count = 0;
	int r;

	while ((r = topic_reader_next(reader, SILENCE_MAX_MS, &record, err)) > 0) {
		Nurture__V1__Event *event;
		struct err ignored;

		if (record.value.bytes && event_decode(record.value, &arena, &event, &ignored) == 0)
			audit_people_hear(people, call->settings->policy, event,
					  arrived_ms(call, &record, event));
		arena_reset(&arena);
		progress_show(&progress, ++count, 0);
	}
	progress_end(&progress);
	arena_free(&arena);
	return r;
}

static int hear_topic(const struct invocation *call, struct audit_people *people, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options wanted = {
	    .brokers = call->settings->common.brokers,
	    .topic = settings_topic(call->settings, "events", topic),
	};
	struct topic_reader *reader;
	int r;

	if (topic_reader_open(&reader, &wanted, err) < 0)
		return -1;
	r = hear_records(call, reader, people, err);
	topic_reader_close(&reader);
	return r < 0 ? err_prefix(err, "%s", topic) : 0;
}

static bool has_file(const struct audit_values *values)
{
	return values->orders.orders || values->orders.events;
}

/* Outcomes of a file are judged with the events of a file. */
static bool knows_people(const struct invocation *call)
{
	const struct audit_values *values = call->values;

	return !values->ids_only && (has_file(values) || !call->arguments[0]);
}

static int hear(const struct invocation *call, struct audit_people *people, struct err *err)
{
	int r = 0;

	if (knows_people(call))
		r = has_file(call->values) ? hear_file(call, people, err)
					   : hear_topic(call, people, err);
	audit_people_sort(people);
	return r;
}

static void print_balance(const struct audit *audit)
{
	printf("%zu outcomes of %zu customers, %zu requests\n", audit->outcomes, audit->customers,
	       audit->requests);
	for (int status = 0; status < STATUS_COUNT; status++)
		if (audit->by_status[status])
			printf("  %-14s %zu\n", status_text((enum status)status),
			       audit->by_status[status]);
	printf("ended once: %zu, waiting: %zu, ended twice: %zu\n",
	       audit->requests - audit->waiting - audit->ended_twice, audit->waiting,
	       audit->ended_twice);
	if (audit->who_7d)
		printf("most in any 7 days: %zu (customer %s)\n"
		       "most in any 30 days: %zu (customer %s)\n",
		       audit->most_7d, audit->who_7d, audit->most_30d, audit->who_30d);
	if (audit->inboxes)
		printf(
		    "inboxes: %zu, %zu of them under several ids; %zu ids that others were merged "
		    "into; mails of which nobody knows the inbox: %zu\n",
		    audit->inboxes, audit->shared, audit->merged, audit->unplaced);
	if (audit->other_policy)
		printf("note: %zu outcomes were decided under another policy file\n",
		       audit->other_policy);
}

static int print_result(const struct audit *audit, const struct buf *findings)
{
	fputs(findings->bytes ? findings->bytes : "", stdout);
	if (audit->broken > AUDIT_SHOWN_MAX)
		printf("... and %zu more broken windows\n", audit->broken - AUDIT_SHOWN_MAX);
	print_balance(audit);
	if (audit_is_clean(audit)) {
		puts("ok: every cap was kept, and every request that ended has one end");
		return 0;
	}
	printf("NOT ok: %zu broken windows, %zu requests that ended twice, %zu repeated outcomes, "
	       "%zu merged parts without their mail, %zu wrong releases, %zu mails against a word, "
	       "%zu to a dead address, %zu held back for an inbox without reason\n",
	       audit->broken, audit->ended_twice, audit->repeated, audit->adrift,
	       audit->unpermitted, audit->against_word, audit->to_dead, audit->unfounded);
	return EXIT_NO;
}

static int64_t late_of(const struct invocation *call)
{
	const struct audit_values *values = call->values;
	bool is_wall = !has_file(values) && call->settings->common.clock == CLOCK_WALL;

	if (values->late_ms != OPTION_ABSENT)
		return values->late_ms;
	return is_wall ? 10 * MINUTE_MS : 0;
}

static int judge(const struct invocation *call, const struct audit_people *people, struct err *err)
{
	struct buf findings = BUF_MAX(FINDINGS_MAX_BYTES);
	struct outcomes outcomes;
	struct audit audit;
	int r;

	if (call->arguments[0])
		r = outcomes_read_file(call->arguments[0], &outcomes, err);
	else
		r = outcomes_read_topic(call->settings, slice_of(NULL, 0), &outcomes, err);
	if (r < 0)
		return -1;
	audit_run(call->settings->policy, &outcomes, knows_people(call) ? people : NULL,
		  late_of(call), &audit, &findings);
	r = print_result(&audit, &findings);
	if (!knows_people(call))
		puts("note: each customer id was judged alone; --orders or --events tell of "
		     "inboxes");
	outcomes_free(&outcomes);
	buf_free(&findings);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct audit_values *values = call->values;
	struct audit_people people = {0};
	int r;

	/* A file of orders is read with the policy's zone and currency, and so with the policy. */
	if (!(knows_people(call) && has_file(values)) &&
	    settings_policy(call->settings, values->orders.policy, NULL, err) < 0)
		return -1;
	r = hear(call, &people, err);
	if (r == 0)
		r = judge(call, &people, err);
	audit_people_free(&people);
	return r;
}

const struct command cmd_audit = {
    .name = "audit",
    .line = "were all caps kept, and does every request have one end?",
    .arguments = "[OUT.jsonl]",
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct audit_values),
    .text =
	"Counts every cap, gap and the ceiling again, from the outcomes alone (of the file, or\n"
	"of the topic) and with none of the scheduler's code. What is in doubt counts as sent.\n"
	"Exit 1 and each broken window: customer, rule, the sends in it. Also the books: every\n"
	"request has exactly one terminal outcome, or is still waiting; what was merged into a "
	"mail\n"
	"has that mail; only permits are released. Not audited: what people asked for themselves\n"
	"(fewer mails, a pause), which outcomes do not say.\n\n"
	"By nurture.events, or the events of a file, it knows who is behind one inbox and who was\n"
	"merged: the mails of an inbox are counted together, none may go after somebody behind it\n"
	"has said no or it had a hard bounce, and who was merged is one person from then "
	"on.\n\n" ORDERS_HELP,
    .run = run,
};
