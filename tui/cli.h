/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.h - one function for each word of the command line. */
#ifndef CLI_H
#define CLI_H

/* Each takes the words from its own on (argv[0] is "doctor") and returns the exit status: 0, 1 an
 * expectation did not hold, 2 usage, 3 the machine does not allow it. */
int cli_doctor(int argc, char **argv);
int cli_shell(int argc, char **argv); /* execs; returns only when it cannot */

#endif
