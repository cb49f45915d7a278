/* SPDX-License-Identifier: GPL-3.0-or-later */
/* procfile.c - the small files in which the kernel keeps its settings. */
#include "procfile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int procfile_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), saved;
	ssize_t put;

	if (fd < 0)
		return -1;
	put = write(fd, text, strlen(text));
	saved = errno;
	close(fd);
	errno = saved;
	return put == (ssize_t)strlen(text) ? 0 : -1;
}

int procfile_read(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -1;
	got = read(fd, out, size - 1);
	close(fd);
	if (got < 0)
		return -1;
	while (got && isspace((unsigned char)out[got - 1]))
		got--;
	out[got] = '\0';
	return 0;
}
