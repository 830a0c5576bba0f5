/*
 * known_words.h - texts that most states hold, each with its number for ever.
 *
 * States hold these numbers: none may be changed or used again, and a build that does not know a
 * number refuses the state.  A new text gets the next free number (the last one is
 * KNOWN_WORD_LAST); the list is in the order of the texts (strcmp), so that it can be searched.
 * They are the words of the protocol and those that our own policies use; any other text stands in
 * the state itself.
 */
#ifndef NURTURE_MESSAGE_KNOWN_WORDS_H
#define NURTURE_MESSAGE_KNOWN_WORDS_H

enum { KNOWN_WORD_LAST = 63 };

/* X(number, text) */
/* clang-format off */
#define KNOWN_WORDS(X)                                                                             \
	X(1, "all")                                                                                \
	X(2, "birthday")                                                                           \
	X(3, "care")                                                                               \
	X(4, "category")                                                                           \
	X(5, "ceiling")                                                                            \
	X(6, "coupon")                                                                             \
	X(7, "email")                                                                              \
	X(8, "event")                                                                              \
	X(9, "external")                                                                           \
	X(10, "feedback")                                                                          \
	X(11, "feedback-event")                                                                    \
	X(12, "feedback-rating")                                                                   \
	X(13, "feedback-referral")                                                                 \
	X(14, "feedback-reminder")                                                                 \
	X(15, "feedback-review")                                                                   \
	X(16, "feedback-testimonial")                                                              \
	X(17, "first_order")                                                                       \
	X(18, "gift-basket")                                                                       \
	X(19, "growth")                                                                            \
	X(20, "guest-relations")                                                                   \
	X(21, "look_ahead")                                                                        \
	X(22, "month")                                                                             \
	X(23, "open_case")                                                                         \
	X(24, "order.amount")                                                                      \
	X(25, "order.ends")                                                                        \
	X(26, "order.id")                                                                          \
	X(27, "order.product")                                                                     \
	X(28, "order.starts")                                                                      \
	X(29, "orders")                                                                            \
	X(30, "own_allowance")                                                                     \
	X(31, "page")                                                                              \
	X(32, "paused")                                                                            \
	X(33, "phone-call")                                                                        \
	X(34, "promotion")                                                                         \
	X(35, "public_link")                                                                       \
	X(36, "quiet_days")                                                                        \
	X(37, "quiet_hours")                                                                       \
	X(38, "rating")                                                                            \
	X(39, "referral")                                                                          \
	X(40, "review")                                                                            \
	X(41, "score")                                                                             \
	X(42, "send_at")                                                                           \
	X(43, "service")                                                                           \
	X(44, "settle")                                                                            \
	X(45, "task")                                                                              \
	X(46, "testimonial")                                                                       \
	X(47, "thanks")                                                                            \
	X(48, "tips")                                                                              \
	X(49, "transactional")                                                                     \
	X(50, "we-miss-you")                                                                       \
	X(51, "week")                                                                              \
	X(52, "welcome-back")                                                                      \
	X(53, "win-back")                                                                          \
	X(54, "years")
/* clang-format on */

#endif
