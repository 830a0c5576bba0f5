/* hook_providers.c - what each provider's words mean, see hook.h. */
#include "hook_internal.h"

#include <stdio.h>
#include <strings.h>

#include "status.h"

/* Further kinds of a word: BY_CODE asks code and words, NOTHING is no bounce. */
enum { BY_CODE = -1, NOTHING = BOUNCE_NONE };

struct word {
	const char *word;
	int kind;
};

/* The last word of a table is NULL and stands for all others. */
static int meaning(const struct word *words, const char *word)
{
	while (words->word && strcasecmp(words->word, word) != 0)
		words++;
	return words->kind;
}

/*
 * The provider calls the failure permanent: its kind is what code and words say, but hard where
 * they say nothing.
 */
static enum bounce_kind permanent(const struct bounce *bounce, int reply)
{
	bool says_nothing = !bounce->status[0] && !reply && !bounce->text[0];

	return says_nothing ? BOUNCE_HARD : hook_classify(bounce, reply);
}

static enum bounce_kind kind_of(int kind, const struct bounce *bounce, int reply)
{
	return kind == BY_CODE ? permanent(bounce, reply) : (enum bounce_kind)kind;
}

static int number(const cJSON *object, const char *name)
{
	const cJSON *member = hook_member(object, name);

	if (cJSON_IsNumber(member))
		return member->valueint;
	return status_reply(slice_text(hook_text(object, name)));
}

/* https://documentation.mailgun.com: events `failed`, `complained` */
void hook_mailgun(const cJSON *event, struct bounce *ret)
{
	static const struct word reasons[] = {
	    {"suppress-bounce", BOUNCE_HARD},
	    {"suppress-complaint", NOTHING},
	    {"suppress-unsubscribe", NOTHING},
	    {"espblock", BOUNCE_POLICY},
	    {"greylisted", BOUNCE_POLICY},
	    {"old", BOUNCE_SOFT},
	    {NULL, BY_CODE},
	};
	const cJSON *inner = hook_member(event, "event-data");
	const cJSON *status = hook_member(inner, "delivery-status");
	const char *word = hook_text(inner, "event"), *text = hook_text(status, "message");

	hook_facts(ret, hook_text(inner, "recipient"), hook_text(status, "enhanced-code"),
		   text[0] ? text : hook_text(status, "description"));
	if (strcmp(word, "complained") == 0)
		ret->kind = BOUNCE_COMPLAINT;
	else if (strcmp(word, "failed") == 0 &&
		 strcmp(hook_text(inner, "severity"), "permanent") == 0)
		ret->kind = kind_of(meaning(reasons, hook_text(inner, "reason")), ret,
				    number(status, "code"));
}

/* https://postmarkapp.com/developer/api/bounce-api#bounce-types */
void hook_postmark(const cJSON *event, struct bounce *ret)
{
	static const struct word types[] = {
	    {"HardBounce", BY_CODE},
	    {"BadEmailAddress", BOUNCE_HARD},
	    {"ManuallyDeactivated", BOUNCE_HARD},
	    {"SoftBounce", BOUNCE_SOFT},
	    {"DnsError", BOUNCE_SOFT},
	    {"Undeliverable", BOUNCE_SOFT},
	    {"Blocked", BOUNCE_POLICY},
	    {"SpamNotification", BOUNCE_POLICY},
	    {"VirusNotification", BOUNCE_POLICY},
	    {"DMARCPolicy", BOUNCE_POLICY},
	    {"SMTPApiError", BOUNCE_POLICY},
	    {"SpamComplaint", BOUNCE_COMPLAINT},
	    {NULL, NOTHING},
	};
	const char *record = hook_text(event, "RecordType"), *details = hook_text(event, "Details");

	hook_facts(ret, hook_text(event, "Email"), "",
		   details[0] ? details : hook_text(event, "Description"));
	if (strcmp(record, "SpamComplaint") == 0)
		ret->kind = BOUNCE_COMPLAINT;
	else if (strcmp(record, "Bounce") == 0)
		ret->kind = kind_of(meaning(types, hook_text(event, "Type")), ret, 0);
}

/* https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
void hook_sendgrid(const cJSON *event, struct bounce *ret)
{
	static const struct word drops[] = {
	    {"Bounced Address", BOUNCE_HARD},
	    {"Invalid", BOUNCE_HARD},
	    {NULL, NOTHING},
	};
	const char *word = hook_text(event, "event");

	hook_facts(ret, hook_text(event, "email"), hook_text(event, "status"),
		   hook_text(event, "reason"));
	if (strcmp(word, "spamreport") == 0)
		ret->kind = BOUNCE_COMPLAINT;
	else if (strcmp(word, "dropped") == 0)
		ret->kind = (enum bounce_kind)meaning(drops, hook_text(event, "reason"));
	else if (strcmp(word, "bounce") == 0)
		ret->kind = permanent(ret, 0);
	/* "blocked" is what SendGrid calls a refusal that is not the address's fault. */
	if (strcmp(word, "bounce") == 0 && strcmp(hook_text(event, "type"), "blocked") == 0 &&
	    ret->kind == BOUNCE_HARD)
		ret->kind = BOUNCE_SOFT;
}

/* https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
static void ses_bounce(const cJSON *bounce, struct bounce *ret)
{
	static const struct word subtypes[] = {
	    {"MessageTooLarge", BOUNCE_POLICY},
	    {"ContentRejected", BOUNCE_POLICY},
	    {"AttachmentRejected", BOUNCE_POLICY},
	    {"MailboxFull", BOUNCE_SOFT},
	    {"Suppressed", BOUNCE_HARD},
	    {"OnAccountSuppressionList", BOUNCE_HARD},
	    {"NoEmail", BOUNCE_HARD},
	    {NULL, BY_CODE},
	};
	const cJSON *recipient = cJSON_GetArrayItem(hook_member(bounce, "bouncedRecipients"), 0);
	const char *type = hook_text(bounce, "bounceType");
	int kind = meaning(subtypes, hook_text(bounce, "bounceSubType"));

	hook_facts(ret, hook_text(recipient, "emailAddress"), hook_text(recipient, "status"),
		   hook_text(recipient, "diagnosticCode"));
	if (strcmp(type, "Permanent") == 0)
		ret->kind = kind_of(kind, ret, 0);
	else
		ret->kind = kind == BOUNCE_POLICY ? BOUNCE_POLICY : BOUNCE_SOFT;
}

void hook_ses(const cJSON *event, struct bounce *ret)
{
	const char *type = hook_text(event, "notificationType");
	const cJSON *complaint = hook_member(event, "complaint");
	const char *feedback = hook_text(complaint, "complaintFeedbackType");

	if (!type[0])
		type = hook_text(event, "eventType"); /* event publishing calls it so */
	if (strcmp(type, "Bounce") == 0)
		ses_bounce(hook_member(event, "bounce"), ret);
	if (strcmp(type, "Complaint") != 0)
		return;
	hook_facts(ret,
		   hook_text(cJSON_GetArrayItem(hook_member(complaint, "complainedRecipients"), 0),
			     "emailAddress"),
		   "", feedback);
	ret->kind = strcmp(feedback, "not-spam") == 0 ? BOUNCE_NONE : BOUNCE_COMPLAINT;
}

/* https://www.sparkpost.com/docs/deliverability/bounce-classification-codes/ */
static int sparkpost_class(const char *class)
{
	static const struct word classes[] = {
	    {"10", BOUNCE_HARD},   {"30", BOUNCE_HARD},   {"90", NOTHING},
	    {"20", BOUNCE_SOFT},   {"21", BOUNCE_SOFT},   {"22", BOUNCE_SOFT},
	    {"24", BOUNCE_SOFT},   {"40", BOUNCE_SOFT},   {"70", BOUNCE_SOFT},
	    {"23", BOUNCE_POLICY}, {"25", BOUNCE_POLICY}, {"50", BOUNCE_POLICY},
	    {"51", BOUNCE_POLICY}, {"52", BOUNCE_POLICY}, {"53", BOUNCE_POLICY},
	    {"54", BOUNCE_POLICY}, {"60", NOTHING},       {"80", NOTHING},
	    {"100", NOTHING},      {NULL, BY_CODE},
	};

	return meaning(classes, class);
}

void hook_sparkpost(const cJSON *event, struct bounce *ret)
{
	const cJSON *inner = hook_member(event, "msys");
	const cJSON *class;
	const char *type, *reason;
	char text[16] = "";

	/* {"msys": {"message_event": {...}}}; the name in the middle says nothing more */
	inner = cJSON_IsObject(inner) ? inner->child : NULL;
	type = hook_text(inner, "type");
	reason = hook_text(inner, "raw_reason");
	class = hook_member(inner, "bounce_class");
	snprintf(text, sizeof(text), "%s", hook_text(inner, "bounce_class"));
	if (cJSON_IsNumber(class))
		snprintf(text, sizeof(text), "%d", class->valueint);
	hook_facts(ret, hook_text(inner, "rcpt_to"), "",
		   reason[0] ? reason : hook_text(inner, "reason"));
	if (strcmp(type, "spam_complaint") == 0)
		ret->kind = BOUNCE_COMPLAINT;
	else if (strcmp(type, "bounce") == 0 || strcmp(type, "out_of_band") == 0)
		ret->kind = kind_of(sparkpost_class(text), ret, number(inner, "error_code"));
	else if (strcmp(type, "policy_rejection") == 0)
		ret->kind = BOUNCE_POLICY;
}
