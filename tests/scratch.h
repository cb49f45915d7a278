/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scratch.h - a directory of a test's own: programs copied into it, all of it removed again. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int scratch_entry(const char *path, const struct stat *status, int flag,
				struct FTW *walk)
{
	(void)status;
	(void)flag;
	(void)walk;
	return remove(path);
}

/* The directory and all in it. 0, or -1 with errno. */
static inline int scratch_remove(const char *directory)
{
	return nftw(directory, scratch_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* A program into a new file that can be run. 0, or -1 with errno. */
static inline int scratch_copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	int bad = in < 0 || out < 0;
	char bytes[65536];
	ssize_t n;

	while (!bad && (n = read(in, bytes, sizeof(bytes))) != 0)
		bad = n < 0 || write(out, bytes, (size_t)n) != n;
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out))
		bad = 1;
	return bad ? -1 : 0;
}

#endif
