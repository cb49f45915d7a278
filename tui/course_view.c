/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * course_view.c - the list of lessons.
 *
 *   ┏ lessons ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃▶1 The write that should have failed   5 min  loopback        ┃
 *   ┃ 2 ...                                                        ┃
 */
#include "mem.h"
#include "view.h"

#include <stdio.h>
#include <string.h>

/* The file behind this one in the course, malloc'd; NULL: there is none. Files are compared by
 * their last part: the one being read may have been named in another way. */
char *course_next(const char *file)
{
	char **files = course_list(), *next = NULL;
	const char *name = strrchr(file, '/');

	name = name ? name + 1 : file;
	for (char **at = files; *at && !next; at++) {
		const char *slash = strrchr(*at, '/');

		if (at[1] && !strcmp(slash ? slash + 1 : *at, name))
			next = xstrdup(at[1]);
	}
	course_free(files);
	return next;
}

void course_open(struct screen *screen)
{
	char **files = course_list();

	overlay_close(screen);
	for (char **file = files; *file; file++) {
		const char *name = strrchr(*file, '/');
		struct lesson *lesson = NULL;
		struct err err = {0};
		char more[1024] = "", label[8];

		name = name ? name + 1 : *file;
		snprintf(label, sizeof(label), "%.*s", (int)strcspn(name + (*name == '0'), "-."),
			 name + (*name == '0'));
		if (lesson_read(*file, &lesson, &err)) {
			menu_add(&screen->menu, name, err.text, *file);
			menu_label(&screen->menu, label);
			continue;
		}
		if (lesson->page)
			snprintf(more, sizeof(more), "to read");
		else
			snprintf(more, sizeof(more), "%d min  %s  %s", lesson->minutes,
				 link_name(lesson->link), lesson->level ? lesson->level : "");
		menu_add(&screen->menu, lesson->title, more, *file);
		menu_label(&screen->menu, label);
		if (screen->reader.lesson && !strcmp(screen->reader.lesson->file, lesson->file))
			screen->menu.chosen = screen->menu.count - 1;
		lesson_free(lesson);
	}
	course_free(files);
	if (!screen->menu.count) {
		screen_say(
			screen, STYLE_ERROR,
			"no lessons found, neither beside the program nor where it is installed");
		return;
	}
	menu_title(&screen->menu, "lessons");
	screen->overlay = OVERLAY_LESSONS;
}
