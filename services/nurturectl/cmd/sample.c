/* sample.c - see sample.h. */
#include "sample.h"

#include <stdio.h>
#include <string.h>

#define SAMPLE_ID "00000000000000000000000000005a3e"

const struct sample_person sample_ann = {.customer = "sample-ann",
					 .name = "Ann Archer",
					 .email = "ann@customers.example",
					 .locale = "en",
					 .order = "10017",
					 .amount = "129.50",
					 .product = ""};

/* What the programmes and the ladder bring besides the order. */
static const struct {
	const char *name, *value;
} sample_data[] = {
    {"orders", "4"},
    {"first_order", "2024-03-01"},
    {"years", "2"},
    {"page", "http://localhost:8084/f/sample"},
    {"score", "5"},
    {"related", "stoves"},
    {"order.starts", "2026-07-10"},
    {"order.ends", "2026-07-17"},
};

static void put(struct sample *sample, const char *name, const char *value)
{
	Nurture__V1__Datum *datum = &sample->data[sample->request.n_data];

	nurture__v1__datum__init(datum);
	datum->name = (char *)(uintptr_t)name;
	datum->value = (char *)(uintptr_t)value;
	sample->data_pointers[sample->request.n_data++] = datum;
}

static const struct programme *programme_of(const struct policy *policy, const char *template)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct programme *programme = &policy->programmes[i];

		for (unsigned k = 0; k < programme->action_count; k++)
			if (programme->actions[k].channel == CHANNEL_EMAIL &&
			    strcmp(programme->actions[k].name, template) == 0)
				return programme;
		for (unsigned k = 0; k < programme->variant_count; k++)
			if (strcmp(programme->variants[k].email, template) == 0)
				return programme;
	}
	return NULL;
}

static const char *class_of(const struct policy *policy, const struct programme *programme)
{
	if (programme)
		return policy->classes[programme->message_class].name;
	return policy->feedback.off ? policy->classes[0].name
				    : policy->classes[policy->feedback.message_class].name;
}

/* As the programme offers it; of a source, a code of its shape that opens nothing. */
static const char *sample_coupon(struct sample *sample, const struct programme *programme)
{
	const struct coupon *source = programme ? programme->source : NULL;

	if (!programme)
		return "SAMPLE10";
	if (!source)
		return programme->coupon;
	if (source->kind == COUPON_POOL)
		return "SAMPLE-CODE";
	snprintf(sample->coupon, sizeof(sample->coupon), "%.40s-%.*s", source->prefix,
		 (int)source->length, "SAMPLESAMPLESAMPLESAMPLE");
	return sample->coupon;
}

static void fill_data(struct sample *sample, const struct policy *policy,
		      const struct programme *programme, const struct sample_person *person)
{
	put(sample, "order.id", person->order);
	put(sample, "order.amount", person->amount);
	put(sample, "order.product", person->product);
	for (size_t i = 0; i < sizeof(sample_data) / sizeof(*sample_data); i++)
		put(sample, sample_data[i].name, sample_data[i].value);
	put(sample, "coupon", sample_coupon(sample, programme));
	put(sample, "public_link",
	    policy->feedback.off || !policy->feedback.public_link[0]
		? "https://reviews.example/shop"
		: policy->feedback.public_link);
}

void sample_fill(struct sample *sample, const struct policy *policy, const char *template,
		 const struct sample_person *person, int64_t now_ms)
{
	const struct programme *programme = programme_of(policy, template);

	nurture__v1__delivery_effect__init(&sample->effect);
	nurture__v1__dispatch__init(&sample->dispatch);
	nurture__v1__request__init(&sample->request);
	fill_data(sample, policy, programme, person);
	sample->request.id = (char *)(uintptr_t)SAMPLE_ID;
	sample->request.action = (char *)(uintptr_t) template;
	sample->request.message_class = (char *)(uintptr_t)class_of(policy, programme);
	sample->request.data = sample->data_pointers;
	sample->dispatch.id = (char *)(uintptr_t)SAMPLE_ID;
	sample->dispatch.request = &sample->request;
	sample->dispatch.name = (char *)(uintptr_t)person->name;
	sample->dispatch.locale = (char *)(uintptr_t)person->locale;
	sample->dispatch.email = (char *)(uintptr_t)person->email;
	sample->dispatch.granted_ms = now_ms;
	sample->effect.id = (char *)(uintptr_t)SAMPLE_ID;
	sample->effect.intended_ms = now_ms;
	sample->effect.dispatch = &sample->dispatch;
}
