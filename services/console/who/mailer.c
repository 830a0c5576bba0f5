/* mailer.c - see mailer.h. */
#include "mailer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "staff.h"

enum { WAITING_MAX = 32, SENT_CODE = 250 };

struct letter {
	char to[CON_WHO_MAX_BYTES + 1];
	uint8_t *bytes;
	size_t len;
};

struct con_mailer {
	struct smtp *smtp; /* the thread's */
	const char *from;
	struct metric *sent, *failed;
	int stop_fd;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct letter waiting[WAITING_MAX]; /* the oldest first */
	unsigned count;
	bool is_closing;
};

static void send_one(struct con_mailer *mailer, const struct letter *letter)
{
	const struct smtp_mail mail = {
	    .from = mailer->from, .to = letter->to, .bytes = slice_of(letter->bytes, letter->len)};
	struct smtp_answer answer;
	bool is_sent = smtp_send(mailer->smtp, &mail, &answer) == 0 && answer.code == SENT_CODE;

	metric_add(is_sent ? mailer->sent : mailer->failed, 1);
	if (!is_sent)
		log_event(LOG_LEVEL_ERROR, "sign_in_mail_failed", "code", log_number(answer.code),
			  "why", answer.text, NULL);
	smtp_hang_up(mailer->smtp);
}

/* The next one, or false when it is time to go. */
static bool take(struct con_mailer *mailer, struct letter *ret)
{
	bool is_there;

	pthread_mutex_lock(&mailer->lock);
	while (!mailer->count && !mailer->is_closing)
		pthread_cond_wait(&mailer->changed, &mailer->lock);
	is_there = !mailer->is_closing;
	if (is_there) {
		*ret = mailer->waiting[0];
		mailer->count--;
		memmove(mailer->waiting, mailer->waiting + 1,
			mailer->count * sizeof(*mailer->waiting));
	}
	pthread_mutex_unlock(&mailer->lock);
	return is_there;
}

static void *run(void *context)
{
	struct con_mailer *mailer = context;
	struct letter letter;

	while (take(mailer, &letter)) {
		send_one(mailer, &letter);
		free(letter.bytes);
	}
	return NULL;
}

static int start(struct con_mailer *mailer, const struct smtp_options *options, struct err *err)
{
	if (mailer->stop_fd < 0)
		return err_environment(err, "eventfd: %s", strerror(errno));
	if (smtp_open(&mailer->smtp, options, err) < 0)
		return -1;
	return pthread_create(&mailer->thread, NULL, run, mailer) == 0
		   ? 0
		   : err_environment(err, "no thread for mails");
}

int con_mailer_open(struct con_mailer **ret, const struct smtp_options *options, const char *from,
		    struct err *err)
{
	struct con_mailer *mailer = calloc(1, sizeof(*mailer));
	struct smtp_options own = *options;

	if (!mailer)
		abort();
	mailer->from = from;
	mailer->sent = metric_counter("nurture_console_sign_in_mails_total", "result=\"sent\"",
				      "Links to sign in by what became of their mail");
	mailer->failed = metric_counter("nurture_console_sign_in_mails_total", "result=\"failed\"",
					"Links to sign in by what became of their mail");
	mailer->stop_fd = eventfd(0, EFD_CLOEXEC);
	own.stop_fd = mailer->stop_fd;
	pthread_mutex_init(&mailer->lock, NULL);
	pthread_cond_init(&mailer->changed, NULL);
	if (start(mailer, &own, err) < 0) {
		smtp_close(&mailer->smtp);
		free(mailer);
		return -1;
	}
	*ret = mailer;
	return 0;
}

bool con_mailer_put(struct con_mailer *mailer, const char *to, struct slice mail)
{
	bool has_room;

	pthread_mutex_lock(&mailer->lock);
	has_room = mailer->count < WAITING_MAX;
	if (has_room) {
		struct letter *letter = &mailer->waiting[mailer->count++];

		memcpy(letter->to, to, strlen(to) + 1);
		letter->bytes = malloc(mail.len);
		if (!letter->bytes)
			abort();
		memcpy(letter->bytes, mail.bytes, mail.len);
		letter->len = mail.len;
		pthread_cond_signal(&mailer->changed);
	}
	pthread_mutex_unlock(&mailer->lock);
	return has_room;
}

void con_mailer_close(struct con_mailer **mailer_address)
{
	struct con_mailer *mailer = *mailer_address;
	const uint64_t one = 1;

	if (!mailer)
		return;
	*mailer_address = NULL;
	pthread_mutex_lock(&mailer->lock);
	mailer->is_closing = true;
	pthread_cond_signal(&mailer->changed);
	pthread_mutex_unlock(&mailer->lock);
	if (write(mailer->stop_fd, &one, sizeof(one)) < 0)
		log_event(LOG_LEVEL_WARN, "sign_in_mail_failed", "why", "cannot be stopped", NULL);
	pthread_join(mailer->thread, NULL);
	for (unsigned i = 0; i < mailer->count; i++)
		free(mailer->waiting[i].bytes);
	smtp_close(&mailer->smtp);
	close(mailer->stop_fd);
	pthread_cond_destroy(&mailer->changed);
	pthread_mutex_destroy(&mailer->lock);
	free(mailer);
}
