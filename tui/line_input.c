/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line_input.c - lines of commands: readline on a terminal, plain lines from anything else.
 *
 * The prompt is shown only while the lab rests; until then what is typed waits in the terminal.
 */
#include "line.h"

#include "history.h"
#include "mem.h"
#include "prompt.h"

#include <errno.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 4000 /* as at the screen's prompt */

static struct {
	bool edited, shown, ended, bad;
	char *line;		    /* whole, and not yet taken */
	char bytes[LINE_BYTES + 1]; /* read, not yet a line */
	size_t len;
	bool skip; /* the rest of a line that was too long */
} input;

static void input_accept(char *line)
{
	rl_callback_handler_remove();
	input.shown = false;
	if (!line) {
		input.ended = true;
		fputs("\n", stdout); /* the shell's prompt has its own line */
		return;
	}
	input.bad = prompt_overflowed();
	if (*line && !input.bad)
		prompt_history_add(line);
	if (input.bad) {
		free(line);
		return;
	}
	input.line = line;
}

void input_start(bool edited, bool utf8)
{
	memset(&input, 0, sizeof(input));
	input.edited = edited;
	rl_terminal_name = "dumb"; /* not one sequence of any terminal's */
	prompt_setup(utf8);
	rl_variable_bind("completion-query-items", "-1"); /* it would wait for the answer */
	rl_variable_bind("page-completions", "off");
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_variable_bind("bell-style", "none");
}

void input_stop(void)
{
	if (input.shown && input.edited)
		rl_callback_handler_remove();
	if (input.shown && isatty(STDIN_FILENO))
		fputs("\n", stdout);
	input.shown = false;
}

void input_show(void)
{
	char name[32];

	if (input.shown || input.ended)
		return;
	input.shown = true;
	prompt_words(name, sizeof(name));
	if (input.edited) {
		rl_callback_handler_install(name, input_accept);
	} else if (isatty(STDIN_FILENO)) {
		fputs(name, stdout);
		fflush(stdout);
	}
}

void input_hide(void)
{
	if (!input.shown)
		return;
	if (input.edited) {
		/* What is half typed stays where it is, and comes again behind the news. */
		if (rl_end)
			fputs("\n", stdout);
		else
			rl_clear_visible_line();
	} else if (isatty(STDIN_FILENO)) {
		fputs("\n", stdout);
		input.shown = false;
	}
}

void input_back(void)
{
	if (!input.shown || !input.edited)
		return;
	rl_on_new_line();
	rl_redisplay();
}

/* The next whole line of what was read. */
static void input_split(void)
{
	char *end = memchr(input.bytes, '\n', input.len);
	size_t len = end ? (size_t)(end - input.bytes) : input.len;

	if (!end && !input.ended && input.len < LINE_BYTES)
		return;
	if (end || input.ended) {
		if (memchr(input.bytes, '\0', len) || (!end && !len))
			input.bad |= len > 0;
		else if (!input.skip)
			input.line = xstrndup(input.bytes,
					      len && input.bytes[len - 1] == '\r' ? len - 1 : len);
		input.skip = false;
	} else {
		input.bad |= !input.skip;
		input.skip = true;
	}
	len += end != NULL;
	input.len -= len;
	memmove(input.bytes, input.bytes + len, input.len);
}

bool input_whole(void)
{
	if (!input.line && !input.edited)
		input_split();
	return input.line != NULL;
}

char *input_take(void)
{
	char *line = input.line;

	input.line = NULL;
	return line;
}

bool input_was_bad(void)
{
	bool bad = input.bad;

	input.bad = false;
	return bad;
}

/* One byte: what comes behind a line waits in the terminal. */
static void input_read_edited(void)
{
	char byte;
	ssize_t n;

	if (!input.shown) /* Ctrl-C has just taken it away */
		return;
	n = read(STDIN_FILENO, &byte, 1);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		prompt_feed(&byte, 1);
	else
		input.ended = true;
}

void input_read(void)
{
	ssize_t n;

	if (input.edited) {
		input_read_edited();
		return;
	}
	if (input.len >= LINE_BYTES) /* never; but a compiler that looks ahead cannot know */
		return;
	n = read(STDIN_FILENO, input.bytes + input.len, LINE_BYTES - input.len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	input.ended = n <= 0;
	input.shown &= input.ended; /* a line's end was echoed, the end of the input is not */
	input.len += n > 0 ? (size_t)n : 0;
}

bool input_ended(void)
{
	return input.ended && !input.len;
}

void input_interrupt(void)
{
	if (!input.edited || !input.shown)
		return;
	fputs("\n", stdout);
	prompt_interrupt(); /* what was begun, a search say, ends before its handler does */
	rl_callback_handler_remove();
	input.shown = false;
}

void input_resume(void)
{
	if (!input.edited || !input.shown)
		return;
	rl_deprep_terminal(); /* or it believes that its modes are still there */
	rl_prep_terminal(1);
	rl_on_new_line();
	rl_redisplay();
}
