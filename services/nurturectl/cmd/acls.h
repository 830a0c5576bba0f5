/*
 * acls.h - what each program may do on a Kafka with ACLs: no less works, and no more is needed.
 *
 * tests/secure.py runs every service with its rows, and sees it fail without any
 * one of them.
 */
#ifndef NURTURE_NURTURECTL_CMD_ACLS_H
#define NURTURE_NURTURECTL_CMD_ACLS_H

#include "services/nurturectl/settings.h"

/* The commands of Kafka's own kafka-acls.sh, on stdout; users are named as their program. */
void acls_print(const struct settings *settings);

#endif
