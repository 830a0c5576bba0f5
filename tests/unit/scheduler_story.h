/*
 * scheduler_story.h - short stories as text: what comes in, what must come out.
 *
 * A story has one line for each record, "HOURS VERB WORD...", with the hours
 * since Monday 2026-01-05 12:00 in London, where it is winter.  The answer has
 * one line for each output: "HOURS WHAT REQUEST RULE COUNT/LIMIT until=HOURS
 * by=REQUEST (DETAIL)".
 *
 *	0 contact all=1 care=0 email=x@y.example zone=Z country=GB bought=tents
 *	          case=late:1 erased undeliverable=hard tells segment=vip hour=H
 *	          paused=H allow=LIMIT/HOURS said=H (of all that is said of consent)
 *	0 ask ID CLASS PRIORITY channel=task due=H expires=H category=C exempt
 *	          holdout=N follows=ID after=H programme=P order=O value=N merge=G
 *	          send=MINUTE-MINUTE best reserve=HOURS coupon=NAME case=waits|goes always since=H
 *	0 cancel request=ID programme=P order=O
 *	0 elsewhere ID CLASS at=H
 *	0 release ID
 *	0 confirm ID
 *	0 run              time passes, nothing else
 */
#ifndef NURTURE_TESTS_SCHEDULER_STORY_H
#define NURTURE_TESTS_SCHEDULER_STORY_H

#include "scheduler_driver.h"

#define STORY_BEGIN_MS INT64_C(1767614400000) /* 2026-01-05T12:00:00Z */

enum { STORY_WORDS = 32 };

struct line {
	char *words[STORY_WORDS];
	unsigned count;
};

static inline int64_t story_ms(const char *hours)
{
	return STORY_BEGIN_MS +
	       (int64_t)(strtod(hours, NULL) * 3600000 + (hours[0] == '-' ? -0.5 : 0.5));
}

/* The value of "key=value", or NULL; a bare key gives "". */
static inline char *story_value(const struct line *line, const char *key)
{
	size_t len = strlen(key);

	for (unsigned i = 2; i < line->count; i++) {
		if (strncmp(line->words[i], key, len) != 0)
			continue;
		if (line->words[i][len] == '=')
			return line->words[i] + len + 1;
		if (!line->words[i][len])
			return line->words[i] + len;
	}
	return NULL;
}

static inline char *story_text(const struct line *line, const char *key, char *otherwise)
{
	char *value = story_value(line, key);

	return value ? value : otherwise;
}

static inline int64_t story_time(const struct line *line, const char *key, int64_t otherwise_ms)
{
	const char *value = story_value(line, key);

	return value ? story_ms(value) : otherwise_ms;
}

static inline int story_ask(struct driver *d, int64_t at_ms, const struct line *line)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	const char *holdout = story_value(line, "holdout"), *after = story_value(line, "after");
	const char *reserve = story_value(line, "reserve"), *send = story_value(line, "send");
	const char *on_case = story_text(line, "case", "");

	request.id = line->words[2];
	request.message_class = line->words[3];
	request.priority = atoi(line->words[4]);
	request.programme = story_text(line, "programme", "p");
	request.channel = story_text(line, "channel", "email");
	request.category = story_text(line, "category", "");
	request.order = story_text(line, "order", "");
	request.follows = story_text(line, "follows", "");
	request.action = story_text(line, "action", "template");
	request.owner = story_text(line, "owner", "");
	request.outlives_order = story_value(line, "outlives") != NULL;
	request.triggered_ms = story_time(line, "since", at_ms);
	request.due_ms = story_time(line, "due", at_ms);
	request.expires_ms = story_time(line, "expires", at_ms + 30 * DAY_MS);
	request.exempt = story_value(line, "exempt") != NULL;
	request.always = story_value(line, "always") != NULL;
	request.on_open_case = strcmp(on_case, "waits") == 0 ? NURTURE__V1__ON_OPEN_CASE__WAITS
			       : strcmp(on_case, "goes") == 0
				   ? NURTURE__V1__ON_OPEN_CASE__GOES
				   : NURTURE__V1__ON_OPEN_CASE__AS_ITS_CLASS_SAYS;
	request.holdout_permille = holdout ? (uint32_t)atoi(holdout) : 0;
	request.follow_after_ms = after ? story_ms(after) - STORY_BEGIN_MS : 0;
	request.reserve_ms = reserve ? story_ms(reserve) - STORY_BEGIN_MS : 0;
	request.value_e4 = atoi(story_text(line, "value", "0"));
	request.merge = story_text(line, "merge", "");
	request.coupon = story_text(line, "coupon", "");
	request.send_best = story_value(line, "best") != NULL;
	if (send) {
		request.send_from_min = (uint32_t)atoi(send);
		request.send_to_min = (uint32_t)atoi(strchr(send, '-') + 1);
	}
	return driver_request(d, at_ms, &request);
}

static inline int story_contact(struct driver *d, int64_t at_ms, const struct line *line)
{
	static const char *const classes[] = {"all", "care", "feedback", "promotion"};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__ConsentState consent[4], *consents[4];
	Nurture__V1__Bought bought = NURTURE__V1__BOUGHT__INIT, *boughts[] = {&bought};
	char *open_case = story_value(line, "case"), *segment = story_value(line, "segment");
	char *allow = story_value(line, "allow");
	Nurture__V1__Allowance allowance = NURTURE__V1__ALLOWANCE__INIT, *allowances[1];

	allowances[0] = &allowance;
	if (allow) {
		allowance.limit = (uint32_t)atoi(allow);
		allowance.window_ms = story_ms(strchr(allow, '/') + 1) - STORY_BEGIN_MS;
		contact.allowances = allowances;
		contact.n_allowances = 1;
	}
	contact.paused_until_ms = story_time(line, "paused", 0);
	contact.best_hour = (uint32_t)atoi(story_text(line, "hour", "-1")) + 1;
	contact.segments = &segment;
	contact.n_segments = segment ? 1 : 0;
	contact.consent = consents;
	for (unsigned i = 0; i < 4; i++) {
		if (!story_value(line, classes[i]))
			continue;
		nurture__v1__consent_state__init(&consent[i]);
		consent[i].message_class = (char *)classes[i];
		consent[i].given = atoi(story_value(line, classes[i]));
		consent[i].said_ms = story_time(line, "said", 0);
		consents[contact.n_consent++] = &consent[i];
	}
	contact.email = story_text(line, "email", "x@y.example");
	contact.time_zone = story_text(line, "zone", "");
	contact.country = story_text(line, "country", "");
	contact.phone = story_text(line, "phone", "");
	contact.address = story_text(line, "address", "");
	contact.undeliverable = story_text(line, "undeliverable", "");
	contact.erased = story_value(line, "erased") != NULL;
	if (contact.erased && story_value(line, "erased")[0])
		contact.erased_ms = story_time(line, "erased", 0);
	contact.merged = story_value(line, "merged") != NULL;
	contact.bought = boughts;
	bought.category = story_value(line, "bought");
	bought.time_ms = at_ms;
	contact.n_bought = bought.category ? 1 : 0;
	contact.open_cases = &open_case;
	contact.n_open_cases = open_case ? 1 : 0;
	return driver_contact(d, at_ms, &contact);
}

static inline int story_line(struct driver *d, const struct line *line)
{
	int64_t at_ms = story_ms(line->words[0]);
	const char *verb = line->words[1];

	if (strcmp(verb, "ask") == 0)
		return story_ask(d, at_ms, line);
	if (strcmp(verb, "contact") == 0)
		return story_contact(d, at_ms, line);
	if (strcmp(verb, "cancel") == 0) {
		Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;

		cancel.request = story_text(line, "request", "");
		cancel.programme = story_text(line, "programme", "");
		cancel.order = story_text(line, "order", "");
		cancel.reason = story_text(line, "reason", "order.refunded");
		return driver_cancel(d, at_ms, &cancel);
	}
	if (strcmp(verb, "elsewhere") == 0) {
		Nurture__V1__SentElsewhere sent = NURTURE__V1__SENT_ELSEWHERE__INIT;

		sent.id = line->words[2];
		sent.message_class = line->words[3];
		sent.time_ms = story_time(line, "at", at_ms);
		return driver_elsewhere(d, at_ms, &sent);
	}
	if (strcmp(verb, "done") == 0) {
		Nurture__V1__TaskDone done = NURTURE__V1__TASK_DONE__INIT;
		char id[ID_TEXT_BYTES];

		id_of_texts(id, line->words[2], "task", NULL);
		done.task = id;
		return driver_task_done(d, at_ms, &done);
	}
	if (strcmp(verb, "release") == 0) {
		Nurture__V1__Release release = NURTURE__V1__RELEASE__INIT;

		release.request = line->words[2];
		return driver_release(d, at_ms, &release);
	}
	if (strcmp(verb, "confirm") == 0) {
		Nurture__V1__Confirm confirm = NURTURE__V1__CONFIRM__INIT;

		confirm.request = line->words[2];
		return driver_confirm(d, at_ms, &confirm);
	}
	driver_run(d, at_ms);
	return 0;
}

static inline void story_hours(struct buf *out, int64_t time_ms)
{
	buf_printf(out, "%g", (double)(time_ms - STORY_BEGIN_MS) / 3600000);
}

/* "grant a +b +c": these are its parts. */
static inline void story_mail(struct buf *out, const Nurture__V1__Dispatch *dispatch)
{
	buf_printf(out, " grant %s", dispatch->request->id);
	for (size_t i = 0; i < dispatch->n_parts; i++)
		buf_printf(out, " +%s", dispatch->parts[i]->request->id);
	if (dispatch->reply_to[0])
		buf_printf(out, " (%s)", dispatch->reply_to);
}

/* "task", with what it needs; one that was taken back says nothing of the person. */
static inline void story_task(struct buf *out, struct slice bytes)
{
	struct arena arena = {0};
	Nurture__V1__Task *task;
	struct err err;

	if (task_decode(bytes, &arena, &task, &err) < 0) {
		fprintf(stderr, "task: %s\n", err.text);
		abort();
	}
	buf_text(out, " task");
	if (!task_is_open(task))
		buf_printf(out, " %s %s (%s)", task->state, task->request, task->reason);
	if (!task_is_open(task) && (*task->name || *task->email || *task->phone || *task->address ||
				    *task->coupon || task->n_data))
		buf_text(out, " of somebody");
	if (*task->phone)
		buf_printf(out, " phone=%s", task->phone);
	if (*task->address)
		buf_printf(out, " address=%s", task->address);
	for (size_t i = 0; i < task->n_missing; i++)
		buf_printf(out, " missing=%s", task->missing[i]);
	arena_free(&arena);
}

static inline void story_tell(struct buf *out, const struct output *output)
{
	const Nurture__V1__Outcome *outcome = output->outcome;
	const Nurture__V1__Reason *reason = outcome ? outcome->reason : NULL;

	story_hours(out, output->at_ms);
	if (output->topic == SCHED_TASKS)
		story_task(out, output->bytes);
	else if (!outcome &&
		 output->dispatch->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT)
		buf_text(out, " contact");
	else if (!outcome &&
		 output->dispatch->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_CANCEL)
		buf_text(out, " cancel");
	else if (!outcome)
		story_mail(out, output->dispatch->dispatch);
	else
		buf_printf(out, " %s %s", outcome->status, outcome->request);
	if (reason) {
		buf_printf(out, " %s", reason->rule);
		if (reason->window_s)
			buf_printf(out, " %d/%d", (int)reason->count, (int)reason->limit);
		if (reason->eligible_at_ms) {
			buf_text(out, " until=");
			story_hours(out, reason->eligible_at_ms);
		}
		if (reason->won_by[0])
			buf_printf(out, " by=%s", reason->won_by);
		if (reason->detail[0])
			buf_printf(out, " (%s)", reason->detail);
	}
	buf_char(out, '\n');
}

/* Plays the story and returns the answer, to be freed; a record that is refused is a line too. */
static inline char *story_play(const struct policy *policy, const char *story)
{
	struct driver *d = malloc(sizeof(*d));
	struct buf out = BUF_MAX(1024 * 1024);
	char *text = strdup(story), *line_state, *word_state;

	if (!d || !text)
		abort();
	driver_open(d, policy);
	for (char *row = strtok_r(text, "\n", &line_state); row;
	     row = strtok_r(NULL, "\n", &line_state)) {
		struct line line = {.count = 0};
		size_t told = d->output_count;
		int r;

		for (char *word = strtok_r(row, " ", &word_state); word;
		     word = strtok_r(NULL, " ", &word_state))
			line.words[line.count++] = word;
		r = story_line(d, &line);
		for (; told < d->output_count; told++)
			story_tell(&out, &d->outputs[told]);
		if (r < 0)
			buf_printf(&out, "%s refused: %s\n", line.words[0], d->err.text);
	}
	if (!out.bytes)
		buf_text(&out, "");
	driver_close(d);
	free(d);
	free(text);
	return out.bytes;
}

#endif
