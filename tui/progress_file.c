/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress_file.c - the file that progress is kept in: read, set aside, replaced. */
#include "progress_file.h"

#include "mem.h"
#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION 1
#define FILE_BYTES (1 << 20)
#define ASIDE 100 /* damaged files that are kept */

static const char *const marks[] = {
	[PROGRESS_NONE] = "",
	[PROGRESS_PLAYED] = "played",
	[PROGRESS_RIGHT] = "right",
	[PROGRESS_WRONG] = "wrong",
};

enum progress_mark progress_mark_of(const json_t *value)
{
	const char *word = json_string_value(value);

	for (enum progress_mark mark = PROGRESS_PLAYED; word && mark <= PROGRESS_WRONG; mark++)
		if (!strcmp(word, marks[mark]))
			return mark;
	return PROGRESS_NONE;
}

static bool lessons_valid(json_t *lessons)
{
	const char *name;
	json_t *lesson, *step;
	size_t i;

	if (!json_is_object(lessons) || json_object_size(lessons) > PROGRESS_LESSONS)
		return false;
	json_object_foreach(lessons, name, lesson)
	{
		const json_t *steps = json_object_get(lesson, "steps");

		if (!json_is_array(steps) || json_array_size(steps) > PROGRESS_STEPS)
			return false;
		json_array_foreach(steps, i, step)
		{
			if (!json_is_null(step) && progress_mark_of(step) == PROGRESS_NONE)
				return false;
		}
	}
	return true;
}

/* The "lessons" of a text, the caller's to release; NULL: damaged, or newer than this program. */
static json_t *lessons_parse(const char *text, size_t len, enum found *found)
{
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *lessons;
	const json_t *version = json_object_get(root, "version");

	*found = FOUND_DAMAGED;
	lessons = json_object_get(root, "lessons");
	if (json_is_integer(version) && json_integer_value(version) > VERSION)
		*found = FOUND_NEWER;
	else if (json_is_integer(version) && json_integer_value(version) == VERSION &&
		 lessons_valid(lessons))
		*found = FOUND;
	lessons = *found == FOUND ? json_incref(lessons) : NULL;
	json_decref(root);
	return lessons;
}

const char *progress_mark_word(enum progress_mark mark)
{
	return marks[mark];
}

enum found progress_file_read(const char *path, json_t **lessons, struct err *err)
{
	struct stat status;
	enum found found;
	size_t len;
	char *text;

	*lessons = NULL;
	if (stat(path, &status)) {
		if (errno == ENOENT)
			return FOUND_NONE;
		err_set(err, "progress is not kept: %s: %s", path, strerror(errno));
		return FOUND_REFUSED;
	}
	if (!S_ISREG(status.st_mode)) {
		err_set(err, "progress is not kept: %s is not a file", path);
		return FOUND_REFUSED;
	}
	if (status.st_size > FILE_BYTES)
		return FOUND_DAMAGED;
	text = file_read(path, &len, err);
	if (!text) {
		err_set(err, "progress is not kept: %s: %s", path, strerror(errno));
		return FOUND_REFUSED;
	}
	*lessons = lessons_parse(text, len, &found);
	free(text);
	if (found == FOUND_NEWER)
		err_set(err, "progress is not kept: %s is of a newer bothends", path);
	return found;
}

int progress_file_set_aside(const char *path, struct err *err)
{
	for (int i = 0; i < ASIDE; i++) {
		char *aside =
			i ? xasprintf("%s.damaged.%d", path, i) : xasprintf("%s.damaged", path);

		if (!link(path, aside) && !unlink(path)) {
			err_set(err, "progress: the file was damaged, and is now %s", aside);
			free(aside);
			return 0;
		}
		free(aside);
		if (errno != EEXIST)
			break;
	}
	return err_set(err, "progress is not kept: %s is damaged: %s", path, strerror(errno));
}

int progress_file_lock(char *path, unsigned patience, bool *busy)
{
	char *slash = strrchr(path, '/');
	int fd, bad, why;

	*busy = false;
	why = state_file_directories(path);
	*slash = '\0';
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*slash = '/';
	if (fd < 0) {
		errno = why ? why : errno;
		return -1;
	}
	while ((bad = flock(fd, LOCK_EX | LOCK_NB)) && errno == EWOULDBLOCK && patience--)
		poll(NULL, 0, 1);
	if (!bad || errno != EWOULDBLOCK)
		return fd;
	*busy = true;
	close(fd);
	return -1;
}

int progress_file_write(const char *path, json_t *lessons, struct err *err)
{
	json_t *root = json_pack("{s:i,s:O}", "version", VERSION, "lessons", lessons);
	char *json = json_dumps(root, JSON_INDENT(1) | JSON_SORT_KEYS);
	char *text = json ? xasprintf("%s\n", json) : NULL;
	char *temporary = xasprintf("%s.XXXXXX", path);
	int fd = text ? mkostemp(temporary, O_CLOEXEC) : -1, bad = fd < 0;
	size_t len = text ? strlen(text) : 0, done = 0;

	while (!bad && done < len) {
		ssize_t n = write(fd, text + done, len - done);

		if (n > 0)
			done += (size_t)n;
		else
			bad = n == 0 || errno != EINTR;
	}
	if (fd >= 0 && close(fd))
		bad = 1;
	if (!bad && rename(temporary, path))
		bad = 1;
	if (bad)
		err_set(err, "progress is not kept: %s: %s", path, strerror(errno));
	if (bad && fd >= 0)
		unlink(temporary);
	free(temporary);
	free(text);
	free(json);
	json_decref(root);
	return bad ? -1 : 0;
}
