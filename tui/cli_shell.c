/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_shell.c - `bothends shell [SIDE] [-c COMMAND | -- COMMAND [ARGUMENT...]]` */
#include "cli.h"
#include "lab.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int usage(const char *word)
{
	fprintf(stderr,
		"bothends: shell: '%s' is not a side; usage: bothends shell [client|server|child] "
		"[-c COMMAND | -- COMMAND...]\n",
		word);
	return 2;
}

/* Bash and dash show PS1 from the environment only where no start-up file sets it; it does no harm
 * there. BOTHENDS, the lab's pid, is for the user's own prompt. */
static void prompt_hint(int lab)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", lab);
	setenv("BOTHENDS", text, 1);
	setenv("PS1", "bothends$ ", 1);
}

int cli_shell(int argc, char **argv)
{
	const char *shell = getenv("SHELL"), *script = NULL;
	char told[256];
	struct err err = {0};
	int side = SIDE_NONE, i = 1, lab;
	char **command = NULL;

	for (; i < argc; i++) {
		if (!strcmp(argv[i], "--") && i + 1 < argc && !script) {
			command = argv + i + 1;
			i = argc;
			break;
		}
		if (!strcmp(argv[i], "-c") && i + 1 < argc && !script) {
			script = argv[++i];
		} else if (argv[i][0] != '-' && side == SIDE_NONE) {
			side = side_from_name(argv[i]);
			if (side < 0)
				return usage(argv[i]);
		} else {
			return usage(argv[i]);
		}
	}

	lab = lab_join((enum side)side, told, sizeof(told), &err);
	if (lab < 0) {
		fprintf(stderr, "bothends: %s\n", err.text);
		return 3;
	}
	fprintf(stderr, "bothends: %s\n", told);
	prompt_hint(lab);
	signal(SIGXFSZ, SIG_DFL); /* ignored here only so that a save can say what failed */
	if (!shell || !*shell || access(shell, X_OK))
		shell = "/bin/sh";
	if (command)
		execvp(command[0], command);
	else if (script)
		execl(shell, shell, "-c", script, (char *)NULL);
	else
		execl(shell, shell, (char *)NULL);
	fprintf(stderr, "bothends: shell: %s: %s\n", command ? command[0] : shell, strerror(errno));
	return 3;
}
