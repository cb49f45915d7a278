/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog.c - the lessons of the course with what the reader has done, for every list of them. */
#include "catalog.h"

#include "mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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

static void entry_read(struct catalog_entry *entry)
{
	struct lesson *lesson = NULL;
	struct err err = {0};

	catalog_label(entry->path, entry->label, sizeof(entry->label));
	if (lesson_read(entry->path, &lesson, &err)) {
		entry->title = xstrdup(strrchr(entry->path, '/') + 1);
		entry->mistake =
			err.line ? xasprintf("line %d: %s", err.line, err.text) : xstrdup(err.text);
		return;
	}
	entry->title = xstrdup(lesson->title);
	entry->page = lesson->page;
	entry->part = lesson->part;
	entry->minutes = lesson->minutes;
	entry->link = lesson->link;
	entry->tally.steps = lesson->nsteps;
	lesson_free(lesson);
}

static void entry_free(struct catalog_entry *entry)
{
	free(entry->path);
	free(entry->title);
	free(entry->mistake);
}

static bool file_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino &&
	       one->st_size == other->st_size &&
	       !memcmp(&one->st_mtim, &other->st_mtim, sizeof(one->st_mtim)) &&
	       !memcmp(&one->st_ctim, &other->st_ctim, sizeof(one->st_ctim));
}

/* To parse all files costs more than a key may: take what was read before, where it is the same.
 * It was at about the same place. */
static void entry_take(struct catalog_entry *entry, const char *path, struct catalog *old,
		       size_t at)
{
	struct stat now;

	/* Before it is read: what is written meanwhile is then seen the next time. */
	if (stat(path, &now))
		memset(&now, 0, sizeof(now));
	for (size_t i = 0; i < old->count; i++) {
		struct catalog_entry *was = &old->entries[(at + i) % old->count];

		if (!was->path || strcmp(was->path, path) || !file_same(&was->file, &now))
			continue;
		*entry = *was;
		memset(was, 0, sizeof(*was));
		return;
	}
	entry->path = xstrdup(path);
	entry->file = now;
	entry_read(entry);
}

/* What the reader has done, of each lesson and of each part. */
static void catalog_tally(struct catalog *catalog, const struct progress *progress)
{
	struct catalog_entry *page = NULL;

	for (size_t i = 0; i < catalog->count; i++) {
		struct catalog_entry *entry = &catalog->entries[i];

		if (entry->page) {
			page = entry;
			page->lessons = page->done = 0;
			memset(&page->tally, 0, sizeof(page->tally));
		} else if (!entry->mistake) {
			progress_tally(progress, entry->path, entry->tally.steps, &entry->tally);
		}
		if (!entry->page && entry->part && page && entry->part == page->part)
			entry_count(page, entry);
	}
}

void catalog_read(struct catalog *catalog, const struct progress *progress)
{
	struct catalog old = *catalog;
	char **paths = course_list();
	size_t count = 0;

	while (paths[count])
		count++;
	catalog->entries = xcalloc(count + 1, sizeof(*catalog->entries));
	catalog->count = count;
	for (size_t i = 0; i < count; i++)
		entry_take(&catalog->entries[i], paths[i], &old, i);
	catalog_free(&old);
	course_free(paths);
	catalog_tally(catalog, progress);
}

void catalog_free(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++)
		entry_free(&catalog->entries[i]);
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
