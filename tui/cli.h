/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.h - one function for each word of the command line. */
#ifndef CLI_H
#define CLI_H
#include "lab.h"

/* The exit status of every word of the command line. */
enum {
	EXIT_HELD,    /* all expectations held */
	EXIT_FAILED,  /* one did not */
	EXIT_MISTAKE, /* usage, or a mistake in the file: nothing of it was executed */
	EXIT_MACHINE, /* the machine does not allow it */
};

/* What a lesson is given without a reader, in seconds: it may be a stranger's. */
#define CHECK_TIME 120
#define RUN_TIME 1800

/* Each takes the words from its own on (argv[0] is "doctor") and returns the exit status. */
int cli_lab(int argc, char **argv); /* no word: the lab itself */
int cli_lesson(int argc, char **argv);
int cli_run(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_replay(int argc, char **argv);
int cli_doctor(int argc, char **argv);
int cli_shell(int argc, char **argv); /* execs; returns only when it cannot */
int cli_help(int argc, char **argv);

/* One line for standard error: "FILE:LINE: text" or "bothends: text". Returns -1. */
int cli_say(const struct err *err);
/* What of this text the terminal may have: characters that the locale shows, ends of lines, and
 * something plain for all else. Malloc'd. */
char *cli_plain(const char *text);
/* The options that `word` ("" is the lab) takes of those that open the screen. Returns the index of
 * the first argument that is none of them; -1: said on standard error what was expected. */
struct screen_options;
int cli_screen_options(struct screen_options *screen, const char *word, int argc, char **argv);
/* Open the screen, or the line mode where that was asked for or is all that the terminal can do;
 * what went wrong is said on standard error. Returns the exit status. */
int cli_screen(const struct screen_options *screen);
/* An option's value; -1: said on standard error what was expected. */
int cli_link(const char *word, enum link_kind *link);
/* What the wire needs and this machine lacks; NULL: nothing. */
const struct feature_state *cli_wire_lacks(const struct lab *lab);
/* What the command that was refused asks for and this machine lacks; NULL: it has no excuse. */
const struct feature_state *cli_excuse(const struct lab *lab, const struct script *script,
				       const struct player *player);
/* The first `link` (of any kind, or to the wire) in a script; NULL: there is none. */
const struct command *cli_script_link(const struct script *script, bool wire);
int cli_number(const char *option, const char *word, unsigned least, unsigned most,
	       unsigned *number);

#endif
