/*
 * config_token_keys.h - by which token keys a service works, as metrics: nurture_token_key_info
 * with a fingerprint and what the key is for.  A service that checks links by other keys than
 * those of the one that signs them refuses all of them; nurturectl doctor --at compares.
 */
#ifndef NURTURE_IO_CONFIG_CONFIG_TOKEN_KEYS_H
#define NURTURE_IO_CONFIG_CONFIG_TOKEN_KEYS_H

#include "common/token/token_keys.h"

/* The newest key signs.  To be told once, at start; without a key nothing is told. */
void config_tell_signing_key(const struct token_keys *keys);
/* What any of the keys has signed is true. */
void config_tell_checking_keys(const struct token_keys *keys);

#endif
