/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress_file.h - the file that progress is kept in. */
#ifndef PROGRESS_FILE_H
#define PROGRESS_FILE_H

#include "progress.h"

#include <jansson.h>

#define PROGRESS_LESSONS 2000
#define PROGRESS_STEPS 64 /* of a lesson */

enum found { FOUND, FOUND_NONE, FOUND_DAMAGED, FOUND_NEWER, FOUND_REFUSED };

/* A mark's word in the file, and back: PROGRESS_NONE for anything else. */
const char *progress_mark_word(enum progress_mark mark);
enum progress_mark progress_mark_of(const json_t *value);
/* FOUND: `*lessons` gets the file's, valid, the caller's to release. FOUND_NEWER, FOUND_REFUSED:
 * `err` says why nothing may be written there. FOUND_DAMAGED says nothing. */
enum found progress_file_read(const char *path, json_t **lessons, struct err *err);
/* Give a damaged file another name, and overwrite nothing with it. `err` says what became of it
 * (0), or why nothing can be kept (-1). */
int progress_file_set_aside(const char *path, struct err *err);
/* Make the file's directory and lock it, until the descriptor is closed; wait at most `patience` ms
 * for another lab. -1: errno says why, or (`*busy`) not now. A file system without locks has none.
 */
int progress_file_lock(char *path, unsigned patience, bool *busy);
/* A new file with these lessons, renamed into the old one's place. */
int progress_file_write(const char *path, json_t *lessons, struct err *err);

#endif
