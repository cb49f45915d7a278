/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history.c - the prompt's history, kept between runs. */
#include "history.h"

#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <readline/history.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HISTORY_LINES 1000
#define HISTORY_BYTES (1 << 20)

static int history_fresh; /* lines that are not in the file yet */

/* Whether there is a file that readline may be given: it reads all of it, and would wait on a
 * pipe. 1, 0 when there is none yet, -1. */
static int history_check(const char *path, struct err *err)
{
	struct stat status;

	if (stat(path, &status)) {
		if (errno == ENOENT)
			return 0;
		return err_set(err, "history: %s: %s", path, strerror(errno));
	}
	if (!S_ISREG(status.st_mode) || status.st_size > HISTORY_BYTES)
		return err_set(err, "history: %s is not a file of at most 1 MiB", path);
	return 1;
}

int prompt_history_read(struct err *err)
{
	char *path = state_file_path("history");
	int found, result = 0;

	stifle_history(HISTORY_LINES);
	if (!path)
		return 0;
	found = history_check(path, err);
	if (found > 0 && read_history(path))
		result = err_set(err, "history: %s: %s", path, strerror(errno));
	else if (found < 0)
		result = -1;
	using_history(); /* Up begins at the newest */
	free(path);
	return result;
}

void prompt_history_add(const char *line)
{
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;

	if (last && !strcmp(last->line, line))
		return;
	add_history(line);
	if (history_fresh < history_length)
		history_fresh++;
}

int prompt_history_write(struct err *err)
{
	char *path = state_file_path("history");
	int fresh = history_fresh, result = 0, why, fd;

	if (!path)
		return 0;
	if (fresh > 0 && history_check(path, err) < 0) {
		result = -1;
	} else if (fresh > 0) {
		why = state_file_directories(path);
		fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
		if (fd >= 0)
			close(fd);
		if (fd < 0 || append_history(fresh, path))
			result = err_set(err, "history: %s: %s", path,
					 strerror(fd < 0 && why ? why : errno));
		else
			history_truncate_file(path, HISTORY_LINES);
		history_fresh = 0;
	}
	free(path);
	return result;
}
