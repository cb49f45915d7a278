/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rescue.h - the terminal given back when the program cannot do it in good order. */
#ifndef RESCUE_H
#define RESCUE_H

#include "lab.h"

/* Note the terminal's modes and the sequences that undo what curses will set (from terminfo, which
 * must be set up), and start the keeper. */
int rescue_prepare(struct err *err);
/* Curses has the terminal, or has given it back. */
void rescue_up(bool up);
/* The modes as they were found. */
void rescue_modes(void);
/* Take the signals of a crash: restore, print `said` (see stderr below), then die of them. */
void rescue_crashes(bool take);
/* End the keeper. */
void rescue_done(void);

/* While curses writes: a terminal that takes nothing would hold us for ever. Between the two, a
 * signal to end gives it one more second. rescue_watch_end returns that signal, 0: none came. */
void rescue_watch(void);
int rescue_watch_end(void);
/* From here on there is one second to end with this status. */
void rescue_hurry(int status);

/* Standard error goes into memory, and to its place when the terminal is given back. One that is
 * no terminal stays as it is. */
void rescue_stderr(bool take);

#endif
