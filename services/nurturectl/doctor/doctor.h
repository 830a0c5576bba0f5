/*
 * doctor.h - examines an installation from outside: Kafka, topics, rights, policy, Redis, clocks,
 * services, what was set aside.  Changes nothing.
 *
 * doctor.c asks, judge.h says what the answers mean, findings.h keeps it.
 */
#ifndef NURTURE_NURTURECTL_DOCTOR_DOCTOR_H
#define NURTURE_NURTURECTL_DOCTOR_DOCTOR_H

#include "findings.h"
#include "services/nurturectl/settings.h"

struct doctor_options {
	/* Base addresses of instances, "http://scheduler:8082", with commas between them; or NULL. */
	const char *instances;
	int64_t look_ms; /* how long a service that is behind is watched */
};

/*
 * What cannot be reached is a finding, and the rest is examined all the same.  -1 with ERR_CONFIG:
 * an option or a setting is none.
 */
int doctor_examine(struct settings *settings, const struct doctor_options *options,
		   struct findings *findings, struct err *err);

#endif
