/*
 * acls.h - what each program may do on a Kafka with ACLs: no less works, and no more is needed.
 *
 * tests/secure.py runs every service with its rows, and sees it fail without any
 * one of them.
 */
#ifndef NURTURE_NURTURECTL_DOCTOR_ACLS_H
#define NURTURE_NURTURECTL_DOCTOR_ACLS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/io/kafka/acl_list.h"
#include "services/nurturectl/settings.h"

/* One right that a program needs. */
struct acl_need {
	const char *program;
	enum acl_resource resource;
	const char *name; /* behind NURTURE_TOPIC_PREFIX */
	bool is_prefixed; /* also what begins with the name */
	char operation[24];
};

/* Calls take() with each of them, of one program after the other. Returns how many. */
size_t acls_each(void (*take)(void *context, const struct acl_need *need), void *context);

/* The commands of Kafka's own kafka-acls.sh, on stdout; users are named as their program. */
void acls_print(const struct settings *settings);

#endif
