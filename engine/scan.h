/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_H
#define SCAN_H
#include <stdbool.h>
#include <stddef.h>

/* scan.h - a call's arguments, as callargs.c writes them, read back. What does not fit sets `bad`,
 * and from then on nothing does. */
struct scan {
	const char *at;
	bool bad;
};

void scan_text(struct scan *scan, const char *text);
bool scan_try(struct scan *scan, const char *text);  /* take it if it is there */
bool scan_word(struct scan *scan, const char *word); /* the same, and the word ends there */
long scan_number(struct scan *scan, long least, long most);
/* A string in quotes: its bytes, at most `size`; returns how many. */
size_t scan_quoted(struct scan *scan, char *out, size_t size);
int scan_errno(struct scan *scan);	/* "EPIPE" */
int scan_signal(struct scan *scan);	/* "SIGPIPE", "SIG40" */
bool scan_end(const struct scan *scan); /* all was understood, to the end */

#endif
