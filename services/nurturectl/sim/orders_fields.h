/* orders_fields.h - what the fields of a row say: times, amounts, words; orders_row.c's ground. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_FIELDS_H
#define NURTURE_NURTURECTL_SIM_ORDERS_FIELDS_H

#include "common/base/civil.h"
#include "orders_row.h"
#include "services/nurturectl/exports/amount.h"

/* Says "FILE:LINE: COLUMN: expected ..., found ..."; returns -1. */
int field_complain(struct orders_reader *reader, enum column column, struct slice found,
		   const char *expected, struct err *err);

/* The same, and behind it what mends it. */
int field_complain_cure(struct orders_reader *reader, enum column column, struct slice found,
			const char *expected, const char *cure, struct err *err);

/* Of the order: of its lines the first that says something. */
struct slice field(const struct orders_reader *reader, enum column column);
char *field_text(const struct orders_reader *reader, enum column column);
/* Of one of its lines. */
struct slice field_of_line(const struct orders_reader *reader, size_t line, enum column column);
/* Before the words of --columns; for messages. */
struct slice field_raw(const struct orders_reader *reader, enum column column);
bool field_exists(const struct orders_reader *reader, enum column column);

/* The field must not be empty. */
int field_time(struct orders_reader *reader, enum column column, int64_t *ret_ms, struct err *err);
/* A day as in --time-format or ISO 8601; what stands behind it does not count. */
bool field_date(const struct orders_reader *reader, struct slice text, struct civil_date *ret);
/* An amount of a field that is not empty, with its ten-thousandths. */
int field_amount(struct orders_reader *reader, enum column column, struct slice text,
		 struct amount *ret, int64_t *ret_e4, struct err *err);
/* true, yes, 1 and the like: 1; false, no, 0 and the like: 0. */
int field_yes(struct orders_reader *reader, enum column column, struct slice text, bool *ret,
	      struct err *err);

#endif
