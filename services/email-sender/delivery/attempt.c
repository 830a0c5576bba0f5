/*
 * attempt.c - one attempt: its domain's rate, the mail, the journal, the server,
 * and what its answer means for the mail and for those behind it.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/policy/rule.h"
#include "pool_internal.h"
#include "services/email-sender/wire.h"

/* Adds to "no answer in time" the stage at which no answer came. */
static void explain(struct smtp_answer *answer)
{
	char text[SMTP_TEXT_BYTES];

	if (answer->code || answer->was_invalid || answer->stage == SMTP_CONNECT)
		return;
	snprintf(text, sizeof(text), "%.120s (at %s)", answer->text,
		 smtp_stage_text(answer->stage));
	memcpy(answer->text, text, sizeof(text));
}

/* Is there a connection to where the mail is to go? */
static bool is_reached(const struct send_worker *worker, const struct send_job *job)
{
	return smtp_is_connected(worker->smtp) &&
	       !(worker->mx && strcmp(worker->domain, job->domain) != 0);
}

/* Connects to where the mail must go: 0; or -1, and answer says why. */
static int reach(struct send_worker *worker, const struct send_job *job, struct smtp_answer *ret)
{
	uint64_t salt = hash64(slice_text(job->id));

	if (is_reached(worker, job))
		return 0;
	smtp_hang_up(worker->smtp);
	worker->mails = 0;
	snprintf(worker->domain, sizeof(worker->domain), "%s", job->domain);
	if (worker->mx)
		return mx_connect(worker->mx, worker->smtp, job->domain, salt, ret);
	return smtp_connect(worker->smtp, ret);
}

/* An attempt's begin on its way into the journal. */
struct begin {
	struct attempt_notes *notes; /* NULL: no journal is kept */
	struct attempt_begin on_its_way;
};

/* 1: begin; or attempt_notes_wait()'s other words, and nothing may begin. */
static int wait_for_journal(struct begin *begin)
{
	struct err ignored;

	return begin->notes ? attempt_notes_wait(begin->notes, &begin->on_its_way, &ignored) : 1;
}

static bool may_send(void *begin)
{
	return wait_for_journal(begin) == 1;
}

/*
 * Returns false when the mail has not begun, since the pool stopped first or since the journal
 * did not take its begin.  The begin is on its way into the journal together with what other
 * threads have to note, while the server hears of the envelope.  Where there is no connection
 * yet, none is made before the journal has answered.
 */
static bool talk(struct send_worker *worker, const struct mail *mail, struct send_job *job,
		 struct begin *begin, struct smtp_answer *answer)
{
	struct smtp_mail envelope = {.from = mail->from,
				     .to = mail->to,
				     .needs_utf8 = mail->needs_utf8,
				     .envelope_id = job->id,
				     .bytes = mail->bytes,
				     .may_send = may_send,
				     .context = begin};

	if (!is_reached(worker, job) && wait_for_journal(begin) != 1)
		return false;

	/* Connecting may take minutes; the mail has not begun until MAIL is sent. */
	if (reach(worker, job, answer) == 0) {
		if (worker->pool->is_stopping)
			return false;
		smtp_send(worker->smtp, &envelope, answer);
		if (wait_for_journal(begin) != 1)
			return false;
		if (++worker->mails >= worker->pool->delivery->mails_per_connection)
			smtp_hang_up(worker->smtp);
	}
	explain(answer);
	send_redact(answer->text, mail->to);
	return true;
}

static void log_circuit(const struct send_destination *destination, bool is_relay, bool is_open,
			const struct smtp_answer *answer)
{
	log_event(is_open ? LOG_LEVEL_WARN : LOG_LEVEL_INFO,
		  is_open ? "circuit_opened" : "circuit_closed", "for",
		  is_relay ? "all domains" : destination->name, "code", log_number(answer->code),
		  "status", answer->enhanced, "text", answer->text, NULL);
}

/*
 * Tells the destination what the answer means for it, and hands back the mails that have to
 * wait there for long.  Returns how long at least this mail has to wait.
 */
static int64_t take_feedback(struct send_pool *pool, struct send_job *job,
			     const struct send_judgement *judgement,
			     const struct smtp_answer *answer)
{
	struct send_queue back = {.last = &back.first};
	struct send_destination *destination = job->destination;
	int64_t now_ms = clock_monotonic_ms();
	struct send_deferral deferral = {0};
	bool is_relay;
	int change;

	pthread_mutex_lock(&pool->lock);
	change = send_destinations_end(&pool->destinations, destination, judgement->feedback,
				       judgement->is_about_relay, now_ms, &is_relay);
	if (judgement->feedback >= FEEDBACK_SLOW_DOWN) {
		deferral = send_destinations_defer(&pool->destinations, destination, now_ms,
						   clock_wall_ms() * 1000);
		send_pool_hand_back(pool, judgement->is_about_relay ? NULL : destination, &back);
	}
	if (change && is_relay)
		send_count_relay_circuit(pool->counts, change);
	else if (change)
		send_count_circuit(destination->counters, change);
	if (change) /* the destination may be forgotten once the lock is gone */
		log_circuit(destination, is_relay, change > 0, answer);
	pthread_mutex_unlock(&pool->lock);
	send_pool_finish(pool, &back);
	return deferral.wait_ms;
}

/* The job without a result stays so when the mail has not begun: false. */
static bool send_mail(struct send_worker *worker, const struct mail *mail, struct send_job *job,
		      struct begin *begin)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;
	struct send_counters *counters = job->destination->counters;
	int64_t begun_ms = clock_monotonic_ms();
	struct send_judgement judgement;
	struct smtp_answer answer = {0};

	if (!talk(worker, mail, job, begin, &answer))
		return false;
	judgement = send_judge(&answer, mail->to, worker->pool->is_direct);
	send_count_attempt(counters, &judgement, &answer, clock_monotonic_ms() - begun_ms);
	result.wait_ms = take_feedback(worker->pool, job, &judgement, &answer);
	result.verdict = (Nurture__V1__DeliveryResult__Verdict)judgement.verdict;
	result.code = (uint32_t)answer.code;
	result.enhanced = answer.enhanced;
	result.text = answer.text;
	result.rule = (char *)(uintptr_t)judgement.rule;
	result.bad_address = judgement.is_bad_address;
	result.soft = judgement.is_soft;
	send_job_fill(job, &result);
	return true;
}

static void end_without_feedback(struct send_pool *pool, struct send_job *job)
{
	static const struct send_judgement nothing = {.verdict = SEND_NOT_SENT};
	static const struct smtp_answer none;

	take_feedback(pool, job, &nothing, &none);
}

static const char *why_not_begun(int answer)
{
	if (answer == 1)
		return "not begun";
	return answer ? "the journal of attempts does not answer"
		      : "the journal of attempts is not ours";
}

/* The inbox is no customer: links and the return path say whose mail it is. */
static struct slice customer_of(const Nurture__V1__DeliveryEffect *effect, struct slice key)
{
	return effect->customer[0] ? slice_text(effect->customer) : key;
}

/* Composes the mail; or returns false, and the job's result says why there is none. */
static bool compose_mail(struct send_worker *worker, struct send_job *job, struct mail *ret)
{
	struct slice key = slice_of(job->bytes, job->customer_len);
	struct slice bytes = slice_of(job->bytes + job->customer_len, job->effect_len);
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;
	Nurture__V1__DeliveryEffect *effect;
	struct err err;

	arena_reset(&worker->arena);
	if (send_effect_decode(bytes, &worker->arena, &effect, &err) == 0 &&
	    send_compose(&worker->pool->composer, customer_of(effect, key), effect, &worker->room,
			 ret, &err) == 0)
		return true;
	end_without_feedback(worker->pool, job);
	err.text[SEND_TEXT_MAX_BYTES] = '\0';
	result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__REFUSED;
	result.text = err.text;
	send_job_fill(job, &result);
	return false;
}

/*
 * Writes the journal before and after the mail: the next owner learns what began and ended.  The
 * begin is noted before the mail is composed, so that others have time to write it with theirs.
 */
static void attempt_with_journal(struct send_worker *worker, struct send_job *job)
{
	struct begin begin = {.notes = worker->pool->notes};
	char name[SEND_ATTEMPT_BYTES];
	struct mail mail;
	int answer;

	send_attempt_name(name, job->id, job->attempt);
	if (begin.notes)
		attempt_notes_begin(begin.notes, &begin.on_its_way, job->partition, job->owner,
				    name);
	if (compose_mail(worker, job, &mail) && !send_mail(worker, &mail, job, &begin)) {
		answer = wait_for_journal(&begin);
		job->was_refused = answer == 0;
		end_without_feedback(worker->pool, job);
		send_job_fill_not_begun(job, why_not_begun(answer));
		if (answer != 1)
			return;
	} else {
		wait_for_journal(&begin);
	}
	if (begin.notes)
		attempt_notes_finish(begin.notes, job->partition, job->owner, name,
				     buf_slice(&job->result));
}

/* Counts the mail against its domain's rate: all instances' in Redis, or a local share of it. */
static struct rate_verdict ask_rate(struct send_worker *worker,
				    struct send_destination *destination)
{
	const struct delivery_rule *rule = destination->rule;
	int64_t wall_us = clock_wall_ms() * 1000;
	struct rate rate = rate_of(rule->per_minute, rule->burst,
				   warm_up_limit(&rule->warm_up, wall_us / (DAY_MS * 1000)));
	struct send_pool *pool = worker->pool;
	struct rate_verdict verdict;
	struct err err;

	if (worker->rates &&
	    rate_limit_take(worker->rates, destination->name, &rate, &verdict, &err) == 0)
		return verdict;
	if (worker->rates) {
		rate = rate_share(rate, pool->delivery->local_share_permille);
		send_count_local_rate(destination->counters);
	}
	pthread_mutex_lock(&pool->lock);
	verdict = rate_take(&destination->local, &rate, wall_us);
	pthread_mutex_unlock(&pool->lock);
	return verdict;
}

/* Puts the mail back before the others of its domain: all of them wait for the rate. */
static bool wait_for_rate(struct send_pool *pool, struct send_job *job,
			  const struct rate_verdict *verdict)
{
	struct send_queue back = {.last = &back.first};
	struct send_destination *destination = job->destination;
	bool is_relay, is_kept;

	pthread_mutex_lock(&pool->lock);
	send_destinations_end(&pool->destinations, destination, FEEDBACK_NONE, false, 0, &is_relay);
	destination->not_before_ms = clock_monotonic_ms() + verdict->wait_us / 1000 + 1;
	destination->not_before_why =
	    verdict->word == RATE_DAY_IS_FULL ? rule_text(RULE_WARM_UP) : rule_text(RULE_RATE);
	is_kept = !pool->is_stopping;
	if (is_kept) {
		send_destinations_put_back(&pool->destinations, job);
		send_pool_hand_back(pool, destination, &back);
	} else {
		send_job_fill_not_begun(job, "not begun");
	}
	pthread_mutex_unlock(&pool->lock);
	send_pool_finish(pool, &back);
	return !is_kept;
}

bool send_attempt(struct send_worker *worker, struct send_job *job)
{
	if (!worker->pool->destinations.never_waits && delivery_has_rate(job->destination->rule)) {
		struct rate_verdict verdict = ask_rate(worker, job->destination);

		if (verdict.word != RATE_ALLOWED)
			return wait_for_rate(worker->pool, job, &verdict);
	}
	attempt_with_journal(worker, job);
	return true;
}
