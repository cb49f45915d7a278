/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCFILE_H
#define PROCFILE_H

#include <stddef.h>

/* Write a whole text into a file of /proc in one call. -1 with errno. */
int procfile_write(const char *path, const char *text);
/* The file's beginning without the blanks at its end. -1 with errno. */
int procfile_read(const char *path, char *out, size_t size);

#endif
