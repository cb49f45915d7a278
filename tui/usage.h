/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usage.h - the words of the command line and their options: what getopt(3), --help, the manual
 * page and the completion of the shells are made from. */
#ifndef USAGE_H
#define USAGE_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One word of the command line. */
struct word {
	const char *name;  /* "run"; "" stands for the lab itself */
	const char *args;  /* what may stand behind it, beside options: "FILE|-" */
	const char *help;  /* one line */
	const char *files; /* endings of the files it takes: "lab md"; "": none */
};
const struct word *word_at(size_t i); /* NULL past the end */

/* One option. */
struct cli_option {
	char letter;	  /* what getopt returns; printed as "-j" where there is no name */
	const char *name; /* "link", without dashes; NULL: only the letter */
	const char
		*value; /* "FILE", "N", or all that can stand there: "loopback|wire"; NULL: none */
	const char *words; /* which take it, between blanks: " lab lesson run " */
	const char *help;  /* one line */
};
const struct cli_option *option_at(size_t i); /* NULL past the end */

/* Whether this word of the command line ("" is the lab) takes the option. */
bool option_of(const struct cli_option *option, const char *word);
/* As getopt_long(3) wants them, for the word; a static array. Letters stand in the table. */
const struct option *option_getopt(const char *word);

/* The whole of --help. */
void usage_print(FILE *out);
/* "usage: bothends run [--json] ... FILE|-" and a newline. */
void usage_print_word(FILE *out, const char *word);

#endif
