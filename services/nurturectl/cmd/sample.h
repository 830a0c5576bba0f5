/*
 * sample.h - a mail that nobody is going to get: a delivery with a value for
 * everything that a template may ask for.
 */
#ifndef NURTURE_NURTURECTL_CMD_SAMPLE_H
#define NURTURE_NURTURECTL_CMD_SAMPLE_H

#include "common/policy/policy.h"
#include "nurture/v1/delivery.pb-c.h"

enum { SAMPLE_DATA_MAX = 32 };

struct sample {
	Nurture__V1__DeliveryEffect effect;
	Nurture__V1__Dispatch dispatch;
	Nurture__V1__Request request;
	Nurture__V1__Datum data[SAMPLE_DATA_MAX], *data_pointers[SAMPLE_DATA_MAX];
	char coupon[80];
};

/* Who it is for, and about which order. */
struct sample_person {
	const char *customer, *name, *email, *locale;
	const char *order, *amount, *product;
};
extern const struct sample_person sample_ann;

/*
 * The class, priority and coupon are those of the programme that sends this
 * template.  Everything is borrowed.
 */
void sample_fill(struct sample *sample, const struct policy *policy, const char *template,
		 const struct sample_person *person, int64_t now_ms);

#endif
