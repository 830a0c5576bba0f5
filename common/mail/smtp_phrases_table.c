/*
 * smtp_phrases_table.c - the table of words.h: groups of phrases in the order in which they are
 * asked.
 */
#include "smtp_phrases_internal.h"

const struct phrase_group phrase_groups[] = {
    {{BOUNCE_SOFT, WORDS_WAY, .is_weak = false}, words_loop},
    {{BOUNCE_POLICY, WORDS_SENDER, .is_weak = false}, words_sender},
    {{BOUNCE_POLICY, WORDS_LISTED, .is_weak = false}, words_listed},
    {{BOUNCE_POLICY, WORDS_HASTE, .is_weak = false}, words_haste},
    {{BOUNCE_POLICY, WORDS_GREY, .is_weak = false}, words_grey},
    {{BOUNCE_POLICY, WORDS_CONTENT, .is_weak = false}, words_size},
    {{BOUNCE_SOFT, WORDS_FULL, .is_weak = false}, words_full},
    {{BOUNCE_POLICY, WORDS_CONTENT, .is_weak = false}, words_content},
    {{BOUNCE_SOFT, WORDS_NOT_NOW, .is_weak = false}, words_not_now},
    {{BOUNCE_POLICY, WORDS_HASTE, .is_weak = false}, words_haste_of_something},
    {{BOUNCE_HARD, WORDS_NOBODY, .is_weak = false}, words_nobody},
    {{BOUNCE_HARD, WORDS_NOBODY, .is_weak = false}, words_nobody_elsewhere},
    {{BOUNCE_HARD, WORDS_NO_PLACE, .is_weak = false}, words_no_place},
    {{BOUNCE_HARD, WORDS_NOBODY, .is_vague = true}, words_nobody_vaguely},
    {{BOUNCE_POLICY, WORDS_LISTED, .is_weak = false}, words_blocked_for},
    {{BOUNCE_SOFT, WORDS_GREY, .is_weak = false}, words_come_back},
    {{BOUNCE_SOFT, WORDS_WAY, .is_weak = false}, words_unreached},
    {{BOUNCE_POLICY, WORDS_REFUSED, .is_doubt = true}, words_doubts},
    {{BOUNCE_HARD, WORDS_NOBODY, .is_weak = true}, words_weak_gone},
    {{BOUNCE_POLICY, WORDS_REFUSED, .is_weak = true}, words_weak_refused},
    {{0}, NULL},
};
