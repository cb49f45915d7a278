/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * course_view.c - the list of lessons.
 *
 *   ┏ lessons ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ A Part A: The write that should have failed                    1 of 2 done┃
 *   ┃▶1 The write that should have failed  6 min  loopback  ✓ done, 2/3 right   ┃
 *   ┃ 2 The second write                   6 min  loopback  ▶ 3/5 steps         ┃
 */
#include "mem.h"
#include "view.h"

#include <stdio.h>
#include <string.h>

/* By their last parts: the file being read may have been named in another way. */
static bool course_same(const char *file, const char *other)
{
	const char *name = strrchr(file, '/'), *slash = strrchr(other, '/');

	return !strcmp(name ? name + 1 : file, slash ? slash + 1 : other);
}

/* The file behind this one in the course, malloc'd; NULL: there is none. */
char *course_next(const char *file)
{
	char **files = course_list(), *next = NULL;

	for (char **at = files; *at && !next; at++)
		if (at[1] && course_same(file, *at))
			next = xstrdup(at[1]);
	course_free(files);
	return next;
}

/* How much of it the reader has done: a glyph and words. */
static void course_state(struct screen *screen, const struct catalog_entry *entry)
{
	bool utf8 = screen->canvas.utf8;
	size_t all = entry->page ? entry->lessons : entry->tally.steps;
	size_t done = entry->page ? entry->done : entry->tally.played;
	enum style style = STYLE_DIM;
	enum glyph glyph = GLYPH_GONE;
	char words[64], state[80];

	if (entry->mistake)
		return;
	if (!*catalog_words(entry, words, sizeof(words))) {
		menu_state(&screen->menu, STYLE_DIM, "to read");
		return;
	}
	if (done == all) {
		style = STYLE_GOOD;
		glyph = GLYPH_TRUE;
	} else if (entry->tally.played) {
		style = STYLE_CHANGED;
		glyph = GLYPH_RIGHT;
	}
	snprintf(state, sizeof(state), "%s %s", glyph_text(glyph, utf8), words);
	menu_state(&screen->menu, style, state);
}

static void course_add(struct screen *screen, const struct catalog_entry *entry)
{
	struct menu *menu = &screen->menu;
	char more[64] = "";

	if (entry->mistake) {
		menu_add(menu, entry->title, entry->mistake, entry->path);
		menu_style(menu, STYLE_ERROR);
	} else {
		if (!entry->page)
			snprintf(more, sizeof(more), "%2d min  %s", entry->minutes,
				 link_name(entry->link));
		menu_add(menu, entry->title, more, entry->path);
		menu_style(menu, entry->page ? STYLE_HEADING : STYLE_PLAIN);
	}
	menu_label(menu, entry->label);
	course_state(screen, entry);
}

/* What goes with a lesson that is being read, or was left. */
static void course_lesson(struct screen *screen)
{
	const struct reader *reader = &screen->reader;
	struct menu *menu = &screen->menu;
	char place[64], text[96];

	if (reader->away) {
		snprintf(text, sizeof(text), "back to %s",
			 reader_place(reader, place, sizeof(place)));
		menu_add(menu, text, "", ":back");
		menu_label(menu, "b");
		menu_state(menu, STYLE_DIM,
			   screen_disturbed(screen) ? "on a fresh pair" : "as you left it");
	} else if (reader_reads(reader) && !reader_busy(reader)) {
		menu_add(menu, "the free lab, with the connection as it is", "", "leave");
		menu_label(menu, "f");
		menu_state(menu, STYLE_DIM, "");
	}
	if (reader->study) {
		menu_add(menu, "a step of this lesson again", "", ":steps");
		menu_label(menu, "s");
		menu_state(menu, STYLE_DIM, "");
	}
}

/* The way back; the lesson being read; otherwise the first that is not done. */
static void course_choose(struct screen *screen, const struct catalog *catalog, size_t first)
{
	const struct lesson *lesson = screen->reader.lesson;
	bool found = screen->reader.away;

	for (size_t i = 0; i < catalog->count; i++) {
		const struct catalog_entry *entry = &catalog->entries[i];

		if (lesson && !screen->reader.away && course_same(lesson->file, entry->path)) {
			screen->menu.chosen = first + i;
			return;
		}
		if (!found && !entry->page && !entry->mistake &&
		    entry->tally.played < entry->tally.steps) {
			screen->menu.chosen = first + i;
			found = true;
		}
	}
}

void course_open(struct screen *screen)
{
	struct catalog *catalog = &screen->catalog;
	size_t first;

	overlay_close(screen);
	progress_refresh(screen_progress(screen));
	catalog_read(catalog, screen->progress);
	course_lesson(screen);
	first = screen->menu.count;
	for (size_t i = 0; i < catalog->count; i++)
		course_add(screen, &catalog->entries[i]);
	course_choose(screen, catalog, first);
	if (catalog->count) {
		menu_title(&screen->menu, "lessons");
		screen->menu.numbers = true;
		screen->overlay = OVERLAY_LESSONS;
	} else {
		overlay_close(screen);
		screen_say(
			screen, STYLE_ERROR,
			"no lessons found, neither beside the program nor where it is installed");
	}
}
