/*
 * policy.h - the shop's policy file, checked and ready to be asked.
 *
 * One YAML file says what the shop wants; every service reads the same file
 * and its hash stands on every outcome.  policy_load() reads the whole text,
 * refuses everything it does not know with file, line and what was expected,
 * and returns an immutable tree of plain structs.  After that nothing here
 * allocates, reads a clock or fails.
 *
 * Units: times of day in minutes since local midnight, durations in ms, money
 * in ten-thousandths.  Lists are arrays with a count.  All strings are the
 * policy's and NUL-terminated; "" where the file says nothing.
 */
#ifndef NURTURE_POLICY_POLICY_H
#define NURTURE_POLICY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/civil.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/base/zone.h"
#include "common/forecast/forecast.h"

#define CHANNELS(X) X(EMAIL, "email") X(TASK, "task") X(EXTERNAL, "external")
enum channel {
#define X(name, text) CHANNEL_##name,
	CHANNELS(X)
#undef X
	    CHANNEL_COUNT
};
/* Reads a channel; -1 when the text is none of them. */
int channel_from_text(struct slice text);
const char *channel_text(enum channel channel);

enum {
	POLICY_CLASSES_MAX = 64, /* a set of classes is a uint64_t */
	NO_CLASS = -1,
};
#define ALL_CLASSES UINT64_MAX

struct shop {
	const char *name;
	const char *time_zone; /* known to be a zone */
	const char *country;   /* "" or alpha-2 */
	const char *currency;  /* "" or ISO 4217: only orders in it count as spent */
	const char *sender;    /* "Name <address>", as in the file */
	const char *sender_name, *sender_address;
	const char *postal_address;
	const char *website; /* https, no trailing '/'; "" */
	/* no trailing '/'; for links in mails; default http://localhost:8084 */
	const char *public_url;
};

/* A text for people, in one or several languages; count 0: the file has none. */
struct wording_text {
	const char *language; /* "de", "de-AT"; "": whatever the language */
	const char *text;
};
struct wording {
	struct wording_text *texts;
	unsigned count;
};

struct message_class {
	const char *name;
	struct wording title, about; /* on people's own page: what it is called, and one sentence */
	bool needs_consent;          /* default true; transactional: false */
	bool holds_on_open_case;     /* default false */
	bool skips_just_bought; /* default holds_on_open_case: never about a category just bought */
	bool in_doubt_resend;   /* default: !needs_consent */
	bool quiet_hours;       /* default: needs_consent */
};

/*
 * A cap: at most `limit` sends in any window of window_ms, counting sends s
 * with now - window_ms < s <= now.  A min_gap of g is limit 1 per g.
 */
struct cap {
	const char *name;
	bool is_min_gap;   /* written as min_gap: only how it is named in reasons */
	int64_t limit;     /* 0: none at all */
	int64_t window_ms; /* 1 s to 400 d */
	uint64_t classes;  /* bit set over policy.classes; default all that need consent */
	uint32_t channels; /* bit set of enum channel; default email and external */
	const char *programme, *category; /* "" = any; else the rule counts and binds only these */
	bool counts_exempt;               /* default true: exempt messages are counted */
};

struct quiet_hours {
	bool off;
	int from_min, to_min; /* may wrap midnight: 21:00 to 08:00; from == to is an error */
};

/* A local day on which nothing is sent that keeps quiet hours. */
enum quiet_day_kind { QUIET_WEEKDAY, QUIET_YEARLY, QUIET_DATE };
struct quiet_day {
	enum quiet_day_kind kind;
	int weekday;          /* WEEKDAY: 1 Monday to 7 Sunday */
	int year, month, day; /* YEARLY: month and day; DATE: all three */
};

/* Local times of day inside which a message goes out; all day when to_min is 0. */
struct send_window {
	int from_min, to_min; /* from <= t < to, to may be 1440; never wraps midnight */
};

/*
 * `clicks`: are the links of mails led through our pages, to know who follows them?  What a person says
 * of it is consent to CONSENT_CLICKS.
 */
enum clicks { CLICKS_OFF, CLICKS_COUNTED, CLICKS_WITH_CONSENT };
#define CONSENT_CLICKS "clicks"

/* `send_time`: how `send_at: best` finds a person's hour. */
struct send_time {
	int fallback_min; /* begin of the window for people of whom nothing is known; default 10:00 */
	int window_min;   /* length of every window; default 2 h */
	/* Opens, clicks and orders needed before an hour is believed; default 3. */
	unsigned evidence;
};

struct category_window {
	const char *category;
	int64_t window_ms;
};

/* Who bought `category` counts as having bought each of `related` as well. */
struct related_categories {
	const char *category;
	const char **related;
	unsigned related_count;
};

struct just_bought {
	bool off;
	int64_t default_ms;
	struct category_window *categories;
	unsigned category_count;
	struct related_categories *related;
	unsigned related_count;
};

enum condition_kind {
	CONDITION_ALL,
	CONDITION_ANY,
	CONDITION_NOT,
	CONDITION_SEGMENT,          /* text: segment name, index in `segment` */
	CONDITION_ORDERS,           /* range over the number of kept orders */
	CONDITION_SPENT,            /* range over e4 */
	CONDITION_DAYS_SINCE_ORDER, /* range in ms, or over_usual_gap */
	CONDITION_ORDER_AMOUNT,     /* range over e4 of the triggering order */
	CONDITION_BOUGHT,           /* text: a category, ever bought */
	CONDITION_STAGE,            /* text: prospect, new, active, loyal, slipping or lapsed */
	CONDITION_COUNTRY,          /* text: alpha-2 */
	CONDITION_SCORE,            /* range over the score of the triggering feedback */
	CONDITION_CUSTOMER_FOR,     /* range in ms since the first kept order */
	CONDITION_ORDER_CATEGORY,   /* text: a category of the triggering order */
	CONDITION_CHANNEL,          /* text: how the triggering interaction was */
	CONDITION_SINCE_BOUGHT,     /* text: a category; range in ms since it was last bought */
	CONDITION_EXPECTED_ORDERS,  /* range over e4 of the orders expected within `within_ms` */
	CONDITION_EXPECTED_VALUE,   /* the same of money */
	CONDITION_RFM,              /* text: the name of `group` */
};

struct range {
	bool has_min, has_max; /* inclusive */
	int64_t min, max;
};

struct condition {
	enum condition_kind kind;
	struct condition *children; /* ALL, ANY, NOT (one) */
	unsigned child_count;
	const char *text;
	unsigned segment;
	struct range range;
	uint32_t over_usual_gap_permille; /* 2.0 -> 2000; 0: the range counts */
	int64_t within_ms;                /* EXPECTED_*: from now on */
	enum rfm_group group;             /* RFM */
};

struct segment {
	const char *name;
	struct condition condition;
};

enum trigger_kind { TRIGGER_EVENT, TRIGGER_ENTER, TRIGGER_DATE };
enum date_kind {
	DATE_BIRTHDAY,
	DATE_FIRST_ORDER,
	DATE_YEARLY,
	DATE_ONCE,
	DATE_ORDER_STARTS,
	DATE_ORDER_ENDS, /* of each order that has it */
};

struct trigger {
	enum trigger_kind kind;
	const char *event;   /* EVENT: "order.placed" */
	unsigned segment;    /* ENTER */
	enum date_kind date; /* DATE: customer.birthday, order.starts_at, "MM-DD", ... */
	int month, day;      /* DATE_YEARLY, DATE_ONCE */
	int year;            /* DATE_ONCE */
	int at_min;          /* DATE: local time of day, default 09:00 */
	/*
	 * DATE_ORDER_*: so long after the order's instant, less than 0 for before.  With has_at
	 * it is at at_min on the day of that instant, by the shop's clock: that is where a stay is.
	 */
	int64_t offset_ms;
	bool has_at;
};

/* Does the trigger count from an order's date? */
static inline bool trigger_is_order_date(const struct trigger *trigger)
{
	return trigger->kind == TRIGGER_DATE &&
	       (trigger->date == DATE_ORDER_STARTS || trigger->date == DATE_ORDER_ENDS);
}

/* A date of the calendar or of the person's own, which no order has. */
static inline bool trigger_has_no_order(const struct trigger *trigger)
{
	return trigger->kind == TRIGGER_DATE && !trigger_is_order_date(trigger);
}

/* Is it due at one time of day, at_min? */
static inline bool trigger_has_time(const struct trigger *trigger)
{
	return trigger->kind == TRIGGER_DATE &&
	       (!trigger_is_order_date(trigger) || trigger->has_at);
}

/* Actions of tasks that need to know more of the person than a name. */
#define TASK_PHONE_CALL "phone-call"
#define TASK_LETTER "letter"

struct action {
	enum channel channel;
	const char *name; /* template, task */
};

/* Where the codes of an offer come from. */
enum coupon_kind { COUPON_POOL, COUPON_SIGNED };
struct coupon {
	const char *name;
	enum coupon_kind kind;
	const char *file;   /* POOL: one code a line; relative to the policy's directory */
	const char *prefix; /* SIGNED: "BACK" gives BACK-7KQ2M9XT; default the name in capitals */
	unsigned length;    /* SIGNED: characters after the prefix, 8 to 20; default 10 */
};

/* One arm of an A/B test; what it leaves out is as in the programme. */
struct variant {
	const char *name;
	uint32_t share_permille;     /* of those who are not held out; all arms together 1000 */
	const char *email;           /* another template, or "" */
	const char *coupon;          /* another fixed text, or "" */
	const struct coupon *source; /* or another source of codes; NULL */
};

enum send_at_kind { SEND_AT_ANY, SEND_AT_TIME, SEND_AT_BEST };

/* Programmes whose waiting mails go out as one; all of one class and equally exempt. */
struct merge_group {
	const char *name; /* names of the programmes, joined by "+"; of many "first+9 more" */
	const char **programmes;
	unsigned programme_count;
};

/* `addresses`: whom a mail is from and whom an answer reaches; the first that fits. */
struct address_rule {
	int segment;                              /* index, or -1: any */
	int message_class;                        /* index, or -1: any */
	const char *sender_name, *sender_address; /* "" : the shop's */
	const char *reply_name, *reply_address;   /* "" : none */
};

struct programme {
	const char *name, *owner;
	struct wording title; /* what people read on their own page while it waits for them */
	struct trigger trigger;
	bool has_condition;
	struct condition condition; /* `if` */
	int64_t wait_ms;
	struct action *actions; /* `email: x` / `task: x` alone are one action */
	unsigned action_count;
	unsigned message_class; /* index */
	int priority;           /* 0 to 100, default 50 */
	int64_t expires_ms;     /* after due; default 30 d */
	const char **cancel_on; /* event types */
	unsigned cancel_count;
	uint32_t holdout_permille;
	const char *coupon;          /* of `offer`: a fixed text, or "" */
	const struct coupon *source; /* of `offer`: codes, each for one person; or NULL */
	int64_t value_e4;    /* what one message is worth; between equal priorities the higher goes
				first; default 0 */
	bool value_is_order; /* `value: order`: the amount of the triggering order instead */
	const struct merge_group *merge; /* or NULL */
	enum send_at_kind send_at;
	struct send_window send_window; /* SEND_AT_TIME */
	struct variant *variants;       /* none: everybody is told the same */
	unsigned variant_count;
	/* set off in its place when its category was just bought; or NULL */
	const struct programme *instead;
	const char *category; /* "" or what it is about; "order": that of the triggering order */
	bool exempt;
	int64_t again_after_ms; /* once per this long and customer; 0: every time. Default 0 for
				   events, 365 d for enter */
};

struct rung {
	const char *name; /* of rung.h */
	int64_t gap_ms;
};

struct feedback {
	bool off; /* no `feedback:` in the file */
	int64_t wait_ms;
	struct category_window *categories;
	unsigned category_count;
	int64_t remind_after_ms;
	unsigned reminders;
	struct rung *ladder;
	unsigned rung_count;
	unsigned message_class;  /* "feedback" unless `class:` says */
	int priority;            /* default 50 */
	int64_t expires_ms;      /* default 21 d */
	int low_score;           /* a score of at most this opens a task; default 2 */
	const char *low_task;    /* default "phone-call" */
	const char *owner;       /* default "care" */
	const char *public_link; /* the same for every score; "" */
};

#define CASE_LATE_DEFAULT_MS (30 * DAY_MS)

/* An open case holds nothing any more so long after it was opened, though nobody closed it. */
struct case_ends {
	int64_t late_ms, return_ms, complaint_ms; /* 30 d, 60 d, 90 d */
	int64_t interaction_ms; /* of the last one that was recorded; 0: none holds anything */
};

struct policy {
	const char *file;
	char hash[17]; /* 16 hex digits over the text, and over the model's when it has a file */
	const struct forecast *model; /* what was learnt of the customers; NULL: nothing */
	struct shop shop;
	struct message_class *classes;
	unsigned class_count;
	struct cap *caps;
	unsigned cap_count;
	bool caps_off; /* `caps: off` */
	/* over all classes, email and external; exempt or not. 20 per 1d; off: INT64_MAX */
	struct cap ceiling;
	struct quiet_hours quiet_hours;
	struct quiet_day *quiet_days; /* none by default */
	unsigned quiet_day_count;
	enum clicks clicks; /* default off */
	struct send_time send_time;
	struct just_bought just_bought;
	struct coupon *coupons;
	unsigned coupon_count;
	struct merge_group *merges;
	unsigned merge_count;
	struct address_rule *addresses;
	unsigned address_count;
	struct segment *segments;
	unsigned segment_count;
	struct programme *programmes;
	unsigned programme_count;
	struct feedback feedback;
	const struct tag *tags; /* tags.h: what customers say may be tagged with */
	unsigned tag_count;
	bool has_calls, has_letters; /* some task is TASK_PHONE_CALL, TASK_LETTER */
	const struct desk *desk;     /* desk.h; always there */
	struct case_ends cases;
	int64_t settle_ms;         /* wall clock only; default 2 s */
	uint32_t holdout_permille; /* overall; default 0 */
	struct {
		int64_t first_ms, max_ms;
		unsigned attempts;
	} retry; /* of mail: 15m, 6h, 12 */
	/* What is legal and surely not meant: "shop.yaml:12: segments.vip: ..."; for people. */
	const char **warnings;
	unsigned warning_count;
	const struct zones *zones; /* borrowed */
	const struct zone *shop_zone;
	void *memory; /* private */
};

/*
 * text is the whole file; file is its name for messages.  templates is a
 * NULL-terminated list of template names that exist, or NULL: not checked.
 * zones must outlive the policy.  Error text: "shop.yaml:12: caps[1].per: ...".
 */
int policy_load(struct slice text, const char *file, const struct zones *zones,
		const char *const *templates, struct policy **ret, struct err *err);
/* A file that belongs to the policy: what is in it, and its name for messages. */
struct policy_part {
	struct slice text;
	const char *file;
};
/* The same with the text of the model file that the policy names; NULL: it was not read. */
int policy_load_with(struct slice text, const char *file, const struct policy_part *model,
		     const struct zones *zones, const char *const *templates, struct policy **ret,
		     struct err *err);
/*
 * The name of the model file that the policy in text names, at the most POLICY_MODEL_NAME_MAX bytes
 * and without a slash, into ret; "" when it names none, or is no policy, as policy_load() will say.
 */
enum { POLICY_MODEL_NAME_MAX = 64 };
void policy_model_name(struct slice text, char ret[POLICY_MODEL_NAME_MAX + 1]);
void policy_free(struct policy *policy);

/* Index or -1. */
int policy_class(const struct policy *policy, struct slice name);
/*
 * May consent to it decide anything: is it a class of the policy, or "all", or CONSENT_CLICKS where
 * clicks are counted?
 */
bool policy_knows_consent(const struct policy *policy, const char *class_name);
const struct programme *policy_programme(const struct policy *policy, struct slice name);
/* In that language, or a wider one, or the first there is; "" when there is none. */
const char *policy_wording(const struct wording *wording, struct slice locale);
/* How long a category counts as just bought; 0 when switched off. */
int64_t policy_just_bought_ms(const struct policy *policy, struct slice category);
/* The longest window of any cap and the ceiling: how long a ledger must remember. */
int64_t policy_longest_window_ms(const struct policy *policy);

#endif
