/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state_file.c - where what is kept between runs lives. */
#include "state_file.h"

#include "mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *state_file_path(const char *name)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state == '/')
		return xasprintf("%s/bothends/%s", state, name);
	return home && *home == '/' ? xasprintf("%s/.local/state/bothends/%s", home, name) : NULL;
}

int state_file_directories(char *path)
{
	int why = 0;

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!mkdir(path, 0700) || errno == EEXIST)
			why = 0;
		else if (!why || errno != ENOENT) /* which follows from the first */
			why = errno;
		*slash = '/';
	}
	return why;
}
