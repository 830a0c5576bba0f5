/*
 * mail_words.h - the names that a template may use, and which mails can say
 * something for them.  Pure.
 *
 * The one list: the segmenter and the solicitor send data under these names,
 * the email-sender fills templates with them, and `nurturectl check` asks
 * whether a template waits for what its programme never brings.
 */
#ifndef NURTURE_POLICY_MAIL_WORDS_H
#define NURTURE_POLICY_MAIL_WORDS_H

#include "policy.h"

/* X(enum, name, who brings it) */
#define MAIL_WORDS(X)                                                                              \
	X(CUSTOMER_NAME, "customer.name", EVERY)                                                   \
	X(CUSTOMER_FIRST_NAME, "customer.first_name", EVERY) /* empty when it is not known */      \
	X(SHOP_NAME, "shop.name", EVERY)                                                           \
	X(SHOP_POSTAL_ADDRESS, "shop.postal_address", EVERY)                                       \
	X(SHOP_EMAIL, "shop.email", EVERY) /* where an answer goes */                              \
	X(SHOP_WEBSITE, "shop.website", WEBSITE)                                                   \
	X(SUBJECT, "subject", EVERY)         /* not in a subject itself */                         \
	X(UNSUBSCRIBE, "unsubscribe", EVERY) /* a link; empty without need of consent */           \
	X(PREFERENCES, "preferences_url",                                                          \
	  EVERY) /* a link to the person's own page; in every mail */                              \
	X(ALSO, "also",                                                                            \
	  EVERY) /* a list: the merged parts of this mail; not in a block or subject */            \
	X(HTML, "html", EVERY) /* of one of them, and its text */                                  \
	X(TEXT, "text", EVERY)                                                                     \
	X(CATEGORY, "category", CATEGORY) /* of the goods that it is about */                      \
	X(RELATED, "related", RELATED) /* what goes with it, by the model, and was never bought */ \
	X(ORDER_ID, "order.id", ORDER)                                                             \
	X(ORDER_AMOUNT, "order.amount", ORDER_FACT)                                                \
	X(ORDER_PRODUCT, "order.product", EVENT_ORDER)                                             \
	X(ORDER_STARTS, "order.starts", ORDER_FACT) /* a day: when a stay begins, if it is one */  \
	X(ORDER_ENDS, "order.ends", ORDER_FACT)                                                    \
	X(COUPON, "coupon", OFFER)                                                                 \
	X(ORDERS, "orders", PROGRAMME)                                                             \
	X(FIRST_ORDER, "first_order", PROGRAMME)                                                   \
	X(YEARS, "years", PROGRAMME)                                                               \
	X(PAGE, "page", FEEDBACK)                                                                  \
	X(PUBLIC_LINK, "public_link", PUBLIC_LINK)                                                 \
	X(SCORE, "score", SCORE)

enum mail_word {
#define X(name, text, source) MAIL_##name,
	MAIL_WORDS(X)
#undef X
	    MAIL_WORD_COUNT
};

/* By enum mail_word; NULL at the end. */
extern const char *const mail_words[];

/* Finds a word by its name; MAIL_WORD_COUNT when there is none of that name. */
enum mail_word mail_word_find(struct slice name);

/*
 * Why a word is always empty in the mails of a programme (of this arm, or
 * NULL), or of the feedback rules (programme NULL), and what to do about it;
 * NULL when it may say something.
 */
const char *mail_word_missing(const struct policy *policy, const struct programme *programme,
			      const struct variant *variant, enum mail_word word);

#endif
