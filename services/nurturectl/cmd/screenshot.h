/*
 * screenshot.h - a mail's HTML as a picture, by the browser that is on this machine.
 */
#ifndef NURTURE_NURTURECTL_CMD_SCREENSHOT_H
#define NURTURE_NURTURECTL_CMD_SCREENSHOT_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/slice.h"

enum { PICTURE_WIDTH_MIN_PX = 240, PICTURE_WIDTH_MAX_PX = 2000 };

/*
 * Writes a PNG as wide as the mail's window and as high as the mail; is_dark: as
 * a client shows it whose owner prefers dark colours.  ERR_CONFIG when there is
 * no browser in PATH.
 */
int picture_make(struct slice html, int width_px, bool is_dark, const char *file, struct err *err);

#endif
