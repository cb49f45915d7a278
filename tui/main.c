/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - which word of the command line was meant. */
#include "cli.h"
#include "lab.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

static const struct word {
	const char *name;
	int (*run)(int argc, char **argv);
} words[] = {
	{"lesson", cli_lesson},	 {"run", cli_run},   {"check", cli_check}, {"shell", cli_shell},
	{"doctor", cli_doctor},	 {"help", cli_help}, {"--help", cli_help}, {"-h", cli_help},
	{"--version", cli_help}, {"-V", cli_help},
};

/* A descriptor 0, 1 or 2 that is closed would become a namespace or a save file. What is opened
 * here in its place cannot be used, so that writing results to it is an error, as it should be. */
static void fill_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			_exit(EXIT_MACHINE);
}

int main(int argc, char **argv)
{
	fill_standard_descriptors();
	/* Numbers keep their point: JSON, TAP and times are for programs as well. */
	setlocale(LC_CTYPE, "");
	for (size_t i = 0; argc > 1 && i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(argv[1], words[i].name))
			return words[i].run(argc - 1, argv + 1);
	if (argc > 1 && argv[1][0] != '-') {
		fprintf(stderr,
			"bothends: lesson, run, check, shell, doctor or help expected, not '%s'; "
			"see bothends --help\n",
			argv[1]);
		return EXIT_MISTAKE;
	}
	return cli_lab(argc, argv);
}
