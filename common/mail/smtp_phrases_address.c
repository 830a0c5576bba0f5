/*
 * smtp_phrases_address.c - phrases of smtp_phrases.h about the address and the way to it.
 *
 * Phrases are as phrases_prepare() leaves a text: lower case, one blank between
 * words and in place of hyphens, slashes, commas and brackets, '?' for what is
 * not ASCII.  A phrase that is put here should not occur in what servers say
 * around their reasons, nor in mail.
 */
#include "smtp_phrases_internal.h"

/* clang-format off */
/* What is said of a mailbox in ever the same ways. */
#define OF_MAILBOX(word)                                                                           \
	"account " word, "account is " word, "account has been " word, "account was " word,        \
	    "mailbox " word, "mailbox is " word, "mailbox has been " word, "mailbox was " word,    \
	    "user " word, "user is " word, "user has been " word, "user was " word,                \
	    "recipient " word, "recipient is " word, "recipient has been " word,                   \
	    "address " word, "address is " word, "address has been " word, "address was " word,    \
	    "inbox " word, "inbox is " word, "email is " word

const char *const phrases_mailbox_full[] = {
	OF_MAILBOX("full"), OF_MAILBOX("over quota"), OF_MAILBOX("out of storage"),
	OF_MAILBOX("out of space"), OF_MAILBOX("over its quota"), OF_MAILBOX("over limit"),
	OF_MAILBOX("currently full"), OF_MAILBOX("over the limit"), OF_MAILBOX("over its limit"),
	OF_MAILBOX("too full"), "mailbox for user is full", "mail box full", "mail box is full",
	"mail folder is full", "mailfolder is full", "mailfolder full", "mailboxfull",
	"at capacity", "at full capacity", "mail box's full", "mailbox's full", "inbox full", "inbox is full", "inboxfull",
	"full mailbox", "full inbox", "mail folder full", "user full", "storage full",
	"storage is full", "disk full", "disk is full", "maildrop full", "maildir full",
	"maildir over quota", "maildir is full", "over quota", "overquota", "over the quota",
	"over the maximum", "maximum quota", "allowed quota", "over their quota", "over his quota",
	"over allocated quota", "overdrawn", "quota exceed*", "quotaexceeded*", "quota is exceeded",
	"quota has been exceeded", "quota was exceeded", "quota full", "quota is full",
	"quota reached", "quota limit", "quota violation", "quota error", "quota overflow",
	"quota used", "quota check failed", "exceeded quota", "exceeds quota", "exceeding quota",
	"exceed quota", "exceeded the quota", "exceeds the quota", "exceed the quota",
	"exceeded its quota", "exceeds its quota", "exceeded their quota", "exceeded his quota",
	"exceeded his her quota", "exceeded user quota", "exceed mailbox quota",
	"exceeds mailbox quota", "exceeds allowed quota", "exceeded mailbox quota",
	"exceeded email quota", "exceeded allocated quota", "exceeded allowed quota",
	"exceeded storage", "exceeds storage", "exceed storage", "exceeded its storage",
	"exceeded their storage", "exceeded the storage", "exceeded the space", "exceeded space",
	"disk quota", "mail quota", "mailbox quota", "storage quota", "email quota", "user quota",
	"account quota", "would exceed quota", "would be over quota", "would exceed mailbox",
	"out of storage", "out of disk", "out of space", "out of quota", "storage exceeded",
	"storage space", "storage limit", "storage allocation", "storage capacity",
	"mailbox storage", "insufficient storage", "insufficient mailbox storage",
	"not enough storage", "not enough space", "not enough disk", "not enough room", "no room",
	"no space left", "no space", "no more space", "no storage", "insufficient disk space",
	"insufficient space", "insufficient quota", "insufficient system storage", "lack of space",
	"lack of storage", "space limit", "space quota", "mailbox has exceeded", "mailbox exceed*",
	"mailbox limit", "mailbox size", "mailbox space", "mailbox capacity",
	"mailbox would exceed", "mailbox too large", "mailbox is too large", "mailbox over",
	"inbox exceeded", "inbox has exceeded", "inbox limit", "account exceed*",
	"account has exceeded", "account limit", "account size", "account space",
	"user has exceeded", "user exceed*", "user's mailbox has exceeded", "recipient exceed*",
	"recipient has exceeded", "recipient storage", "recipient quota", "too much mail data",
	"exceeds allowed size", "mailbox has too many", "user has too many",
	"too many messages in the mailbox", "unable to accept more mail", "can't accept more mail",
	"cannot accept more mail", "can't hold any more", "can't receive more",
	"cannot receive more", "no longer hold", "bo?te pleine", "boite pleine",
	"bo?te aux lettres pleine", "boite aux lettres pleine", "bo?te de r?ception pleine",
	"bo?te de r?ception est pleine", "messagerie pleine", "est pleine", "quota d?pass?",
	"quota depasse", "d?passement de quota", "quota atteint", "postfach voll",
	"postfach ist voll", "postfach des empf?ngers ist voll", "mailbox voll", "mailbox ist voll",
	"postfach ?berf?llt", "postfach ist ?berf?llt", "postfach ueberfuellt", "speicherplatz",
	"kontingent", "quota ?berschritten", "quote ?berschritten", "buz?n lleno", "buzon lleno",
	"buz?n est? lleno", "buzon esta lleno", "casilla llena", "cuota excedida", "cuota superada",
	"excedido la cuota", "casella piena", "casella postale piena", "casella di posta piena",
	"spazio esaurito", "quota superata", "spazio insufficiente", "caixa cheia",
	"caixa postal cheia", "caixa de correio cheia", "cota excedida", "espa?o insuficiente",
	"mailbox vol", "postvak vol", "postvak is vol", "mailbox zit vol", "skrzynka pe?na",
	"skrzynka jest pe?na", "przepe?niona", "przekroczono limit", NULL};

/* The mailbox or server fails for now. */
const char *const phrases_temporary[] = {
	OF_MAILBOX("temporarily disabled"), OF_MAILBOX("temporarily unavailable"),
	OF_MAILBOX("temporarily suspended"), OF_MAILBOX("temporarily inactive"),
	OF_MAILBOX("temporarily blocked"), OF_MAILBOX("currently unavailable"), OF_MAILBOX("busy"),
	OF_MAILBOX("temporarily full"), "temporary locked", "temporarily locked",
	"temporarily disabled", "temporarily unavailable", "temporarily suspended",
	"temporarily inactive", "temporarily blocked", "temporary block", "temporarily restricted",
	"temporarily overloaded", "on hold",
	"not accepting network messages", "vor?bergehend", "vorruebergehend", "temporairement",
	"temporalmente", "temporaneamente", NULL};

/* There is nobody of that name. */
const char *const phrases_no_such_user[] = {
	OF_MAILBOX("unknown"), OF_MAILBOX("not found"), OF_MAILBOX("not known"),
	OF_MAILBOX("invalid"), OF_MAILBOX("not valid"), OF_MAILBOX("disabled"),
	OF_MAILBOX("deactivated"), OF_MAILBOX("inactive"), OF_MAILBOX("not active"),
	OF_MAILBOX("no longer active"), OF_MAILBOX("suspended"), OF_MAILBOX("closed"),
	OF_MAILBOX("deleted"), OF_MAILBOX("removed"), OF_MAILBOX("terminated"),
	OF_MAILBOX("cancelled"), OF_MAILBOX("canceled"), OF_MAILBOX("expired"),
	OF_MAILBOX("discontinued"), OF_MAILBOX("locked"), OF_MAILBOX("frozen"),
	OF_MAILBOX("retired"), OF_MAILBOX("abandoned"), OF_MAILBOX("dormant"),
	OF_MAILBOX("does not exist"), OF_MAILBOX("doesn't exist"), OF_MAILBOX("do not exist"),
	OF_MAILBOX("not exist"), OF_MAILBOX("not existing"), OF_MAILBOX("nonexistent"),
	OF_MAILBOX("non existent"), OF_MAILBOX("no longer exists"), OF_MAILBOX("no longer valid"),
	OF_MAILBOX("no longer available"), OF_MAILBOX("no longer in use"),
	OF_MAILBOX("no longer with"), OF_MAILBOX("no longer at"), OF_MAILBOX("no longer here"),
	OF_MAILBOX("no longer employed"), OF_MAILBOX("not recognized"), OF_MAILBOX("unrecognized"),
	OF_MAILBOX("unregistered"), OF_MAILBOX("not registered"), OF_MAILBOX("unrouteable"),
	OF_MAILBOX("unroutable"), OF_MAILBOX("undeliverable"), OF_MAILBOX("unassigned"),
	"unknown user", "unknown local", "unknown recipient", "unknown address", "unknown mailbox",
	"unknown account", "unknown username", "unknown or illegal", "unknown or invalid",
	"user account is disabled", "unknown or unavailable user", "username unknown",
	"unknown in virtual", "unknown in local", "unknown in relay", "unknown destination address",
	"unknown email address", "userunknown", "user not local", "address couldn't be found",
	"address could not be found", "recipient could not be found", "user could not be found",
	"mailbox could not be found", "couldn't be found or is unable to receive",
	"recipientnotfound", "recipnotfound", "recipient name is not recognized",
	"recipient address unknown", "wasn't found at", "no such user", "no such recipient",
	"no such mailbox", "no such account", "no such address", "no such person",
	"no such local user", "no such email", "no such a user", "no such customer", "no such name",
	"no such subscriber", "no such virtual user", "no such local part", "no such mail",
	"no mailbox here", "no mailbox by that name", "no mailbox found", "no user here",
	"no user by that name", "no user with that name", "no valid recipient*", "no valid mailbox",
	"no account by that name", "no account here", "no recipient by that name", "not our user",
	"nonexistent user", "nonexistent recipient", "nonexistent mailbox", "non existent user",
	"non existent recipient", "nobody by that name", "no one here by that name",
	"not a valid user", "not a valid mailbox", "not a valid recipient", "not a valid address",
	"not a valid email", "not a known user", "not a known recipient", "not a local user",
	"not a user here", "not listed in domino", "not listed in public", "not our customer",
	"not in our database", "not in our system", "not found in directory",
	"not found by smtp address lookup", "not known at this site", "not known here",
	"invalid recipient", "invalid mailbox", "invalid user", "invalid account",
	"invalid or unknown recipient", "invalid or unknown user", "invalid final delivery user",
	"invalid local part", "illegal user", "illegal recipient", "bad destination",
	"bad recipient", "bad mailbox", "bad recipient address", "bad destination mailbox",
	"check if address is correct", "check the recipient's email address",
	"ambiguous or non existent", "this user doesn't have", "user doesn't have a",
	"user does not have a", "user does not have an", "doesn't have a account",
	"does not have an account", "doesn't have an account", "does not have a mailbox",
	"no longer on server", "no longer accepts", "unrouteable address", "unroutable address",
	"unrouteable mail domain", "undeliverable address", "user has moved", "has moved to",
	"has left the", "has left this", "left the company", "left the organization",
	"left the organisation", "no longer works", "no longer employed", "disabled recipient",
	"disabled user", "disabled account", "disabled mailbox", "disabled or discontinued",
	"due to inactivity", "inactive user", "inactive recipient", "inactive account",
	"inactive mailbox", "deactivated mailbox", "deactivated account", "deleted account",
	"expired account", "closed account", "recipient account is blocked", "is frozen",
	"is no longer on our", "tried to reach does not exist", "tried to reach is disabled",
	"tried to reach is inactive", NULL};

/* The same, but the phrase does not say what is missing. */
const char *const phrases_no_such_user_vaguely[] = {
	"does not exist", "doesn't exist", "not exist", "no longer valid", "no longer exists",
	"no longer in use", "no longer available", "invalid address", "bad address",
	"address unknown", "is inactive", "no such domain", NULL};

/* The same in other languages; the last two are Japanese in ISO-2022-JP, in lower case. */
const char *const phrases_no_such_user_elsewhere[] = {
	"n'existe pas", "n'existe plus", "destinataire inconnu", "destinataire invalide",
	"utilisateur inconnu", "utilisateur inexistant", "adresse inconnue", "adresse inexistante",
	"compte inexistant", "compte d?sactiv?", "bo?te inexistante", "boite inexistante",
	"existiert nicht", "nicht bekannt", "nicht gefunden", "unbekannter empf*",
	"unbekannter benutzer", "unbekannter nutzer", "unbekannte adresse",
	"unbekannte mailadresse", "empf?nger unbekannt", "empfaenger unbekannt",
	"benutzer unbekannt", "nutzer unbekannt", "adresse unbekannt", "postfach unbekannt",
	"postfach deaktiviert", "postfach gesperrt", "postfach gel?scht", "kein postfach",
	"empf?nger gibt es nicht", "ung?ltiger empf?nger", "ung?ltige empf?ngeradresse",
	"no existe", "usuario desconocido", "usuario inexistente", "destinatario desconocido",
	"destinatario no encontrado", "cuenta inexistente", "cuenta desactivada", "non esiste",
	"utente sconosciuto", "utente inesistente", "destinatario sconosciuto",
	"casella inesistente", "casella disabilitata", "indirizzo inesistente", "n?o existe",
	"nao existe", "usu?rio desconhecido", "usu?rio inexistente", "conta inexistente",
	"bestaat niet", "onbekende gebruiker", "gebruiker onbekend", "onbekende ontvanger",
	"nie istnieje", "nieznany u?ytkownik", "neexistuje", "nem l?tezik", "finns inte",
	"findes ikke", "ukendt bruger", "ok?nd mottagare", "invalid mailbox or user",
	"+$d$+$j$^$ $s", "%j%9%h$k$ $j$^$ $s", NULL};

/* There is no such domain. */
const char *const phrases_no_such_domain[] = {
	"host unknown", "unknown host", "host not found", "host or domain name not found",
	"domain name not found", "domain not found", "unknown domain", "domain unknown", "nxdomain",
	"invalid domain", "couldn't find any host", "could not find any host",
	"does not accept mail", "doesn't accept mail", "does not accept email",
	"does not receive mail", "no smtp service", "couldn't find a mail exchanger",
	"doesn't receive email", "does not receive email", "null mx", "nullmx",
	"domain does not exist", "domain doesn't exist", "domain is invalid",
	"bad destination system", "domain has expired", "domain expired", "domain is not valid",
	NULL};

/* The mail goes round in circles: neither we nor the person are at fault. */
const char *const phrases_loop[] = {
	"too many hops", "too many received headers", "hop count exceeded", "hops exceeded",
	"exceeded maximum hop count", "mail loop", "mail loops back", "loops back to myself",
	"mail forwarding loop", "routing loop", "loop detected", "loopdetected", "mail is looping",
	NULL};

/* The mail is let in when it comes again, if the answer is about that. */
const char *const phrases_come_back[] = {
	"try again in", "come back in", "retry in", NULL};

/* The server was not reached, or is out of order. */
const char *const phrases_unreachable[] = {
	"timed out", "timeout", "time out", "connection refused", "connection reset",
	"lost connection", "connection dropped", "connection died", "connection closed",
	"connection lost", "socket error", "no route to host", "unreachable", "not reachable",
	"not responding", "did not accept our requests to connect", "unable to connect",
	"could not connect", "couldn't connect", "cannot connect", "establish an smtp connection",
	"name service error", "name server reply", "dns error", "dns failure", "dns lookup",
	"servfail", "message expired", "queue.expired", "retry time", "in the queue too long",
	"queue too long", "delivery failed 20 attempts", "was not delivered within",
	"delivery time expired", "system error", "config error", "configuration error",
	"mailer error", "internal error", "server error", "local error", "processing error",
	"database error", "ldap error", "lock failure", "temporary", "temporarily", "tempfail",
	"service currently unavailable", "service unavailable", "service not available",
	"server unavailable", "server busy", "server too busy", "system busy", "overloaded",
	"out of memory", "insufficient resources", "try again", "try later", "retry later",
	"please retry", "come back later", "maintenance", "upstream error", "sp?ter",
	"spaeter noch", "r?essayer", "reessayer", "intente m?s tarde", "riprovare", NULL};

/* These are said of anything: they count only where no code says more. */
const char *const phrases_weak_gone[] = {
	"mailbox unavailable", "mailbox not available", "mailbox is unavailable", "no mailbox",
	NULL};

/* These are said of anything, too. */
const char *const phrases_weak_refused[] = {
	"address rejected", "access denied", "not authorized", "not authorised", "not accepted",
	"not accept*", "not allowed", "not permitted", "not welcome", "unacceptable",
	"message rejected", "mail rejected", "rejected by the recipient", "denied", "refused",
	"blocked", "prohibited", "forbidden", "abgelehnt", "verweigert", "gesperrt", "refus?",
	"rechazado", "rifiutato", "rejeitado", NULL};
