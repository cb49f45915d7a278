/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history.h - the prompt's history, kept between runs. */
#ifndef PROMPT_HISTORY_H
#define PROMPT_HISTORY_H

#include "lab.h"

/* Read $XDG_STATE_HOME/bothends/history (~/.local/state/... where that is not set) into readline.
 * -1 and one line when it cannot be read: there is no history then, nothing worse. */
int prompt_history_read(struct err *err);
/* A line that was entered; the same one twice in a row is kept once. */
void prompt_history_add(const char *line);
/* Append the lines of this run and keep the newest 1000. */
int prompt_history_write(struct err *err);

#endif
