/*
 * words_phrases.c - the table of words.h: groups in the order in which they are asked.
 *
 * All in lower case, with one blank between words.  A phrase that is put here
 * should not occur in what servers say around their reasons, nor in mail.
 */
#include "words_internal.h"

/* The sender is not who he says, or not welcome. */
static const char *const sender[] = {
    "dmarc", "spf", "dkim", "unauthenticated", "authentication information",
    "sender is unauthenticated", "ptr record", "reverse dns", "reverse lookup",
    "reverse hostname", "rdns", "ip name lookup failed", "cannot find your hostname",
    "client host rejected", "client host blocked", "helo command rejected",
    "my name was rejected", "sender address rejected", "sender rejected", "sender denied",
    "sender verify failed", "invalid sender", "unroutable sender", "unrouteable sender",
    "domain of sender", "sender domain", "sending domain", "invalid domain name",
    "not allowed to send", "not authorized to send", "not permitted to send",
    "permission to post", "necessary permissions", "smtp server of your isp",
    "may not be mail exchanger", "mismatches client ip", "invalid ip for sending",
    "host network not allowed", "no access from mail server", "open relay", "protocol violation",
    "protocol error", "not implemented", "line limit", "user complaints", "unexpected volume",
    "service refused", "must issue a starttls", "requires starttls", "starttls is required",
    "different address or alias", "groups.google.com", "spamhaus.org", "encryption required",
    NULL};

/* Lists, reputation, speed. */
static const char *const fame[] = {
    "spam", "unsolicited", "bulk email", "bulk mail", "rejected, ube", "blacklist", "black list",
    "block list", "blocklist", "blocked using", "ip blocked", "blocked ip", "banned sending ip",
    "listed by", "listed at", "listed in rbl", "dnsbl", "reputation", "poor reputation",
    "part of their network is on our", "rate limit", "ratelimit", "weren't sent",
    "frequency limited", "receiving mail at a rate", "too quickly", "greylist", "graylist",
    "too many messages", "too many recipients", "too many connections", "too many concurrent",
    "relay quota", "sending limit", "ask your postmaster for help", NULL};

/* The mail itself, or the recipient's rules about it. */
static const char *const content[] = {
    "policy", "policies", "virus detected", "virus found", "contains a virus",
    "contained a virus", "infected", "malware", "rfc 5322 compliant", "rfc 2822 compliant",
    "content rejected", "content filter", "content restriction", "message filtered",
    "domain filter", "recipient preferences", "media error", "bad header", "duplicate header",
    "security policies", "size limit", "too large", "too big", "size exceeds",
    "exceeds fixed maximum", "larger than the current system limit", "relaying denied",
    "relay access denied", "relay denied", "no relaying", "header error",
    "not permitted to relay", "unable to relay", "relaying is prohibited", "relay not permitted",
    "is redundant", NULL};

/* Full. */
static const char *const full[] = {
    "mailbox full", "mailbox is full", "mail box full", "mailfolder is full", "inbox is full",
    "account is full", "mailbox for user is full", "over quota", "overquota", "quota exceed",
    "quota has been exceeded", "exceeded quota", "exceed quota", "exceeded his/her quota",
    "disk quota", "storage quota", "quota violation", "out of storage", "exceeded storage",
    "storage allocation", "not enough storage", "no space left", "insufficient disk space",
    "insufficient system storage", "mailbox has exceeded", "mailbox exceeds allowed size",
    "too much mail data", NULL};

/* For now. */
static const char *const not_now[] = {
    "temporary locked", "temporarily locked", "temporarily disabled", "temporarily unavailable",
    "temporarily suspended", NULL};

/* Nobody there. */
static const char *const nobody[] = {
    "user unknown", "unknown user", "user is unknown", "user not found", "user not known",
    "unknown local", "unknown recipient", "unknown address", "unknown mailbox",
    "unknown account", "recipient unknown", "recipient not found", "recipientnotfound",
    "recipnotfound", "recipient not exist", "recipient name is not recognized",
    "address unknown", "address not found", "wasn't found at", "mailbox unknown",
    "mailbox not found", "account not found", "no such user", "no such recipient",
    "no such mailbox", "no such account", "no such address", "no such person",
    "no such local user", "no such domain", "no mailbox here by that name",
    "no mailbox by that name", "no user here by that name", "invalid recipient",
    "invalid mailbox", "invalid address", "invalid user", "destinataire invalide",
    "not a valid mailbox", "not a valid recipient", "not a known user", "bad destination",
    "bad address", "does not exist", "doesn't exist", "not exist", "doesn't have a",
    "does not have a", "not listed in domino", "not listed in public", "not our customer",
    "check if address is correct", "no longer on server", "no longer valid", "no longer exists",
    "no longer in use", "no longer available", "no longer accepts", "unrouteable address",
    "unroutable address", "unrouteable mail domain", "undeliverable address", "user has moved",
    "has moved to", "has been disabled", "is disabled", "account disabled", "mailbox disabled",
    "disabled recipient", "disabled or discontinued", "has been suspended", "is suspended",
    "account suspended", "user suspended", "account inactive", "is inactive", "inactive user",
    "inactive recipient", "is frozen", "account is locked", "recipient account is blocked",
    "account closed", "been closed", "account expired", "account has expired",
    "is no longer on our", NULL};

/* The same in other languages; the last two are Japanese in ISO-2022-JP, in lower case. */
static const char *const nobody_elsewhere[] = {
    "n'existe pas", "destinataire inconnu", "utilisateur inconnu", "existiert nicht",
    "unbekannter empf", "empf\xc3\xa4nger unbekannt", "no existe", "usuario desconocido",
    "non esiste", "utente sconosciuto", "8+$d$+$j$^$;$s", "$k%j%9%h$k$\"$j$^$;$s", NULL};

/* The same. */
static const char *const full_elsewhere[] = {
    "bo\xc3\xaete pleine", "quota d\xc3\xa9pass", "postfach voll", "postfach ist voll",
    "buz\xc3\xb3n lleno", "casella piena", NULL};

/* No such place. */
static const char *const no_place[] = {
    "host unknown", "unknown host", "host not found", "host or domain name not found",
    "domain name not found", "domain not found", "unknown domain", "nxdomain",
    "couldn't find any host", "does not accept mail", "doesn't accept mail", "no smtp service",
    "couldn't find a mail exchanger", "doesn't receive email", "null mx", NULL};

/* Not reached, or out of order. */
static const char *const unreached[] = {
    "timed out", "timeout", "time-out", "connection refused", "connection reset",
    "lost connection", "connection dropped", "connection died", "socket error",
    "no route to host", "unreachable", "not reachable", "not responding",
    "did not accept our requests to connect", "unable to connect",
    "establish an smtp connection", "name service error", "name server reply", "dns error",
    "message expired", "retry time", "in the queue too long", "queue too long",
    "delivery failed 20 attempts", "was not delivered within", "too many hops", "mail loop",
    "mail forwarding loop", "system error", "config error", "configuration error",
    "mailer error", "internal error", "lock failure", "temporary", "temporarily",
    "service currently unavailable", "service unavailable", "try again later", "upstream error",
    NULL};

/* Said of anything: only where no code says more. */
static const char *const weak_gone[] = {
    "mailbox unavailable", "mailbox not available", NULL};

/* The same. */
static const char *const weak_refused[] = {
    "address rejected", "access denied", "not authorized", "not authorised", "not accepted",
    "message rejected", "mail rejected", "rejected by the recipient", "denied", "refused",
    "blocked", "prohibited", NULL};

const struct phrase_group phrase_groups[] = {
    {BOUNCE_POLICY, false, sender},
    {BOUNCE_POLICY, false, fame},
    {BOUNCE_POLICY, false, content},
    {BOUNCE_SOFT, false, full},
    {BOUNCE_SOFT, false, not_now},
    {BOUNCE_HARD, false, nobody},
    {BOUNCE_SOFT, false, full_elsewhere},
    {BOUNCE_HARD, false, nobody_elsewhere},
    {BOUNCE_HARD, false, no_place},
    {BOUNCE_SOFT, false, unreached},
    {BOUNCE_HARD, true, weak_gone},
    {BOUNCE_POLICY, true, weak_refused},
    {0},
};
