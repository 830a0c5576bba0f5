/* worker.c - a thread of the pool: one connection, one mail at a time. */
#include <stdio.h>
#include <time.h>

#include "../../common/base/civil.h"
#include "classify.h"
#include "pool_private.h"

void send_pool_init_cond(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct timespec send_pool_time_in(int64_t ms)
{
	struct timespec ret;

	clock_gettime(CLOCK_MONOTONIC, &ret);
	ret.tv_sec += ms / SECOND_MS;
	ret.tv_nsec += ms % SECOND_MS * 1000000;
	if (ret.tv_nsec >= 1000000000) {
		ret.tv_sec++;
		ret.tv_nsec -= 1000000000;
	}
	return ret;
}

static void fill(struct send_job *job, enum send_verdict verdict, int code, const char *enhanced,
		 const char *text)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;

	result.id = job->id;
	result.attempt = job->attempt;
	result.verdict = (Nurture__V1__DeliveryResult__Verdict)verdict;
	result.code = (uint32_t)code;
	result.enhanced = (char *)(uintptr_t)enhanced;
	result.text = (char *)(uintptr_t)text;
	send_result_encode(&result, &job->result);
}

void send_job_give_back(struct send_pool *pool, struct send_job *job)
{
	fill(job, SEND_NOT_SENT, 0, "", "not begun");
	send_pool_finish(pool, job);
}

/* "no answer in time" says more with the place where it was missed. */
static void explain(struct smtp_answer *answer)
{
	char text[SMTP_TEXT_BYTES];

	if (answer->code || answer->was_invalid || answer->stage == SMTP_CONNECT)
		return;
	snprintf(text, sizeof(text), "%.120s (at %s)", answer->text,
		 smtp_stage_text(answer->stage));
	memcpy(answer->text, text, sizeof(text));
}

static bool is_stopping(struct send_pool *pool)
{
	bool ret;

	pthread_mutex_lock(&pool->lock);
	ret = pool->is_stopping;
	pthread_mutex_unlock(&pool->lock);
	return ret;
}

static void send_mail(struct send_worker *worker, const struct mail *mail, struct send_job *job)
{
	struct smtp_mail envelope = {.from = mail->from,
				     .to = mail->to,
				     .needs_utf8 = mail->needs_utf8,
				     .bytes = mail->bytes};
	struct smtp_answer answer = {0};

	/* Connecting may take minutes: nothing has begun as long as there is no MAIL. */
	if (smtp_connect(worker->smtp, &answer) == 0) {
		if (is_stopping(worker->pool)) {
			fill(job, SEND_NOT_SENT, 0, "", "not begun");
			return;
		}
		smtp_send(worker->smtp, &envelope, &answer);
	}
	explain(&answer);
	send_redact(answer.text, mail->to);
	fill(job, send_classify(&answer), answer.code, answer.enhanced, answer.text);
}

/* Between two entries in the journal, so that the next owner knows what was begun and how it ended. */
static void attempt(struct send_worker *worker, const struct mail *mail, struct send_job *job)
{
	char name[SEND_ATTEMPT_BYTES];
	struct err err;
	int begun;

	if (!worker->attempts) {
		send_mail(worker, mail, job);
		return;
	}
	send_attempt_name(name, job->id, job->attempt);
	begun = attempts_begin(worker->attempts, job->partition, job->owner, name, &err);
	if (begun <= 0) {
		fill(job, SEND_NOT_SENT, 0, "", begun ? "the journal of attempts does not answer"
						      : "another instance has taken over");
		return;
	}
	send_mail(worker, mail, job);
	attempts_finish(worker->attempts, job->partition, name, buf_slice(&job->result));
}

static void work(struct send_worker *worker, struct send_job *job)
{
	struct slice customer = slice_of(job->bytes, job->customer_len);
	struct slice bytes = slice_of(job->bytes + job->customer_len, job->effect_len);
	Nurture__V1__DeliveryEffect *effect;
	struct mail mail;
	struct err err;

	arena_reset(&worker->arena);
	if (send_effect_decode(bytes, &worker->arena, &effect, &err) < 0 ||
	    send_compose(&worker->pool->composer, customer, effect, &worker->room, &mail, &err) <
		0) {
		err.text[SEND_TEXT_MAX_BYTES] = '\0';
		fill(job, SEND_REFUSED, 0, "", err.text);
		return;
	}
	attempt(worker, &mail, job);
}

/* The next mail, or NULL when the pool stops. While there is none for long, the line is cut. */
static struct send_job *next_job(struct send_worker *worker)
{
	struct send_pool *pool = worker->pool;
	struct timespec until = send_pool_time_in(pool->idle_ms);
	struct send_job *job;

	pthread_mutex_lock(&pool->lock);
	while (!(job = send_pool_pop(&pool->waiting)) && !pool->is_stopping) {
		if (!smtp_is_connected(worker->smtp)) {
			pthread_cond_wait(&pool->wake, &pool->lock);
		} else if (pthread_cond_timedwait(&pool->wake, &pool->lock, &until) != 0 &&
			   !pool->waiting.first) {
			pthread_mutex_unlock(&pool->lock);
			smtp_hang_up(worker->smtp);
			pthread_mutex_lock(&pool->lock);
		}
	}
	if (job)
		pool->busy_count++;
	pthread_mutex_unlock(&pool->lock);
	return job;
}

int send_worker_open(struct send_worker *worker, const struct send_pool_options *options,
		     struct err *err)
{
	worker->room = COMPOSE_ROOM;
	if (options->dkim && dkim_signer_open(&worker->room.signer, options->dkim, err) < 0)
		return -1;
	if (options->journal_urls && attempts_open(&worker->attempts, options->journal_urls,
						   options->journal_prefix, "email-sender", err) < 0)
		return -1;
	if (smtp_open(&worker->smtp, &options->smtp, err) < 0)
		return -1;
	if (pthread_create(&worker->thread, NULL, send_worker_run, worker) != 0)
		return err_environment(err, "no thread for an SMTP connection");
	return 0;
}

void send_worker_close(struct send_worker *worker)
{
	smtp_close(&worker->smtp);
	attempts_close(&worker->attempts);
	compose_room_free(&worker->room);
	arena_free(&worker->arena);
}

void *send_worker_run(void *context)
{
	struct send_worker *worker = context;
	struct send_pool *pool = worker->pool;
	struct send_job *job;

	while ((job = next_job(worker))) {
		work(worker, job);
		send_pool_finish(pool, job);
		pthread_mutex_lock(&pool->lock);
		pool->busy_count--;
		pthread_cond_signal(&pool->idle);
		pthread_mutex_unlock(&pool->lock);
	}
	send_worker_close(worker);
	return NULL;
}
