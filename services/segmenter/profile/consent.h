/*
 * consent.h - what the person agreed to, by the strongest and newest word.
 *
 * Of each class, and of "all", one word is kept: that it was withdrawn, that
 * the person gave it and it is known where and when, or only that somebody
 * echoed a yes (common/message/event_authority.h has who says what).
 * - Of withdrawals and proven words the newest holds; of one instant the
 *   withdrawal.
 * - An echoed yes holds where nothing else was ever said.  It takes nothing
 *   back, however new it is.
 * So no order of arrival matters.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_CONSENT_H
#define NURTURE_SEGMENTER_PROFILE_CONSENT_H

#include "common/policy/policy.h"
#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* Takes in whatever the event says of consent in its customer part. */
void seg_consents_note(struct seg_profile *profile, const struct policy *policy,
		       const Nurture__V1__Event *event);
/*
 * Takes in a statement about a class of the policy or about "all"; other classes are kept too, up
 * to a bound.
 */
void seg_consent_note(struct seg_profile *profile, const struct policy *policy,
		      const char *message_class, enum seg_word word, int64_t time_ms);

enum seg_consent_state { SEG_CONSENT_UNKNOWN, SEG_CONSENT_WITHDRAWN, SEG_CONSENT_GIVEN };
/*
 * A class is withdrawn when it was by name, or when "all" was and neither the
 * class nor "all" was given after that, by a proven word.  A later yes to
 * "all" does not bring back a class that was withdrawn by name.  What is said
 * of "all" counts for classes of which nothing was said.
 */
/* Was anything said of exactly this class, whatever was said of all? */
bool seg_consent_is_said(const struct seg_profile *profile, const char *message_class);
enum seg_consent_state seg_consent_of(const struct seg_profile *profile, const char *message_class);
/*
 * When the word was said that seg_consent_of() goes by: a withdrawal or a proven yes.  0: an echo, or
 * nothing is known.
 */
int64_t seg_consent_said_ms(const struct seg_profile *profile, const char *message_class);

/*
 * Takes in what the same person said under another id, which was merged at merged_ms: of each class
 * the stricter word holds, so that a withdrawal under one id is not undone by what was given under
 * the other.  What was said after the merge, and is no echo, is about both: there the newest holds,
 * however late the other's words arrive.
 */
void seg_consents_unite(struct seg_profile *profile, const struct seg_profile *with,
			int64_t merged_ms, const struct policy *policy);

#endif
