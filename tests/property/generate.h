/* generate.h - the parts of a case from its random numbers. */
#ifndef NURTURE_TESTS_GENERATE_H
#define NURTURE_TESTS_GENERATE_H

#include "case.h"

/* unit_ms and begin_ms of the case must be set. */
void make_policy(struct test_case *c, uint64_t *r, const struct zones *zones);

#endif
