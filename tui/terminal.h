/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terminal.h - take the terminal, give it back as it was. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "lab.h"

/* A terminal that is known, and cannot place its cursor: line.h is for that. */
bool terminal_dumb(void);
/* Note how the terminal is now, and start the keeper that gives it back should this process be
 * killed. -1 with one line: standard input or output is not a terminal, or TERM names none that
 * can be used. Call first, while there is no other child. */
int terminal_prepare(struct err *err);
/* Start curses: raw, no echo, keypad, mouse. Standard error goes into memory until the end. */
int terminal_start(bool mouse, struct err *err);
/* Clicks come to us, or stay the terminal's: then it selects text with them. */
void terminal_mouse(bool on);
/* Give it back within a second, print what standard error got meanwhile, end the keeper. Safe to
 * call twice. `status` is what to exit with should the terminal take nothing any more. */
void terminal_stop(int status);
/* Show what was drawn. Returns the signal to end with that came meanwhile; 0: none. */
int terminal_update(void);
/* A signalfd with WINCH TERM HUP INT TSTP CONT QUIT, and the next pending one of them; 0: none. */
int terminal_signal_fd(void);
int terminal_signal(void);
/* Ctrl-Z: give the terminal back, stop this process group, take the terminal when it goes on. */
void terminal_suspend(void);
/* After somebody else had the terminal: our modes again, everything drawn anew. */
void terminal_resume(void);
/* Tell curses the size that the terminal has now. */
void terminal_resize(void);
/* The terminal is readable: false when that is because it is gone. */
bool terminal_alive(void);

#endif
