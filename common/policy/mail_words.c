/* mail_words.c - see mail_words.h. */
#include "mail_words.h"

const char *const mail_words[] = {
#define X(name, text, source) text,
    MAIL_WORDS(X)
#undef X
	NULL};

enum source {
	EVERY,
	WEBSITE,
	CATEGORY,
	RELATED,
	ORDER,
	ORDER_FACT,
	EVENT_ORDER,
	OFFER,
	PROGRAMME,
	FEEDBACK,
	PUBLIC_LINK,
	SCORE
};

static const enum source sources[] = {
#define X(name, text, source) source,
    MAIL_WORDS(X)
#undef X
};

enum mail_word mail_word_find(struct slice name)
{
	unsigned word = 0;

	while (word < MAIL_WORD_COUNT && !slice_equal(name, slice_text(mail_words[word])))
		word++;
	return (enum mail_word)word;
}

static bool has_offer(const struct programme *programme, const struct variant *variant)
{
	return programme->coupon[0] || programme->source ||
	       (variant && (variant->coupon[0] || variant->source));
}

static const char *missing_in_programme(const struct programme *programme,
					const struct variant *variant, enum source source)
{
	switch (source) {
	case EVERY:
	case WEBSITE:
	case PROGRAMME:
		return NULL;
	case RELATED:
	case CATEGORY:
		return programme->category[0] ? NULL : "it is about no category; expected category";
	case OFFER:
		return has_offer(programme, variant) ? NULL : "it has no offer; expected offer";
	case EVENT_ORDER:
		if (trigger_is_order_date(&programme->trigger))
			return "only an event says it; expected on: EVENT";
		/* fall through */
	case ORDER:
	case ORDER_FACT:
		if (!trigger_has_no_order(&programme->trigger))
			return NULL;
		return "a date has no order; expected on: EVENT";
	case SCORE:
		if (programme->trigger.kind != TRIGGER_DATE)
			return NULL;
		return "a date has no score; expected on: feedback.received";
	case FEEDBACK:
	case PUBLIC_LINK:
		break;
	}
	return "only requests for feedback have it; expected another word";
}

static const char *missing_in_feedback(const struct policy *policy, enum source source)
{
	if (source == EVERY || source == WEBSITE || source == ORDER || source == FEEDBACK)
		return NULL;
	if (source != PUBLIC_LINK)
		return "requests for feedback do not have it; expected another word";
	return policy->feedback.public_link[0]
		   ? NULL
		   : "feedback has no public_link; expected public_link";
}

const char *mail_word_missing(const struct policy *policy, const struct programme *programme,
			      const struct variant *variant, enum mail_word word)
{
	if (sources[word] == WEBSITE && !policy->shop.website[0])
		return "the shop has no website; expected shop.website";
	if (sources[word] == RELATED && !policy->model)
		return "the policy has no model; expected model";
	if (!programme)
		return missing_in_feedback(policy, sources[word]);
	return missing_in_programme(programme, variant, sources[word]);
}
