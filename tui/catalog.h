/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog.h - the lessons of the course with what the reader has done, for every list of them. */
#ifndef CATALOG_H
#define CATALOG_H

#include "lab.h"
#include "progress.h"

#include <sys/stat.h>

struct catalog_entry {
	char *path;
	struct stat file; /* as it was when it was read */
	char label[8];	  /* "A", "7": what names it in the course */
	char *title;	  /* of a broken file its name */
	char *mistake;	  /* what is wrong with the file, with its line; NULL: nothing */
	bool page;
	char part; /* '\0': none */
	int minutes;
	enum link_kind link;
	struct tally tally;   /* of a page: the sum of its part's lessons */
	size_t lessons, done; /* a page's: of its part */
};

struct catalog {
	struct catalog_entry *entries;
	size_t count;
};

/* Read the course into a catalog that is empty or was read before: then only what has changed is
 * read once more. */
void catalog_read(struct catalog *catalog, const struct progress *progress);
void catalog_free(struct catalog *catalog);
/* "done, 2/3 right"; of a page "1 of 7 done"; "" where there is nothing to do. Returns `out`. */
char *catalog_words(const struct catalog_entry *entry, char *out, size_t size);
/* "07-....md" is 7, "A-....md" is A; "" where a file's name has no such begin. Returns `out`. */
char *catalog_label(const char *file, char *out, size_t size);
/* Whether this is a file of the course, by whatever path: only those count as progress. */
bool catalog_has(const char *file);

#endif
