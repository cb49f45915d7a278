/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputrc.c - whether readline can be given the reader's ~/.inputrc. It would wait on a pipe, read
 * /dev/zero for ever, and follow a file that includes itself until its stack is used up. */
#include "inputrc.h"

#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUTRC_BYTES (1 << 20)
#define INPUTRC_DEPTH 8
#define INPUTRC_FILES 64 /* looked at, all includes together */

/* The whole file; NULL where there is none, which is fine, or with a message. */
static char *inputrc_read(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	char *text = NULL;
	ssize_t n;

	if (fd < 0) {
		if (errno != ENOENT)
			err_set(err, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fd, &status) || !(S_ISREG(status.st_mode) || !strcmp(path, "/dev/null")) ||
	    status.st_size > INPUTRC_BYTES) {
		err_set(err, "%s is not a file of at most 1 MiB", path);
	} else {
		text = xcalloc(1, INPUTRC_BYTES + 1);
		n = read(fd, text, INPUTRC_BYTES);
		text[n > 0 ? n : 0] = '\0';
	}
	close(fd);
	return text;
}

static char *inputrc_home(const char *path)
{
	const char *home = getenv("HOME");

	return path[0] == '~' && path[1] == '/' ? xasprintf("%s%s", home ? home : "", path + 1)
						: xstrdup(path);
}

static int inputrc_walk(const char *path, int depth, int *files, struct err *err)
{
	char *text, *line, *rest;
	int bad = 0;

	if (depth > INPUTRC_DEPTH || ++*files > INPUTRC_FILES)
		return err_set(err, "%s: too many files include each other", path);
	text = inputrc_read(path, err);
	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line && !bad;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *name;

		line += strspn(line, " \t");
		if (strncmp(line, "$include", 8))
			continue;
		line += 8;
		line += strspn(line, " \t");
		line[strcspn(line, " \t\r")] = '\0';
		name = inputrc_home(line);
		bad = inputrc_walk(name, depth + 1, files, err);
		free(name);
	}
	free(text);
	return err->text[0] ? -1 : bad;
}

int inputrc_check(struct err *err)
{
	const char *named = getenv("INPUTRC");
	char *path = inputrc_home(named && *named ? named : "~/.inputrc");
	int files = 0, bad;

	memset(err, 0, sizeof(*err));
	bad = inputrc_walk(path, 0, &files, err);
	if (bad) {
		setenv("INPUTRC", "/dev/null", 1);
		err_wrap(err, "keys of one's own are left out");
	}
	free(path);
	return bad;
}
