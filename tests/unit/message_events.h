/* message_events.h - events that must be taken, for the tests of reading, peeking and round
 * trips. */
#ifndef NURTURE_TESTS_WIRE_EVENTS_H
#define NURTURE_TESTS_WIRE_EVENTS_H

#define AT "\"time\":\"2026-03-01T12:00:00Z\""
#define EVENT(type, rest)                                                                          \
	"{\"id\":\"e\",\"type\":\"" type "\"," AT ",\"customer\":{\"id\":\"ann\"}" rest "}"
#define CUSTOMER(rest)                                                                             \
	"{\"id\":\"e\",\"type\":\"customer.updated\"," AT ",\"customer\":{\"id\":\"ann\"," rest "}}"
#define PLACED(rest) EVENT("order.placed", ",\"order\":{\"id\":\"17\"," rest "}")
#define PREFERS(rest) EVENT("preferences.changed", ",\"preferences\":{" rest "}")

static const char *const good[] = {
    EVENT("x", ""),
    "\r\n\t " EVENT("app.opened-2_x", ",\"extra\":{\"a\":[1,2,{\"b\":null}]}") " \n",
    EVENT("order.placed", ",\"order\":{\"id\":\"17\"}"),
    PLACED("\"amount\":\"12.5\",\"currency\":\"CLF\",\"items\":[{\"sku\":\"a\",\"quantity\":"
	   "4294967295,"
	   "\"price\":\"-0.0001\",\"category\":\"tents\",\"name\":\"Zelt "
	   "\\u00e9\\ud83d\\ude00\"},{}]"),
    PLACED("\"amount\":null,\"items\":[]"),
    CUSTOMER("\"email\":\"ann@example.com\",\"time_zone\":\"America/Argentina/Buenos_Aires\","
	     "\"country\":\"GB\",\"locale\":\"zh-Hant-TW\",\"birthday\":\"--02-29\",\"name\":"
	     "\"Ann\\\"\""),
    CUSTOMER("\"email\":\"\",\"birthday\":\"1980-02-29\",\"consent\":{\"promotion\":true,"
	     "\"all\":false}"),
    EVENT("feedback.received", ",\"feedback\":{\"score\":5,\"comment\":\"a\\nb\"}"),
    EVENT("customer.merged", ",\"merge\":{\"into\":\"bob\"}"),
    EVENT("complaint.opened", ",\"case\":{\"id\":\"9\"}"),
    EVENT("complaint.closed", ",\"order\":{\"id\":\"17\"}"),
    EVENT("return.opened", ",\"case\":{\"id\":\"4\",\"order\":\"17\",\"reason\":\"too small\"}"),
    EVENT("message.bounced", ",\"message\":{\"id\":\"s\",\"kind\":\"hard\",\"class\":\"care\"}"),
    EVENT("message.clicked", ",\"message\":{\"kind\":\"footer\"}"),
    EVENT("message.unsubscribed", ""),
    EVENT("coupon.redeemed", ",\"coupon\":{\"code\":\"BACK10\"}"),
    EVENT("referral.made", ",\"referral\":{\"customer\":\"bob\"}"),
    PREFERS(""),
    PREFERS("\"paused_until\":null"),
    PREFERS(
	"\"paused_until\":\"2026-05-01T00:00:00+02:00\",\"allowances\":[{\"limit\":1,\"days\":30},"
	"{\"limit\":0,\"days\":1},{\"limit\":1000,\"days\":400},{\"limit\":2,\"days\":7}]"),
    EVENT("task.done", ",\"task\":{\"id\":\"t\",\"result\":\"called\"}"),
    EVENT("task.claimed", ",\"task\":{\"id\":\"t\",\"by\":\"sam\"}"),
    EVENT("task.snoozed", ",\"task\":{\"id\":\"t\",\"until\":\"2026-03-04T08:00:00+01:00\"}"),
    EVENT("interaction.recorded",
	  ",\"interaction\":{\"channel\":\"call\",\"words\":\"a\\nb\"},\"by\":\"sam\""),
    EVENT("task.failed", ",\"task\":{\"id\":\"t\",\"result\":\"no_answer\",\"by\":\"sam\"}"),
};

#endif
