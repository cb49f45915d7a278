/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_lab.c - `bothends` and `bothends lesson [NAME|NUMBER|FILE]`: the screen, and what it opens
 * on. */
#include "catalog.h"
#include "cli.h"
#include "line.h"
#include "screen.h"
#include "style.h"
#include "terminal.h"
#include "usage.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int lab_theme(const char *word, const char **theme)
{
	if (style_theme(word)) {
		*theme = word;
		return 0;
	}
	fprintf(stderr,
		"bothends: --theme dark, light, contrast, contrast-light or mono expected, "
		"not '%s'\n",
		word);
	return -1;
}

static int lab_pace(const char *word, int64_t *pace)
{
	*pace = text_time(word, true);
	if (*pace >= 200 * NS_PER_MS && *pace <= 3600 * NS_PER_S)
		return 0;
	fprintf(stderr, "bothends: --pace: a time from 200ms to 3600s expected, not '%s'\n", word);
	return -1;
}

int cli_screen_options(struct screen_options *screen, const char *word, int argc, char **argv)
{
	int c, bad = 0;

	while (!bad && (c = getopt_long(argc, argv, "", option_getopt(word), NULL)) != -1) {
		if (c == 'l')
			bad = cli_link(optarg, &screen->link);
		else if (c == 's')
			bad = cli_number("--seed", optarg, 0, UINT_MAX, &screen->seed);
		else if (c == 't')
			bad = lab_theme(optarg, &screen->theme);
		else if (c == 'S')
			screen->stage = true;
		else if (c == 'w')
			bad = lab_pace(optarg, &screen->pace);
		else if (c == 'a')
			screen->ascii = true;
		else if (c == 'P')
			screen->plain = true;
		else if (c == 'M')
			screen->no_mouse = true;
		else {
			usage_print_word(stderr, word);
			bad = -1;
		}
	}
	return bad ? -1 : optind;
}

int cli_screen(const struct screen_options *screen)
{
	struct err err = {0};
	int status;

	if (screen->plain || terminal_dumb())
		status = line_run(screen, &err);
	else
		status = screen_run(screen, &err);
	if (err.text[0])
		cli_say(&err);
	return status;
}

int cli_lab(int argc, char **argv)
{
	struct screen_options screen = {0};
	int first = cli_screen_options(&screen, "", argc, argv);

	if (first < 0)
		return EXIT_MISTAKE;
	if (first < argc) {
		fprintf(stderr,
			"bothends: lesson, run, check, replay, shell, doctor or help expected, not "
			"'%s'; "
			"see bothends --help\n",
			argv[first]);
		return EXIT_MISTAKE;
	}
	return cli_screen(&screen);
}

/* Without a terminal the list is text: what `bothends lesson NUMBER` opens, and what was done. */
static int lesson_list(void)
{
	struct err err = {0};
	struct progress *progress = progress_open(&err);
	struct catalog catalog = {0};
	int status = EXIT_HELD;

	if (err.text[0])
		cli_say(&err);
	catalog_read(&catalog, progress);
	for (size_t i = 0; i < catalog.count; i++) {
		const struct catalog_entry *entry = &catalog.entries[i];
		const char *name = strrchr(entry->path, '/') + 1;
		char words[64], *title = cli_plain(entry->title);

		printf("%-3.*s ", (int)strcspn(name, "-"), name);
		if (entry->mistake) {
			char *mistake = cli_plain(entry->mistake);

			printf("broken: %s: %s\n", title, mistake);
			status = EXIT_MISTAKE;
			free(mistake);
			free(title);
			continue;
		}
		if (entry->page)
			printf("%16s", "");
		else
			printf("%2d min  %-8s", entry->minutes, link_name(entry->link));
		printf("  %-20s  %s\n", catalog_words(entry, words, sizeof(words)), title);
		free(title);
	}
	catalog_free(&catalog);
	progress_close(progress);
	if (fflush(stdout)) {
		fprintf(stderr, "bothends: cannot write standard output\n");
		return EXIT_MACHINE;
	}
	return status;
}

/* A mistake is said before the screen begins, where it stays to be read. */
static bool lesson_mistaken(const char *file)
{
	struct lesson *lesson = NULL;
	struct err err = {0};

	if (lesson_read(file, &lesson, &err))
		cli_say(&err);
	lesson_free(lesson);
	return err.text[0] != '\0';
}

int cli_lesson(int argc, char **argv)
{
	struct screen_options screen = {.list = true};
	int first = cli_screen_options(&screen, "lesson", argc, argv), status;
	struct err err = {0};
	char *file = NULL;

	if (first < 0)
		return EXIT_MISTAKE;
	if (first + 1 < argc) {
		usage_print_word(stderr, "lesson");
		return EXIT_MISTAKE;
	}
	if (first < argc) {
		file = course_find(argv[first], &err);
		if (!file) {
			cli_say(&err);
			return EXIT_MISTAKE;
		}
		screen.lesson = file;
		screen.list = false;
		if (lesson_mistaken(file)) {
			free(file);
			return EXIT_MISTAKE;
		}
	}
	if (!file && !screen.plain && !isatty(STDOUT_FILENO))
		return lesson_list();
	status = cli_screen(&screen);
	free(file);
	return status;
}
