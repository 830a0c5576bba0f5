/*
 * smtp_phrases_table.c - the table of smtp_phrases.h: groups of phrases in the order in which they
 * are asked.
 */
#include "smtp_phrases_internal.h"

const struct phrase_group phrase_groups[] = {
    {{BOUNCE_SOFT, PHRASE_UNREACHABLE, .is_weak = false}, phrases_loop},
    {{BOUNCE_POLICY, PHRASE_SENDER, .is_weak = false}, phrases_sender},
    {{BOUNCE_POLICY, PHRASE_REPUTATION, .is_weak = false}, phrases_reputation},
    {{BOUNCE_POLICY, PHRASE_RATE, .is_weak = false}, phrases_rate},
    {{BOUNCE_POLICY, PHRASE_GREYLISTED, .is_weak = false}, phrases_greylisted},
    {{BOUNCE_POLICY, PHRASE_CONTENT, .is_weak = false}, phrases_size},
    {{BOUNCE_SOFT, PHRASE_MAILBOX_FULL, .is_weak = false}, phrases_mailbox_full},
    {{BOUNCE_POLICY, PHRASE_CONTENT, .is_weak = false}, phrases_content},
    {{BOUNCE_SOFT, PHRASE_TEMPORARY, .is_weak = false}, phrases_temporary},
    {{BOUNCE_POLICY, PHRASE_RATE, .is_weak = false}, phrases_rate_of_something},
    {{BOUNCE_HARD, PHRASE_NO_SUCH_USER, .is_weak = false}, phrases_no_such_user},
    {{BOUNCE_HARD, PHRASE_NO_SUCH_USER, .is_weak = false}, phrases_no_such_user_elsewhere},
    {{BOUNCE_HARD, PHRASE_NO_SUCH_DOMAIN, .is_weak = false}, phrases_no_such_domain},
    {{BOUNCE_HARD, PHRASE_NO_SUCH_USER, .is_vague = true}, phrases_no_such_user_vaguely},
    {{BOUNCE_POLICY, PHRASE_REPUTATION, .is_weak = false}, phrases_blocked_for},
    {{BOUNCE_SOFT, PHRASE_GREYLISTED, .is_weak = false}, phrases_come_back},
    {{BOUNCE_SOFT, PHRASE_UNREACHABLE, .is_weak = false}, phrases_unreachable},
    {{BOUNCE_POLICY, PHRASE_REFUSED, .is_doubt = true}, phrases_doubts},
    {{BOUNCE_HARD, PHRASE_NO_SUCH_USER, .is_weak = true}, phrases_weak_gone},
    {{BOUNCE_POLICY, PHRASE_REFUSED, .is_weak = true}, phrases_weak_refused},
    {{0}, NULL},
};
