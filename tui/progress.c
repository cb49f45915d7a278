/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - what the reader has done in the lessons of the course, kept between runs.
 *
 * Several labs may write the file: each holds a lock on its directory, reads it, puts its own steps
 * over what is there, and renames a new file into its place.
 */
#include "progress.h"

#include "mem.h"
#include "progress_file.h"
#include "state_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Milliseconds that another lab may hold the file: it writes for a fraction of one. Between two
 * steps no reader shall feel it; where there is no next time, what is not kept is lost. */
#define PATIENCE 8
#define PATIENCE_LAST 500

struct progress {
	char *path;    /* NULL: there is nowhere to keep it */
	json_t *kept;  /* "lessons", as the file had it with ours put over it */
	json_t *fresh; /* steps of ours that are not in the file yet */
	bool off;      /* the file is left alone from now on: why was said */
};

static const char *file_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

/* Put the steps of one over those of the other. */
static void lessons_merge(json_t *to, json_t *from)
{
	const char *name;
	json_t *lesson, *step;
	size_t i;

	json_object_foreach(from, name, lesson)
	{
		json_t *steps = json_object_get(json_object_get(to, name), "steps");

		if (!steps && json_object_size(to) >= PROGRESS_LESSONS)
			continue;
		if (!steps) {
			json_t *entry = json_pack("{s:[]}", "steps");

			if (json_object_set_new(to, name, entry))
				continue; /* a name that is no UTF-8 */
			steps = json_object_get(entry, "steps");
		}
		json_array_foreach(json_object_get(lesson, "steps"), i, step)
		{
			if (i >= json_array_size(steps))
				json_array_append(steps, step);
			else if (!json_is_null(step))
				json_array_set(steps, i, step);
		}
	}
}

/* Another lab may have set it aside meanwhile, and written a good one: look again, alone. */
static enum found progress_recover(struct progress *progress, struct err *err)
{
	enum found found = FOUND_REFUSED;
	bool busy;
	int lock = progress_file_lock(progress->path, PATIENCE_LAST, &busy);

	if (lock < 0) {
		err_set(err, "progress is not kept: %s is damaged, and another lab holds it",
			progress->path);
		return found;
	}
	found = progress_file_read(progress->path, &progress->kept, err);
	if (found == FOUND_DAMAGED)
		found = progress_file_set_aside(progress->path, err) ? FOUND_REFUSED : FOUND_NONE;
	close(lock);
	return found;
}

struct progress *progress_open(struct err *err)
{
	struct progress *progress = xcalloc(1, sizeof(*progress));
	enum found found = FOUND_REFUSED;
	char *path, *whole;

	memset(err, 0, sizeof(*err));
	path = state_file_path("progress.json");
	whole = path ? realpath(path, NULL) : NULL; /* a link stays one */
	progress->path = whole ? whole : path;
	if (whole)
		free(path);
	progress->fresh = json_object();
	if (progress->path)
		found = progress_file_read(progress->path, &progress->kept, err);
	else
		err_set(err, "progress is not kept: there is no HOME");
	if (found == FOUND_DAMAGED)
		found = progress_recover(progress, err);
	progress->off = found == FOUND_NEWER || found == FOUND_REFUSED;
	if (!progress->kept)
		progress->kept = json_object();
	return progress;
}

void progress_refresh(struct progress *progress)
{
	struct err err;
	json_t *lessons;

	if (progress->off || progress_file_read(progress->path, &lessons, &err) != FOUND)
		return; /* told with the next step */
	lessons_merge(lessons, progress->fresh);
	json_decref(progress->kept);
	progress->kept = lessons;
}

/* With the lock held: read, put ours over it, write. -1: there is something to say. */
static int progress_replace(struct progress *progress, struct err *err)
{
	json_t *lessons;
	enum found found = progress_file_read(progress->path, &lessons, err);
	int said = 0;

	if (found == FOUND_DAMAGED) {
		said = -1;
		lessons = json_deep_copy(progress->kept);
		found = progress_file_set_aside(progress->path, err) ? FOUND_REFUSED : FOUND_NONE;
	}
	if (found == FOUND_NEWER || found == FOUND_REFUSED) {
		json_decref(lessons);
		progress->off = true;
		return -1;
	}
	if (!lessons)
		lessons = json_object();
	lessons_merge(lessons, progress->fresh);
	if (progress_file_write(progress->path, lessons, err)) {
		progress->off = true;
		said = -1;
	} else {
		json_object_clear(progress->fresh);
	}
	json_decref(progress->kept);
	progress->kept = lessons;
	return said;
}

static int progress_save(struct progress *progress, unsigned patience, struct err *err)
{
	int lock, said;
	bool busy;

	if (progress->off || !json_object_size(progress->fresh))
		return 0;
	lock = progress_file_lock(progress->path, patience, &busy);
	if (busy)
		return 0; /* with the next step, then */
	if (lock < 0) {
		progress->off = true;
		return err_set(err, "progress is not kept: %s: %s", progress->path,
			       strerror(errno));
	}
	said = progress_replace(progress, err);
	close(lock);
	return said;
}

int progress_note(struct progress *progress, const char *file, size_t steps, size_t step,
		  enum progress_mark mark, struct err *err)
{
	const json_t *entry = json_object_get(progress->kept, file_name(file));
	const json_t *old = json_array_get(json_object_get(entry, "steps"), step);
	json_t *mine, *list;

	memset(err, 0, sizeof(*err));
	/* To play a step once more without a prediction takes the old one's mark from nobody. */
	if (step >= steps || step >= PROGRESS_STEPS || mark == PROGRESS_NONE ||
	    (mark == PROGRESS_PLAYED && progress_mark_of(old) != PROGRESS_NONE))
		return 0;
	mine = json_object();
	list = json_array();
	for (size_t i = 0; i < step; i++)
		json_array_append_new(list, json_null());
	json_array_append_new(list, json_string(progress_mark_word(mark)));
	json_object_set_new(mine, file_name(file), json_pack("{s:o}", "steps", list));
	lessons_merge(progress->kept, mine);
	lessons_merge(progress->fresh, mine);
	json_decref(mine);
	return progress_save(progress, PATIENCE, err);
}

void progress_tally(const struct progress *progress, const char *file, size_t steps,
		    struct tally *tally)
{
	const json_t *entry = json_object_get(progress->kept, file_name(file));
	const json_t *list = json_object_get(entry, "steps");

	*tally = (struct tally){.steps = steps};
	for (size_t i = 0; i < steps; i++) {
		enum progress_mark mark = progress_mark_of(json_array_get(list, i));

		tally->played += mark != PROGRESS_NONE;
		tally->right += mark == PROGRESS_RIGHT;
		tally->asked += mark == PROGRESS_RIGHT || mark == PROGRESS_WRONG;
	}
}

char *tally_words(const struct tally *tally, char *out, size_t size)
{
	int used;

	if (!tally->played)
		used = snprintf(out, size, "not begun");
	else if (tally->played < tally->steps)
		used = snprintf(out, size, "%zu/%zu steps", tally->played, tally->steps);
	else
		used = snprintf(out, size, "done");
	if (tally->asked && used > 0 && (size_t)used < size)
		snprintf(out + used, size - (size_t)used, ", %zu/%zu right", tally->right,
			 tally->asked);
	return out;
}

void progress_close(struct progress *progress)
{
	struct err err;

	if (!progress)
		return;
	progress_save(progress, PATIENCE_LAST, &err);
	json_decref(progress->kept);
	json_decref(progress->fresh);
	free(progress->path);
	free(progress);
}
