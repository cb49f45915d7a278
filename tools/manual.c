/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manual.c - the manual page: the frame from standard input; the command line, the keys and the
 * language from their tables. */
#include "keys.h"
#include "lab.h"
#include "mem.h"
#include "usage.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* As it is, whatever roff would make of it. */
static void roff(const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at == '\\')
			fputs("\\e", stdout);
		else if (*at == '-')
			fputs("\\-", stdout);
		else if ((*at == '.' || *at == '\'') && at == text)
			printf("\\&%c", *at);
		else
			putchar(*at);
	}
}

/* Words in capitals are the reader's, and italic; all others are bold. */
static void roff_words(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " |[].");

		if (len) {
			char *word = xstrndup(text, len);

			fputs(isupper((unsigned char)*word) ? "\\fI" : "\\fB", stdout);
			roff(word);
			fputs("\\fR", stdout);
			free(word);
		}
		text += len;
		if (*text)
			putchar(*text++);
	}
}

static void roff_option(const struct cli_option *option)
{
	char letter[3] = {'-', option->letter, '\0'};

	fputs("\\fB", stdout);
	if (option->name)
		fputs("\\-\\-", stdout);
	roff(option->name ? option->name : letter);
	fputs("\\fR", stdout);
	if (option->value) {
		putchar(' ');
		roff_words(option->value);
	}
}

static void synopsis(void)
{
	const struct cli_option *option;
	const struct word *word;

	for (size_t i = 0; (word = word_at(i)); i++) {
		if (word->name[0] == '-')
			continue;
		printf("%s\\fBbothends", i ? ".br\n" : "");
		printf("%s%s\\fR", *word->name ? " " : "", word->name);
		for (size_t k = 0; (option = option_at(k)); k++)
			if (option_of(option, word->name)) {
				fputs(" [", stdout);
				roff_option(option);
				putchar(']');
			}
		putchar(*word->args ? ' ' : '\n');
		if (*word->args) {
			roff_words(word->args);
			putchar('\n');
		}
	}
}

static void options(void)
{
	const struct cli_option *option;

	for (size_t k = 0; (option = option_at(k)); k++) {
		fputs(".TP\n", stdout);
		roff_option(option);
		printf("\n(%.*s) ", (int)strlen(option->words) - 2, option->words + 1);
		roff(option->help);
		fputs(".\n", stdout);
	}
}

static void keys(void)
{
	const struct key *key;

	for (size_t i = 0; (key = key_at(i)); i++) {
		if (!key->help)
			continue;
		fputs(".TP\n.B ", stdout);
		roff(key->name);
		putchar('\n');
		roff(key->help);
		fputs(".\n", stdout);
	}
}

static void commands(void)
{
	char *text = help_manual();

	fputs(text, stdout);
	free(text);
}

/* A line of the frame, with what stands in it for a name between @. */
static void line_print(const char *line, const char *date)
{
	const struct {
		const char *name, *value;
	} names[] = {{"@VERSION@", LAB_VERSION}, {"@DATE@", date}};

	while (*line) {
		bool found = false;

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (!strncmp(line, names[i].name, strlen(names[i].name))) {
				fputs(names[i].value, stdout);
				line += strlen(names[i].name);
				found = true;
			}
		if (!found)
			putchar(*line++);
	}
}

int main(int argc, char **argv) /* argv[1]: the date */
{
	static const struct {
		const char *line;
		void (*print)(void);
	} parts[] = {
		{"@SYNOPSIS@\n", synopsis},
		{"@OPTIONS@\n", options},
		{"@KEYS@\n", keys},
		{"@COMMANDS@\n", commands},
	};
	char line[1024];

	while (fgets(line, sizeof(line), stdin)) {
		bool part = false;

		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (!strcmp(line, parts[i].line)) {
				parts[i].print();
				part = true;
			}
		if (part)
			continue;
		line_print(line, argc > 1 ? argv[1] : "");
	}
	return ferror(stdin) || fflush(stdout);
}
