/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_help.c - `bothends help [COMMAND]`, `--help`, `--version`. */
#include "cli.h"
#include "lab.h"
#include "mem.h"
#include "usage.h"

#include <stdlib.h>
#include <string.h>

/* Everything that was asked for, or a line on what went wrong: a full disk, a closed pipe. */
static int help_print(const char *text)
{
	if (fputs(text, stdout) < 0 || fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "bothends: cannot write standard output\n");
		return EXIT_MACHINE;
	}
	return EXIT_HELD;
}

int cli_help(int argc, char **argv)
{
	struct strbuf word = {0};
	struct err err = {0};
	char *text;
	int status;

	if (!strcmp(argv[0], "--version") || !strcmp(argv[0], "-V"))
		return help_print("bothends " LAB_VERSION "\n");
	if (argv[0][0] == '-') {
		usage_print(stdout);
		return help_print("");
	}
	for (int i = 1; i < argc; i++) {
		strbuf_puts(&word, i > 1 ? " " : "");
		strbuf_puts(&word, argv[i]);
	}
	text = help_text(word.text, &err);
	strbuf_free(&word);
	if (!text) {
		fprintf(stderr, "bothends: help: %s\n", err.text);
		return EXIT_MISTAKE;
	}
	status = help_print(text);
	free(text);
	return status;
}
