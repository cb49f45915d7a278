/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_help.c - `bothends help [COMMAND]`, `--help`, `--version`. */
#include "cli.h"
#include "lab.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"bothends: a laboratory for the life and death of a TCP connection\n"
	"\n"
	"  bothends                          the lab\n"
	"  bothends lesson [NAME|NUMBER]     the lab on a lesson; without a name, the list\n"
	"      --link loopback|wire  --seed N  --theme dark|light|contrast|mono  --ascii\n"
	"  bothends run [OPTION...] FILE|-   play a script (.lab) or lesson (.md) without a "
	"screen\n"
	"      --json  --pcap FILE  --save NAME  --link loopback|wire  --seed N\n"
	"  bothends check [-j N] [FILE...]   play lessons without a screen; TAP on standard "
	"output\n"
	"  bothends shell [SIDE]             a shell inside the host of a running lab\n"
	"  bothends doctor                   what this machine allows, what is missing, the cure\n"
	"  bothends help [COMMAND]           the command language\n"
	"  bothends --help, --version\n"
	"\n"
	"Exit status: 0 all expectations held; 1 one did not; 2 usage or a mistake in the file;\n"
	"3 the machine does not allow it.\n";

/* Everything that was asked for, or a line on what went wrong: a full disk, a closed pipe. */
static int help_print(const char *text)
{
	if (fputs(text, stdout) < 0 || fflush(stdout)) {
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
	if (argv[0][0] == '-')
		return help_print(usage);
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
