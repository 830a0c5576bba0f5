/* parse.h - the words of an SMTP command. */
#ifndef MAIL_CATCHER_PARSE_H
#define MAIL_CATCHER_PARSE_H

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* "<address>" behind MAIL FROM: or RCPT TO:; *params is what follows. */
static bool take_path(const char *at, char *address, size_t size, const char **params)
{
	const char *end = *at == '<' ? strchr(at, '>') : NULL;
	size_t len = end ? (size_t)(end - at) - 1 : 0;

	if (!end || len >= size || memchr(at + 1, ' ', len) || memchr(at + 1, '<', len))
		return false;
	memcpy(address, at + 1, len);
	address[len] = '\0';
	*params = end + 1;
	return end[1] == '\0' || end[1] == ' ';
}

static bool is_ascii(const char *text)
{
	while (*text && !(*text & 0x80))
		text++;
	return *text == '\0';
}

/* What follows a verb, or NULL. */
static const char *after(const char *line, const char *verb)
{
	return strncasecmp(line, verb, strlen(verb)) == 0 ? line + strlen(verb) : NULL;
}

#endif
