/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course.c - which lessons there are, and which one is meant. */
#include "lab.h"
#include "mem.h"
#include "script_lesson.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COURSE_FILES 1000
#define HEAD 4096 /* bytes of a file that are searched for its part */
#define NO_PART '~'

/* Beside the binary, in its source tree, where it was installed. */
static const char *const places[] = {"lessons", "../lessons", "../share/bothends/lessons"};

/* 01-....md is a lesson, A-....md a page; README.md is neither. */
static int course_wants(const struct dirent *entry)
{
	const char *name = entry->d_name, *at = name;
	size_t len = strlen(name);

	if (len < 4 || strcmp(name + len - 3, ".md"))
		return 0;
	if (isalpha((unsigned char)*at))
		at++;
	else
		while (isdigit((unsigned char)*at))
			at++;
	return at > name && *at == '-';
}

struct entry {
	char *path;
	char part; /* behind 'Z': of none */
	bool page;
};

/* A lesson's `part:` stands among its first lines. That it is well written is for who reads the
 * whole file: here it only sorts. */
static char course_part(const char *path)
{
	char text[HEAD + 1], *at;
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const ssize_t len = fd < 0 ? -1 : read(fd, text, HEAD);

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return NO_PART;
	text[len] = '\0';
	at = strstr(text, "\npart:");
	if (!at)
		return NO_PART;
	at += strlen("\npart:");
	at += strspn(at, " \t");
	return *at >= 'A' && *at <= 'Z' ? *at : NO_PART;
}

static struct entry course_entry(const char *place, const char *name)
{
	struct entry entry = {.path = xasprintf("%s/%s", place, name)};

	entry.page = isalpha((unsigned char)*name);
	entry.part = entry.page ? (char)toupper((unsigned char)*name) : course_part(entry.path);
	return entry;
}

static int course_order(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->part != b->part)
		return a->part - b->part;
	if (a->page != b->page)
		return a->page ? -1 : 1;
	return strverscmp(a->path, b->path);
}

static char *course_place(size_t i)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (len < 0)
		return NULL;
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return xasprintf("%s/%s", self, places[i]);
}

/* Takes the entries. */
static void course_sort(char **paths, struct dirent **entries, int count, const char *place)
{
	struct entry *sorted = xcalloc((size_t)count, sizeof(*sorted));
	size_t kept = 0;

	for (int i = 0; i < count; i++) {
		if (kept < COURSE_FILES)
			sorted[kept++] = course_entry(place, entries[i]->d_name);
		free(entries[i]);
	}
	qsort(sorted, kept, sizeof(*sorted), course_order);
	for (size_t i = 0; i < kept; i++)
		paths[i] = sorted[i].path;
	free(sorted);
}

char **course_list(void)
{
	char **paths = xcalloc(COURSE_FILES + 1, sizeof(*paths));

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !paths[0]; i++) {
		struct dirent **entries = NULL;
		char *place = course_place(i);
		int count = place ? scandir(place, &entries, course_wants, NULL) : -1;

		if (count > 0)
			course_sort(paths, entries, count, place);
		free(entries);
		free(place);
	}
	return paths;
}

void course_free(char **paths)
{
	for (size_t i = 0; paths && paths[i]; i++)
		free(paths[i]);
	free(paths);
}

static bool course_matches(const char *path, const char *name)
{
	const char *file = strrchr(path, '/') + 1;
	char *end, *of;
	long number = strtol(name, &end, 10);

	if (*name && !*end)
		return strtol(file, &of, 10) == number && of > file;
	if (isalpha((unsigned char)*name) && !name[1]) /* a page */
		return toupper((unsigned char)*name) == toupper((unsigned char)*file) &&
		       file[1] == '-';
	return strcasestr(file, name) != NULL;
}

char *course_find(const char *name, struct err *err)
{
	const size_t len = strlen(name);
	char **paths, *found = NULL;
	size_t matches = 0;

	if (strchr(name, '/') || script_lesson_is(name) ||
	    (len > 3 && !strcmp(name + len - 3, ".md"))) {
		if (!access(name, R_OK))
			return xstrdup(name);
		err_set(err, "cannot read the lesson %s: %s", name, strerror(errno));
		return NULL;
	}
	paths = course_list();
	for (size_t i = 0; paths[i]; i++) {
		const char *file = strrchr(paths[i], '/') + 1;
		const bool whole =
			!strncmp(file, name, strlen(file) - 3) && strlen(name) == strlen(file) - 3;

		if (!whole && !course_matches(paths[i], name))
			continue;
		if (!whole && matches++)
			continue;
		free(found);
		found = xstrdup(paths[i]);
		if (whole) {
			matches = 1;
			break;
		}
	}
	if (!paths[0])
		err_set(err, "no lessons found beside the program");
	else if (!matches)
		err_set(err, "no lesson `%s`; `lesson` without a name lists them", name);
	else if (matches > 1)
		err_set(err, "`%s` fits %zu lessons; `lesson` without a name lists them", name,
			matches);
	course_free(paths);
	if (matches == 1)
		return found;
	free(found);
	return NULL;
}
