/*
 * value.h - texts of the policy file as numbers, times, names and choices.
 *
 * Each refuses what is not exactly the thing, saying what was expected and
 * what was found.  *ret is untouched on failure.
 */
#ifndef NURTURE_POLICY_FILE_VALUE_H
#define NURTURE_POLICY_FILE_VALUE_H

#include "document.h"

#include "common/base/civil.h"

#define DURATION_MAX_MS (400 * DAY_MS)
#define LONG_DURATION_MAX_MS (36500 * DAY_MS) /* of what is years ago */

/* 1 to 200 bytes. */
int value_text(const struct node *node, const char **ret, struct err *err);
/* 1 to 64 letters, digits, '-', '_' and '.', not beginning with '.' or '-'. */
int value_name(const struct node *node, const char **ret, struct err *err);
/* The same rule for a key. */
int value_key_name(const struct node *node, struct err *err);
/* true or false, without quotes. */
int value_bool(const struct node *node, bool *ret, struct err *err);
/* The plain word off (or false). */
bool value_is_off(const struct node *node);
int value_int(const struct node *node, int64_t min, int64_t max, int64_t *ret, struct err *err);
int value_duration(const struct node *node, int64_t min_ms, int64_t max_ms, int64_t *ret_ms,
		   struct err *err);
/* "21:00" as minutes since midnight. */
int value_time_of_day(const struct node *node, int *ret_min, struct err *err);
/* "12-06": year 0; "02-29" is a day. */
bool value_is_month_day(const char *text, struct civil_date *ret);
/* "2026-11-20". */
bool value_is_day(const char *text, struct civil_date *ret);
/* "12.5%" as 125. */
int value_percent(const struct node *node, uint32_t *ret_permille, struct err *err);
/* "1000.00", not negative, as ten-thousandths. */
int value_money(const struct node *node, int64_t *ret_e4, struct err *err);
/* 2.0 as 2000; 0.1 to 100. */
int value_factor(const struct node *node, uint32_t *ret_permille, struct err *err);
/* ISO 3166-1 alpha-2 in capitals. */
int value_country(const struct node *node, const char **ret, struct err *err);
/* "http://..." or "https://..." with a host; a '/' at the end is taken off. */
int value_url(const struct node *node, struct arena *arena, const char **ret, struct err *err);
/*
 * The same, but https:// only: people follow it from their mail, so nobody on the way may read or
 * change what they see there.
 */
int value_https_url(const struct node *node, struct arena *arena, const char **ret,
		    struct err *err);
/* "Name <address>" or an address alone: the name is then "". */
int value_mailbox(const struct node *node, struct arena *arena, const char **ret_name,
		  const char **ret_address, struct err *err);
/* Which of the count candidates it is; `what` says what they are: "class", "event". */
int value_one_of(const struct node *node, const char *what, const char *const *candidates,
		 size_t count, unsigned *ret, struct err *err);

/* "did you mean ...?" or "expected one of: ..." for an error. */
struct value_suggestion {
	char text[230];
};
struct value_suggestion value_suggestion(const char *word, const char *const *candidates,
					 size_t count);

#endif
