/*
 * serve.h - the console over HTTP: /livez, /readyz and /metrics, and the pages (pages/).
 *
 * Ready is a view that has caught up with the topics once since it was made: before that, whoever is
 * not found may be only unread.
 */
#ifndef NURTURE_CONSOLE_SERVE_H
#define NURTURE_CONSOLE_SERVE_H

#include "common/base/err.h"
#include "services/console/view/view.h"
#include "settings.h"

struct con_serve;

/* Both outlive the server. */
int con_serve_open(struct con_serve **ret, const struct con_config *config, struct view *view,
		   struct err *err);
/* NULL-safe, sets NULL. */
void con_serve_close(struct con_serve **serve);

#endif
