/*
 * screenshot.h - takes a screenshot of a mail's HTML with the browser of this machine.
 */
#ifndef NURTURE_NURTURECTL_CMD_SCREENSHOT_H
#define NURTURE_NURTURECTL_CMD_SCREENSHOT_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/slice.h"

enum { SCREENSHOT_WIDTH_MIN_PX = 240, SCREENSHOT_WIDTH_MAX_PX = 2000 };

/*
 * Writes a PNG that is width_px wide and as high as the mail; is_dark: as a mail client
 * with dark colours shows it.  ERR_CONFIG when there is no browser in PATH.
 */
int screenshot_make(struct slice html, int width_px, bool is_dark, const char *file,
		    struct err *err);

#endif
