/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog.c - the lessons of the course with what the reader has done, for every list of them. */
#include "catalog.h"

#include "mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *catalog_label(const char *file, char *out, size_t size)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	size_t len = strspn(name, "0123456789");

	if (!len && isalpha((unsigned char)*name))
		len = 1;
	*out = '\0';
	if (!len || name[len] != '-')
		return out;
	while (len > 1 && *name == '0') {
		name++;
		len--;
	}
	snprintf(out, size, "%.*s", (int)len, name);
	return out;
}

/* Count the lesson for the page that its part begins with. */
static void entry_count(struct catalog_entry *page, const struct catalog_entry *entry)
{
	page->lessons++;
	page->done += entry->tally.played == entry->tally.steps;
	page->tally.steps += entry->tally.steps;
	page->tally.played += entry->tally.played;
	page->tally.right += entry->tally.right;
	page->tally.asked += entry->tally.asked;
}

/* Returns the lesson's part; '\0': none. */
static char entry_read(struct catalog_entry *entry, const struct progress *progress)
{
	struct lesson *lesson = NULL;
	struct err err = {0};
	char part;

	catalog_label(entry->path, entry->label, sizeof(entry->label));
	if (lesson_read(entry->path, &lesson, &err)) {
		entry->title = xstrdup(strrchr(entry->path, '/') + 1);
		entry->mistake =
			err.line ? xasprintf("line %d: %s", err.line, err.text) : xstrdup(err.text);
		return '\0';
	}
	entry->title = xstrdup(lesson->title);
	entry->page = lesson->page;
	entry->minutes = lesson->minutes;
	entry->link = lesson->link;
	part = lesson->part;
	if (!entry->page)
		progress_tally(progress, entry->path, lesson->nsteps, &entry->tally);
	lesson_free(lesson);
	return part;
}

void catalog_read(struct catalog *catalog, const struct progress *progress)
{
	char **paths = course_list(), page_part = '\0';
	size_t count = 0, page = 0;

	while (paths[count])
		count++;
	catalog->entries = xcalloc(count + 1, sizeof(*catalog->entries));
	catalog->count = count;
	for (size_t i = 0; i < count; i++) {
		struct catalog_entry *entry = &catalog->entries[i];
		char part;

		entry->path = xstrdup(paths[i]);
		part = entry_read(entry, progress);
		if (entry->page) {
			page = i;
			page_part = part;
		} else if (part && part == page_part) {
			entry_count(&catalog->entries[page], entry);
		}
	}
	course_free(paths);
}

void catalog_free(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++) {
		free(catalog->entries[i].path);
		free(catalog->entries[i].title);
		free(catalog->entries[i].mistake);
	}
	free(catalog->entries);
	memset(catalog, 0, sizeof(*catalog));
}

char *catalog_words(const struct catalog_entry *entry, char *out, size_t size)
{
	*out = '\0';
	if (entry->page && entry->lessons)
		snprintf(out, size, "%zu of %zu done", entry->done, entry->lessons);
	else if (!entry->page && !entry->mistake)
		tally_words(&entry->tally, out, size);
	return out;
}

bool catalog_has(const char *file)
{
	char **paths = course_list();
	struct stat wanted, status;
	bool has = false;

	for (size_t i = 0; !stat(file, &wanted) && paths[i] && !has; i++)
		has = !stat(paths[i], &status) && status.st_dev == wanted.st_dev &&
		      status.st_ino == wanted.st_ino;
	course_free(paths);
	return has;
}
