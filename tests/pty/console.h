/* SPDX-License-Identifier: GPL-3.0-or-later */
/* console.h - the real program in a terminal made of a pty and libvterm. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#define RAW_BYTES (1 << 20)
#define PATIENCE_MS 20000 /* for anything that must come; a machine under load is slow */

struct console {
	int master;
	int slave; /* held open here, so that its modes can be looked at when the program has ended
		    */
	pid_t pid;
	VTerm *vt;
	VTermScreen *screen;
	int rows, columns;
	int status; /* wait status, once `ended` */
	bool ended;
	bool alternate, cursor; /* the alternate screen is shown, the cursor is */
	char title[64];
	size_t bytes; /* that the program has sent */
	bool high;    /* one of them was above 0x7f */
	char *needle; /* looked for in the raw bytes ... */
	bool found;   /* ... and found */
	char tail[64];
	char *raw; /* all bytes, the newest RAW_BYTES of them at least */
	size_t raw_len;
	struct termios before;
};

struct start {
	int rows, columns;	 /* 0: 24 x 80 */
	const char *const *args; /* NULL-terminated, without the program's name; NULL: none */
	const char *const *env;	 /* "NAME=VALUE" over the usual ones, "NAME" takes one away */
	void (*child)(void);	 /* called in the child before exec */
	const char *program;	 /* NULL: bothends */
};

/* Start the program. Fails the test when it cannot. */
void console_open(struct console *console, const struct start *start);
/* End it (SIGKILL, if it still runs) and give all back. */
void console_close(struct console *console);

void console_type(struct console *console, const char *bytes);
void console_send(struct console *console, const char *bytes, size_t len);
void console_resize(struct console *console, int rows, int columns);
/* Take in what is there, for at most so long; false: nothing came. */
bool console_pump(struct console *console, int ms);

/* Wait until the text is on the screen (or is not). On a timeout the screen is printed and the
 * test fails. */
void console_expect(struct console *console, const char *text);
void console_expect_gone(struct console *console, const char *text);
/* Wait until row y (from 0; negative: from the bottom) has this text in it. */
void console_expect_row(struct console *console, int y, const char *text);
/* Wait until the program has ended; its wait status. */
int console_wait(struct console *console, int ms);
/* No bytes for so long. */
void console_expect_quiet(struct console *console, int ms);

bool console_shows(struct console *console, const char *text);
/* A row as UTF-8, in a static buffer, without the blanks at its end. */
const char *console_row(struct console *console, int y);
void console_print(struct console *console);
/* The modes are those that were there before the program, the screen is the normal one. */
void console_expect_restored(struct console *console);
VTermScreenCell console_cell(struct console *console, int y, int x);
/* A mode that the bytes so far have set and not reset, or reset and not set again (the cursor's),
 * in a static buffer; NULL: the terminal is as it was. */
const char *console_mode_left(const struct console *console);
/* Look for these bytes in all that comes from now on: console->found. */
void console_watch(struct console *console, const char *needle);
/* The pid that a panel shows for this side. */
pid_t console_pid(struct console *console, const char *side);
/* Voluntary context switches: how often the program went to sleep, and so was woken. */
long long console_wakeups(const struct console *console);
long long now_ms(void);

#define fail_console(console, ...)      \
	do {                            \
		console_print(console); \
		fail_msg(__VA_ARGS__);  \
	} while (0)

#endif
