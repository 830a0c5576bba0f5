/*
 * smtp_phrases_sender.c - phrases of smtp_phrases.h that blame the sender or the mail.
 *
 * Phrases are as phrases_prepare() leaves a text: lower case, one blank between
 * words and in place of hyphens, slashes, commas and brackets, '?' for what is
 * not ASCII.  A phrase that is put here should not occur in what servers say
 * around their reasons, nor in mail.
 */
#include "smtp_phrases_internal.h"

/* clang-format off */
/* The sender is not who he says, or does not do what is asked of him. */
const char *const phrases_sender[] = {
	"dmarc", "dmarc.org", "spf", "openspf.org", "dkim", "sender id", "senderid",
	"sender policy framework", "unauthenticated", "authentication information",
	"authentication required", "authentication is required", "authentication needed",
	"authentication failed", "authentication failure", "authentication failures",
	"authentication checks", "authentication check", "authentication credentials",
	"authentication is needed", "authentication results", "authenticate first",
	"please authenticate", "must authenticate", "must be authenticated", "need to authenticate",
	"not authenticated", "requires authentication", "require authentication",
	"fails authentication", "failed authentication", "pass authentication", "auth required",
	"auth failed", "auth first", "need auth", "needs auth",
	"arc validation", "arc failure", "smtp auth", "pop before smtp", "pop3 login", "log in first",
	"login required", "must log in", "must login", "not logged in", "ptr", "ptr record",
	"reverse dns", "reverse lookup", "reverse hostname", "reverse host name", "reverse name",
	"reverse address", "reverse resolution", "reverse mapping", "rdns", "fcrdns",
	"forward confirmed", "ip name lookup failed", "ip address lookup failed",
	"cannot find your hostname", "cannot find your host name", "your hostname",
	"your host name", "client host rejected", "client host blocked", "client hostname",
	"client name", "bad helo", "bad ehlo", "invalid helo", "invalid ehlo", "illegal helo",
	"forged helo", "fake helo", "wrong helo", "no helo", "missing helo", "your helo",
	"helo command rejected", "helo rejected", "helo refused", "helo denied", "helo name",
	"helo host", "helo hostname", "helo argument", "helo string", "helo is", "helo does",
	"helo not", "helo must", "helo invalid", "helo required", "helo mismatch", "helo ehlo",
	"ehlo helo", "helo first", "ehlo first", "polite people say helo", "my name was rejected",
	"sender address rejected", "sender address refused", "sender address verification",
	"sender address is invalid", "sender rejected", "sender denied", "sender refused",
	"sender blocked", "sender not allowed", "sender is not allowed", "sender is blocked",
	"sender unknown", "unknown sender", "sender not found", "sender verify failed",
	"sender verification", "sender callout", "sender callback", "could not verify sender",
	"cannot verify sender", "verify sender", "invalid sender", "sender invalid", "bad sender",
	"forged", "spoof", "spoofed", "spoofing", "impersonat*", "unroutable sender",
	"unrouteable sender", "domain of sender", "domain of the sender", "sender domain",
	"sender's domain", "senders domain", "sending domain", "domain of your", "from domain",
	"envelope sender", "envelope from", "bad return path", "invalid return path", "from header",
	"from address", "accept mail from", "accepts mail from", "accept mails from",
	"accept email from", "accept messages from", "accepting mail from", "accepting email from",
	"receive mail from", "mail from your", "email from your", "mails from your",
	"messages from your", "mail from this", "email from this", "from this host",
	"from this server", "from this ip", "from this domain", "from this sender",
	"from your domain", "from your host", "from your ip", "from your server",
	"from your network", "from your mail server", "from your location", "from your address",
	"from your system", "from your country", "from your isp", "invalid domain name",
	"not allowed to send", "not authorized to send", "not authorised to send",
	"not permitted to send", "unable to send to this", "allowed to post", "permission to post",
	"permission to send", "necessary permissions", "smtp server of your isp",
	"may not be mail exchanger", "mismatches client ip", "invalid ip for sending",
	"host network not allowed", "no access from mail server", "relaying denied",
	"relaying is denied", "relay access denied", "relay denied", "relay is denied", "no relay",
	"no relaying", "rcpthosts", "not relay", "not relaying", "not permitted to relay",
	"not allowed to relay", "unable to relay", "cannot relay", "can't relay",
	"relaying is prohibited", "relaying prohibited", "relaying not allowed",
	"relaying not permitted", "relaying is not allowed", "relay not permitted",
	"relay not allowed", "relaying temporarily denied", "relay prohibited", "open relay",
	"protocol violation", "protocol error", "synchronization error", "bad sequence of commands",
	"not implemented", "not recognized command", "command unrecognized",
	"command not recognized", "unrecognized command", "service refused",
	"must issue a starttls", "requires starttls", "require starttls", "starttls is required",
	"starttls required", "starttls first", "tls required", "tls is required", "tls needed",
	"requires tls", "require tls", "tls encryption", "encryption required",
	"encryption is required", "encryption needed", "requires encryption", "secure connection",
	"encrypted connection", "different address or alias", "groups.google.com", "your ip",
	"your domain", "your server", "your host", "your network", "your mail server",
	"your account", "your email address", "your mail address", "sending ip", "client ip",
	"connecting ip", "source ip", "sending server", "sending mta", "sending host",
	"connecting host", "callback verification", "not verified", "authentifizierung",
	"anmeldung erforderlich", "absenderadresse", "absender", "authentification",
	"autenticaci?n", "autenticacion", "autenticazione", "exp?diteur", "expediteur", "remitente",
	"mittente", "uwierzytelni*", NULL};

/* Blocklists, reputation, what others say of us. */
const char *const phrases_reputation[] = {
	"spam", "spammy", "spammer", "spammers", "spamming", "spamtrap", "spam trap", "junk",
	"junkmail", "unsolicited", "bulk email", "bulk mail", "bulk mailing", "bulk mailer",
	"bulk sender", "mass mail", "mass mailing", "ube", "uce", "harvest", "harvester",
	"harvesting", "directory attack", "dictionary attack", "dha", "under attack", "blacklist*", "black list*",
	"blocklist*", "block list*", "denylist*", "deny list*", "blocked list", "block listed",
	"blocked using", "blocked by", "blocked from sending", "ip blocked", "ip is blocked",
	"ip has been blocked", "blocked ip", "banned", "listed by", "listed at", "listed in rbl",
	"listed in", "is listed on", "are listed", "dnsbl", "rbl", "dnsbl*", "spamhaus*",
	"spamhaus.org", "spamcop*", "spamcop.net", "barracudacentral*", "sorbs*", "uceprotect*",
	"abuseat.org", "mailspike*", "surbl*", "uribl*", "psbl*", "ipcheck.proofpoint.com",
	"senderbase", "sender score", "senderscore", "reputation",
	"part of their network is on our", "weren't sent", "user complaints", "complaints",
	"complaint", "abuse", "abusive", "abused", "phish", "phishing", "fraud", "fraudulent",
	"scam", "suspicious activity", "suspected spam", "unexpected volume",
	"ask your postmaster for help", "poor standing", "low trust", "untrusted",
	"unbekannter massenversand", "massenmail", "gesperrte ip", "ip gesperrt", "spam?hnlich",
	"spamverdacht", "liste noire", "pourriel", "ind?sirable", "indesirable",
	"correo no deseado", "lista negra", "posta indesiderata", NULL};

/* How fast we come. */
const char *const phrases_rate[] = {
	"rate limit", "rate limits", "rate limited", "rate limiting", "rate limitation",
	"rate exceeded", "ratelimit*", "message rate", "connection rate", "sending rate",
	"unusual rate", "receiving mail at a rate", "receiving mail too quickly", "throttl*",
	"too quickly", "too fast", "frequency limited", "frequency limit", "sending limit",
	"sending limits", "sending quota", "send quota", "relay quota", "daily limit",
	"hourly limit", "daily quota", "daily sending", "hourly quota", "concurrent connections",
	"connection limit", "connections limit", "limit the number of connections",
	"limit on the number of", "too much mail from", "temporarily deferred",
	"quota exceeded for sender", NULL};

const char *const phrases_greylisted[] = {
	"greylist*", "graylist*", "grey list*", "gray list*", "postgrey", "sqlgrey", NULL};

/* The mail is too large, whatever else is said of the mailbox. */
const char *const phrases_size[] = {
	"message size exceeds", "message size exceeded", "message exceeds maximum",
	"message exceeds the maximum", "message exceeds size", "message exceeds the size",
	"message exceeds fixed", "message size limit", "message size is", "message too large",
	"message too big", "message too long", "message is too large", "message is too big",
	"message is too long", "message larger", "mail too large", "mail is too large",
	"mail too big", "mail size exceed*", "mail size limit", "email is too large",
	"email too large", "maximum message size", "max message size",
	"maximum allowed message size", "max size for a message", "exceeds fixed maximum",
	"exceeds maximum message", "recipsizelimit", "larger than the current system limit",
	"larger than the maximum", "too large message", "nachricht zu gro?",
	"nachricht ist zu gro?", "message trop volumineux", "taille maximale",
	"mensaje demasiado grande", "messaggio troppo grande", NULL};

/* The mail itself, or the recipient's rules about it. */
const char *const phrases_content[] = {
	"policy", "policies", "administrative prohibition", "administratively prohibited", "virus", "viruses", "virus detected", "virus found",
	"contains a virus", "contained a virus", "infected", "malware", "malicious", "trojan",
	"ransomware", "attachment type", "attachment types", "attachment not", "attachments not",
	"attachment is not", "attachments are not", "attachment rejected", "attachment refused",
	"attachment denied", "attachment blocked", "attachment removed", "attachment size",
	"attachment too", "attachment name", "attachment extension", "attachment with",
	"attachments with", "attachment violat*", "attachment policy", "attachment filter*",
	"illegal attachment", "prohibited attachment", "forbidden attachment",
	"dangerous attachment", "blocked attachment", "banned attachment", "bad attachment",
	"disallowed attachment", "unsafe attachment", "unacceptable attachment",
	"restricted attachment", "executable attachment", "accept attachments",
	"accepts attachments", "allow attachments", "contains an attachment",
	"contains attachments", "contained an attachment", "attached file", "file type",
	"file types", "filetype", "file extension", "file extensions", "file name extension",
	"content type not", "content type is", "content types", "executable content", "macros",
	"encrypted file", "password protected", "zip file", "prohibited content", "message content",
	"mail content", "content rejected", "content denied", "content refused", "content blocked",
	"content not allowed", "content filter*", "content restriction*", "content scan*",
	"content check", "contents of your message", "inappropriate", "objectionable", "profanity",
	"blocked url", "blocked link", "contains a url", "contains url", "contains a link",
	"contains links", "links in", "url listed", "message filtered", "mail filtered",
	"filtered out", "message rejected by filter", "domain filter", "recipient preferences",
	"media error", "bad header", "bad headers", "invalid header", "invalid headers",
	"duplicate header", "duplicate headers", "header error", "header line", "headers not",
	"missing header", "missing headers", "missing message id", "missing date",
	"malformed address", "malformed header", "malformed headers", "malformed message",
	"malformed mail", "malformed mime", "mime error", "improper mime", "bad mime",
	"rfc 5322 compliant", "rfc 2822 compliant", "rfc compliant", "not compliant with rfc",
	"not rfc", "compliant", "nested too deep", "bare lf", "bare cr", "line limit",
	"line too long", "line length", "lines too long", "long line", "size limit", "too large",
	"too big", "size exceeds", "size exceeded", "maximum size", "is redundant", "character set",
	"smtputf8", "non ascii", "not accept html", "language not accepted", "subject rejected",
	"subject not", "challenge response", "anhang", "anh?nge", "dateianhang", "richtlinie",
	"richtlinien", "virenverdacht", "schadsoftware", "pi?ce jointe", "piece jointe",
	"pi?ces jointes", "contenu refus?", "politique de", "archivo adjunto", "adjunto",
	"contenido rechazado", "pol?tica", "politica", "allegato", "allegati", "anexo", "za??cznik",
	NULL};

/* Something was too much; what it was has been asked for above. */
const char *const phrases_rate_of_something[] = {
	"too many messages", "too many mails", "too many emails", "too many letters",
	"too many recipients", "too many invalid", "too many unknown", "too many bad",
	"too many nonexistent", "too many non existent", "too many failed", "too many errors",
	"too many connections", "too many concurrent", "too many simultaneous", "too many sessions",
	"too many open", "too many requests", "too many attempts", "too many bounces",
	"too many recent", "too many from", "too many deliveries", "too many smtp",
	"too many transactions", "limit exceeded", "exceeded the", "exceeded limit",
	"too much mail", NULL};

/* Not for inactivity, which is asked for above. */
const char *const phrases_blocked_for[] = {
	"blocked due", "blocked for", "blocked because", NULL};

/*
 * These do not say enough to decide, but are no reason to give a mailbox up: they stand against a
 * code that would.
 */
const char *const phrases_doubts[] = {
	"helo", "ehlo", "helohost", "starttls", "tls", "ssl", "authenticat*", "sender", "senders",
	"sender's", "relay", "relaying", "attachment", "attachments", "executable", "executables",
	"file", "archive", "macro", "content", "header", "headers", "subject", "malformed",
	"suspicious", "suspected", "filtered", "ip address", "hostname", "reputation", "limit",
	"limits", "quota", "storage", "space", "full", "rate", "quarantine*", "traffic",
	"connection", "connections", "session", "later", "retry", "anhang", "absender", "quote",
	"plein", "pleine", "pieno", "piena", "lleno", "llena", "voll", "cheia", NULL};
