/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h - one lesson of `bothends check`. */
#ifndef CHECK_H
#define CHECK_H

/* Play a lesson and write a report to `out`: a line with why something was unavailable (empty:
 * nothing was), then "# FILE:LINE: ..." lines. Returns an exit status of cli.h. To be called in a
 * process of its own, which has no lab yet. */
int check_lesson(const char *file, int out);

#endif
