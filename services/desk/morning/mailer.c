/* mailer.c - see mailer.h. */
#include "mailer.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "mail.h"
#include "morning.h"
#include "survey.h"

enum {
	TEXT_MAX_BYTES = 512 * 1024,
	MAIL_MAX_BYTES = 1024 * 1024,
	SURVEY_GOOD_MS = 60000, /* people whose work begins together share one */
};

struct job {
	struct job *next;
	int32_t partition;
	bool is_sent;
	char person[]; /* with its NUL */
};

struct queue {
	struct job *first, **last;
};

struct dsk_mailer {
	struct dsk_mailer_options options;
	struct smtp *smtp;
	struct dsk_survey survey;
	int64_t surveyed_ms; /* monotonic; 0: never */
	struct metric *sent, *failed;
	int stop_fd;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool is_running, is_stopping;
	struct queue todo, done;
	struct job *taken;
};

static void push(struct queue *queue, struct job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

static struct job *pop(struct queue *queue)
{
	struct job *job = queue->first;

	if (job && !(queue->first = job->next))
		queue->last = &queue->first;
	return job;
}

static const struct desk_person *find(const struct desk *desk, const char *id)
{
	for (unsigned i = 0; i < desk->people_count; i++)
		if (strcmp(desk->people[i].id, id) == 0)
			return &desk->people[i];
	return NULL;
}

static int look(struct dsk_mailer *mailer, struct err *err)
{
	int64_t now_ms = clock_monotonic_ms();

	if (mailer->surveyed_ms && now_ms - mailer->surveyed_ms < SURVEY_GOOD_MS)
		return 0;
	dsk_survey_free(&mailer->survey);
	mailer->surveyed_ms = 0;
	if (dsk_survey_read(mailer->options.brokers, mailer->options.topic,
			    mailer->options.policy->desk, &mailer->survey, err) < 0)
		return -1;
	mailer->surveyed_ms = now_ms;
	return 0;
}

static int deliver(struct dsk_mailer *mailer, const struct desk_person *person,
		   struct slice subject, struct slice text, int64_t now_ms, struct err *err)
{
	const struct shop *shop = &mailer->options.policy->shop;
	struct buf bytes = BUF_MAX(MAIL_MAX_BYTES);
	char id[ID_TEXT_BYTES], id_text[ID_TEXT_BYTES + 16];
	struct smtp_mail mail = {.from = shop->sender_address, .to = person->mail};
	struct smtp_answer answer = {0};
	int r;

	/* Of one person and one morning: a mail that comes twice can be seen to be one. */
	id_of_texts(id, person->id,
		    arena_printf(&mailer->survey.arena, "%lld",
				 (long long)dsk_morning_before_ms(&person->hours, now_ms)),
		    NULL);
	snprintf(id_text, sizeof(id_text), "tasks-%s", id);
	dsk_mail_write(&(struct dsk_mail){person->mail, subject, text, id_text, now_ms}, shop,
		       &bytes);
	mail.bytes = buf_slice(&bytes);
	r = buf_failed(&bytes) ? err_set(err, "it is too large")
			       : smtp_send(mailer->smtp, &mail, &answer);
	if (!buf_failed(&bytes) && (r < 0 || answer.code / 100 != 2))
		r = err_environment(err, "%s: %d %s", smtp_stage_text(answer.stage), answer.code,
				    answer.text);
	smtp_hang_up(mailer->smtp);
	buf_free(&bytes);
	return r;
}

static int send_list(struct dsk_mailer *mailer, const char *id, struct err *err)
{
	const struct desk_person *person = find(mailer->options.policy->desk, id);
	struct buf subject = BUF_MAX(TEXT_MAX_BYTES), text = BUF_MAX(TEXT_MAX_BYTES);
	int64_t now_ms = clock_wall_ms(), today_ms;
	struct dsk_digest digest;
	int r = 0;

	if (!person || !*person->mail)
		return 0;
	if (look(mailer, err) < 0)
		return -1;
	/* What expired after the morning before this one's. */
	today_ms = dsk_morning_before_ms(&person->hours, now_ms);
	digest = dsk_digest_write(person, mailer->survey.list, mailer->survey.count,
				  dsk_morning_before_ms(&person->hours, today_ms - 1), now_ms,
				  mailer->options.console_url, &text);
	dsk_digest_subject(&digest, person, now_ms, &subject);
	if (text.len)
		r = deliver(mailer, person, buf_slice(&subject), buf_slice(&text), now_ms, err);
	if (text.len && r == 0)
		metric_add(mailer->sent, 1);
	buf_free(&subject);
	buf_free(&text);
	return r;
}

static void *work(void *context)
{
	struct dsk_mailer *mailer = context;

	pthread_mutex_lock(&mailer->lock);
	while (!mailer->is_stopping) {
		struct job *job = pop(&mailer->todo);
		struct err why;

		if (!job) {
			pthread_cond_wait(&mailer->wake, &mailer->lock);
			continue;
		}
		pthread_mutex_unlock(&mailer->lock);
		job->is_sent = send_list(mailer, job->person, &why) == 0;
		if (!job->is_sent) {
			metric_add(mailer->failed, 1);
			log_event(LOG_LEVEL_WARN, "task_list_not_sent", "person", job->person,
				  "why", why.text, NULL);
		}
		pthread_mutex_lock(&mailer->lock);
		push(&mailer->done, job);
	}
	pthread_mutex_unlock(&mailer->lock);
	return NULL;
}

static struct metric *counter(const char *labels)
{
	return metric_counter("nurture_task_lists_total", labels,
			      "Lists of tasks to people, by what became of the mail.");
}

int dsk_mailer_open(struct dsk_mailer **ret, const struct dsk_mailer_options *options,
		    struct err *err)
{
	struct dsk_mailer *mailer = calloc(1, sizeof(*mailer));
	struct smtp_options smtp = options->smtp;

	if (!mailer)
		abort();
	mailer->options = *options;
	mailer->todo.last = &mailer->todo.first;
	mailer->done.last = &mailer->done.first;
	mailer->sent = counter("result=\"sent\"");
	mailer->failed = counter("result=\"failed\"");
	pthread_mutex_init(&mailer->lock, NULL);
	pthread_cond_init(&mailer->wake, NULL);
	mailer->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	smtp.stop_fd = mailer->stop_fd;
	if (mailer->stop_fd < 0)
		err_environment(err, "eventfd: %s", strerror(errno));
	else if (smtp_open(&mailer->smtp, &smtp, err) == 0) {
		mailer->is_running = pthread_create(&mailer->thread, NULL, work, mailer) == 0;
		if (!mailer->is_running)
			err_environment(err, "a thread for mails could not be started");
	}
	if (!mailer->is_running) {
		dsk_mailer_close(&mailer);
		return -1;
	}
	*ret = mailer;
	return 0;
}

static void drop_all(struct queue *queue)
{
	struct job *job;

	while ((job = pop(queue)))
		free(job);
}

void dsk_mailer_close(struct dsk_mailer **address)
{
	struct dsk_mailer *mailer = *address;

	if (!mailer)
		return;
	pthread_mutex_lock(&mailer->lock);
	mailer->is_stopping = true;
	pthread_cond_broadcast(&mailer->wake);
	pthread_mutex_unlock(&mailer->lock);
	if (mailer->stop_fd >= 0)
		eventfd_write(mailer->stop_fd, 1);
	if (mailer->is_running)
		pthread_join(mailer->thread, NULL);
	drop_all(&mailer->todo);
	drop_all(&mailer->done);
	free(mailer->taken);
	smtp_close(&mailer->smtp);
	if (mailer->stop_fd >= 0)
		close(mailer->stop_fd);
	dsk_survey_free(&mailer->survey);
	pthread_cond_destroy(&mailer->wake);
	pthread_mutex_destroy(&mailer->lock);
	free(mailer);
	*address = NULL;
}

void dsk_mailer_put(struct dsk_mailer *mailer, int32_t partition, const char *person)
{
	size_t len = strlen(person) + 1;
	struct job *job = calloc(1, sizeof(*job) + len);

	if (!job)
		abort();
	job->partition = partition;
	memcpy(job->person, person, len);
	pthread_mutex_lock(&mailer->lock);
	push(&mailer->todo, job);
	pthread_cond_signal(&mailer->wake);
	pthread_mutex_unlock(&mailer->lock);
}

bool dsk_mailer_take(struct dsk_mailer *mailer, int32_t *ret_partition, const char **ret_person,
		     bool *ret_is_sent)
{
	free(mailer->taken);
	pthread_mutex_lock(&mailer->lock);
	mailer->taken = pop(&mailer->done);
	pthread_mutex_unlock(&mailer->lock);
	if (!mailer->taken)
		return false;
	*ret_partition = mailer->taken->partition;
	*ret_person = mailer->taken->person;
	*ret_is_sent = mailer->taken->is_sent;
	return true;
}
