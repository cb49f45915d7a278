/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - which word of the command line was meant. Options stand before it or behind it. */
#include "cli.h"
#include "lab.h"
#include "usage.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct entry {
	const char *name;
	int (*run)(int argc, char **argv);
} words[] = {
	{"lesson", cli_lesson},	 {"run", cli_run},     {"replay", cli_replay},
	{"check", cli_check},	 {"shell", cli_shell}, {"doctor", cli_doctor},
	{"help", cli_help},	 {"--help", cli_help}, {"-h", cli_help},
	{"--version", cli_help}, {"-V", cli_help},
};

/* Whether the value of an option, of any word's, may be the next argument. A long option may be cut
 * short, as getopt_long(3) takes it. */
static bool takes_next(const char *arg)
{
	const size_t len = strlen(arg);
	const struct cli_option *option;

	for (size_t i = 0; (option = option_at(i)); i++) {
		bool named = option->name && len > 2 && arg[1] == '-' &&
			     !strncmp(option->name, arg + 2, len - 2);

		if (option->value &&
		    (named || (!option->name && len == 2 && arg[1] == option->letter)))
			return true;
	}
	return false;
}

static const struct entry *entry_find(const char *name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].name, name))
			return &words[i];
	return NULL;
}

/* Put the word before the options that stand before it. NULL: there is none. */
static const struct entry *entry_first(int argc, char **argv)
{
	const struct entry *entry = NULL;
	char *name;
	int i = 1;

	while (i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0 &&
	       !(entry = entry_find(argv[i])))
		i += takes_next(argv[i]) ? 2 : 1;
	if (i >= argc || (!entry && !(entry = entry_find(argv[i]))))
		return NULL;
	name = argv[i];
	memmove(&argv[2], &argv[1], (size_t)(i - 1) * sizeof(argv[0]));
	argv[1] = name;
	return entry;
}

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
	static char name[] = "bothends"; /* under which getopt(3) complains, as all here do */
	const struct entry *entry;

	fill_standard_descriptors();
	/* A file that may not grow is an error of write(2), not the end. */
	signal(SIGXFSZ, SIG_IGN);
	/* Numbers keep their point: JSON, TAP and times are for programs as well. */
	setlocale(LC_CTYPE, "");
	entry = entry_first(argc, argv);
	if (!entry || entry->run != cli_help)
		argv[entry != NULL] = name;
	return entry ? entry->run(argc - 1, argv + 1) : cli_lab(argc, argv);
}
