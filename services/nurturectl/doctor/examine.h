/* examine.h - the parts of an examination that have a file of their own; private to doctor/. */
#ifndef NURTURE_NURTURECTL_DOCTOR_EXAMINE_H
#define NURTURE_NURTURECTL_DOCTOR_EXAMINE_H

#include "common/policy/policy.h"
#include "findings.h"
#include "services/nurturectl/settings.h"

/*
 * The stateful services by their groups; one that is behind is looked at twice.  has_desk: the
 * policy has one.
 */
void examine_services(const struct settings *settings, bool has_desk, int64_t look_ms,
		      struct findings *findings);

/* What was set aside: how much, and why the newest of it. */
void examine_dead_letters(const struct settings *settings, struct findings *findings);

/* name: of a topic, without the prefix, that the brokers stamp. */
void examine_broker_clock(const struct settings *settings, const char *name,
			  struct findings *findings);

/* addresses as in doctor.h. policy may be NULL. ERR_CONFIG: one of them is none. */
int examine_instances(const char *addresses, const struct policy *policy, struct findings *findings,
		      struct err *err);

#endif
