/* job.c - a mail between the loop and the threads: made, filled with its result, freed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mail/address.h"
#include "common/policy/rule.h"
#include "pool_internal.h"
#include "services/email-sender/wire.h"

void send_queue_push(struct send_queue *queue, struct send_job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

struct send_job *send_queue_pop(struct send_queue *queue)
{
	struct send_job *job = queue->first;

	if (job) {
		queue->first = job->next;
		if (!job->next)
			queue->last = &queue->first;
	}
	return job;
}

/* Writes "Shop.Example" as "shop.example", and what is not ASCII as A-labels. */
static void write_domain(char ret[HOST_NAME_BYTES], const char *domain)
{
	char text[ADDRESS_MAX_BYTES + 1];
	struct address address;

	/* What stands behind the "@" of an address has the same rules. */
	snprintf(text, sizeof(text), "a@%.*s", (int)sizeof(text) - 3, domain);
	if (!address_read(slice_text(text), &address))
		address.domain = "";
	snprintf(ret, HOST_NAME_BYTES, "%s", address.domain);
}

struct send_job *send_job_new(int32_t partition, struct slice customer, struct slice effect,
			      const Nurture__V1__DeliveryEffect *head)
{
	struct send_job *job = malloc(sizeof(*job) + customer.len + effect.len + HOST_NAME_BYTES);

	if (!job)
		abort();
	*job = (struct send_job){.partition = partition,
				 .customer_len = customer.len,
				 .effect_len = effect.len,
				 .attempt = head->attempt,
				 .owner = head->owner,
				 .result = BUF_MAX(4096)};
	snprintf(job->id, sizeof(job->id), "%s", head->id);
	memcpy(job->bytes, customer.bytes, customer.len);
	memcpy(job->bytes + customer.len, effect.bytes, effect.len);
	job->domain = (char *)job->bytes + customer.len + effect.len;
	write_domain((char *)job->bytes + customer.len + effect.len, head->domain);
	return job;
}

void send_job_free(struct send_job *job)
{
	if (!job)
		return;
	buf_free(&job->result);
	free(job);
}

void send_job_fill(struct send_job *job, const Nurture__V1__DeliveryResult *result)
{
	Nurture__V1__DeliveryResult own = *result;

	own.id = job->id;
	own.attempt = job->attempt;
	send_result_encode(&own, &job->result);
}

void send_job_fill_not_begun(struct send_job *job, const char *why)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;

	result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__NOT_SENT;
	result.text = (char *)(uintptr_t)why;
	send_job_fill(job, &result);
}

void send_job_fill_deferred(struct send_job *job, const struct send_deferral *deferral)
{
	static const struct {
		enum rule rule;
		const char *text;
	} texts[] = {
	    {RULE_RATE, "its domain gets no more mails in a minute"},
	    {RULE_WARM_UP, "its domain gets no more mails on this day of its warm-up"},
	    {RULE_SLOWED, "the server has asked for less mail"},
	    {RULE_BLOCKED, "the server refuses mail from us"},
	    {RULE_BUSY, "many mails wait for its domain"},
	};
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (rule_is(deferral->rule, texts[i].rule))
			result.text = (char *)(uintptr_t)texts[i].text;
	result.verdict = NURTURE__V1__DELIVERY_RESULT__VERDICT__NOT_SENT;
	result.rule = (char *)(uintptr_t)deferral->rule;
	result.wait_ms = deferral->wait_ms;
	send_job_fill(job, &result);
}
