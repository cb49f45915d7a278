/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * save.c - a session to files: all of them, or none and what was there before.
 *
 *   .bothends-PID-N.jsonl ─ written whole ─▶ put in place ─▶ NAME.jsonl     each of parts[]
 *                   └─────── failed ───────▶ removed;  what is in place already is taken back
 *
 * A name is taken only where nothing has it (renameat2(2)'s RENAME_NOREPLACE); what is written over
 * is exchanged with the new file, so that it can come back, and removed in the end.
 */
#include "core.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void journal_write(const struct journal *journal, const struct session_about *about,
			  FILE *out)
{
	const uint64_t first = journal_first(journal);

	for (uint64_t n = first; n <= journal_last(journal) && !ferror(out); n++) {
		const struct event *event = journal_at(journal, n);
		char *line = n == first ? session_json(event, about) : event_json(event);

		fprintf(out, "%s\n", line);
		free(line);
	}
}

static void packets_write(const struct journal *journal, const struct session_about *about,
			  FILE *out)
{
	struct capture_file *capture = capture_file_on(out);

	for (uint64_t n = journal_first(journal); n <= journal_last(journal) && !ferror(out); n++)
		capture_file_add(capture, journal_at(journal, n), about->epoch);
	capture_file_free(capture, NULL);
}

/* What a session is saved as. Each writes to its end; what failed is in ferror(out). */
static const struct part {
	const char *ending;
	void (*write)(const struct journal *journal, const struct session_about *about, FILE *out);
} parts[] = {
	{"jsonl", journal_write},
	{"pcap", packets_write},
	{"md", transcript_write},
	{"c", program_write},
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

struct saved {
	char *name;	/* NAME.jsonl */
	char told[160]; /* the same in a message: of a long one the end */
	char *temp;	/* NULL: there is none (any more) */
	enum { NOT_PLACED, PLACED, EXCHANGED, MOVED } placed;
	char *old; /* MOVED: what was written over */
};

static int save_fault(const struct saved *saved, const char *what, struct err *err)
{
	return err_set(err, "cannot %s %s: %s", what, saved->told, strerror(errno ? errno : EIO));
}

/* ----------------------------------------------------------------- before */
static int saved_name(struct saved *saved, const struct part *part, const char *name,
		      struct err *err)
{
	const char *base = strrchr(name, '/'), *at;
	size_t len;

	base = base ? base + 1 : name;
	if (!*base)
		return err_set(err, "%s%sis no name of a file: something like lesson is expected",
			       name, *name ? " " : "an empty name ");
	saved->name = xasprintf("%s.%s", name, part->ending);
	len = strlen(saved->name);
	at = saved->name;
	if (len >= sizeof(saved->told))
		at += len - (sizeof(saved->told) - sizeof("..."));
	while ((*at & 0xc0) == 0x80)
		at++;
	snprintf(saved->told, sizeof(saved->told), "%s%s", at > saved->name ? "..." : "", at);
	return 0;
}

/* May this name be taken? -2: a file has it. */
static int saved_free(const struct saved *saved, bool over, struct err *err)
{
	struct stat status;

	if (lstat(saved->name, &status)) {
		if (errno == ENOENT)
			return 0;
		return save_fault(saved, "create", err);
	}
	if (!S_ISREG(status.st_mode))
		return err_set(err, "%s is %s: another name, please", saved->told,
			       S_ISDIR(status.st_mode)	 ? "a directory"
			       : S_ISLNK(status.st_mode) ? "a symbolic link"
							 : "no regular file");
	if (over)
		return 0;
	err_set(err, "%s exists", saved->told);
	return SAVE_EXISTS;
}

/* A new file in the same directory, of which no name is known before. */
static FILE *saved_create(struct saved *saved, const struct part *part, struct err *err)
{
	const char *base = strrchr(saved->name, '/');
	const int dir = base ? (int)(base + 1 - saved->name) : 0;
	FILE *out;
	int fd = -1;

	for (int i = 0; fd < 0 && i < 100; i++) {
		free(saved->temp);
		saved->temp = xasprintf("%.*s.bothends-%d-%d.%s", dir, saved->name, (int)getpid(),
					i, part->ending);
		fd = open(saved->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (out)
		return out;
	save_fault(saved, "create", err);
	if (fd >= 0) {
		close(fd);
		unlink(saved->temp);
	}
	free(saved->temp);
	saved->temp = NULL;
	return NULL;
}

static int saved_write(struct saved *saved, const struct part *part, const struct journal *journal,
		       const struct session_about *about, struct err *err)
{
	FILE *out = saved_create(saved, part, err);
	bool bad;
	int why;

	if (!out)
		return -1;
	errno = 0;
	part->write(journal, about, out);
	/* The flush fails once more where a write has failed, and says why. */
	bad = fflush(out) || ferror(out);
	why = errno;
	if (fclose(out) && !bad) {
		bad = true;
		why = errno;
	}
	errno = why;
	return bad ? save_fault(saved, "write", err) : 0;
}

/* ------------------------------------------------------------- into its place */
/* Where the file system knows no RENAME_NOREPLACE: take the name first, then fill it. */
static int saved_claim(const struct saved *saved)
{
	int fd = open(saved->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0)
		return -1;
	close(fd);
	if (!rename(saved->temp, saved->name))
		return 0;
	unlink(saved->name);
	return -1;
}

static int saved_place_new(struct saved *saved)
{
	if (renameat2(AT_FDCWD, saved->temp, AT_FDCWD, saved->name, RENAME_NOREPLACE) &&
	    ((errno != EINVAL && errno != ENOSYS) || saved_claim(saved)))
		return -1;
	free(saved->temp);
	saved->temp = NULL;
	saved->placed = PLACED;
	return 0;
}

static int saved_place_over(struct saved *saved)
{
	if (!renameat2(AT_FDCWD, saved->temp, AT_FDCWD, saved->name, RENAME_EXCHANGE)) {
		saved->placed = EXCHANGED;
		return 0;
	}
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	saved->old = xasprintf("%s-old", saved->temp);
	if (rename(saved->name, saved->old))
		return -1;
	saved->placed = MOVED;
	return rename(saved->temp, saved->name);
}

static int saved_place(struct saved *saved, bool over, struct err *err)
{
	int bad = saved_free(saved, over, err);

	if (bad)
		return bad;
	/* Without `over` what has come in between has the name: it is not taken away. */
	bad = over && !access(saved->name, F_OK) ? saved_place_over(saved) : saved_place_new(saved);
	return bad ? save_fault(saved, "create", err) : 0;
}

/* What was there before comes back. */
static void saved_undo(struct saved *saved)
{
	if (saved->placed == PLACED)
		unlink(saved->name);
	else if (saved->placed == EXCHANGED)
		renameat2(AT_FDCWD, saved->temp, AT_FDCWD, saved->name, RENAME_EXCHANGE);
	else if (saved->placed == MOVED)
		rename(saved->old, saved->name);
	saved->placed = NOT_PLACED;
}

/* Nothing is left but what has its name. */
static void saved_clear(struct saved *saved)
{
	if (saved->temp)
		unlink(saved->temp);
	if (saved->placed == MOVED)
		unlink(saved->old);
	free(saved->name);
	free(saved->temp);
	free(saved->old);
}

int session_save_check(const char *name, bool over, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < PARTS && !result; i++) {
		struct saved saved = {0};
		FILE *out = NULL;

		result = saved_name(&saved, &parts[i], name, err);
		if (!result)
			result = saved_free(&saved, over, err);
		/* One of them tells of the directory. */
		if (!result && !i) {
			out = saved_create(&saved, &parts[i], err);
			result = out ? 0 : -1;
		}
		if (out)
			fclose(out);
		saved_clear(&saved);
	}
	return result;
}

int session_save(const struct journal *journal, const struct session_about *about, const char *name,
		 bool over, struct err *err)
{
	struct saved saved[PARTS] = {0};
	int result = 0;

	for (size_t i = 0; i < PARTS && !result; i++) {
		result = saved_name(&saved[i], &parts[i], name, err);
		if (!result)
			result = saved_free(&saved[i], over, err);
	}
	for (size_t i = 0; i < PARTS && !result; i++)
		result = saved_write(&saved[i], &parts[i], journal, about, err);
	for (size_t i = 0; i < PARTS && !result; i++)
		result = saved_place(&saved[i], over, err);
	for (size_t i = PARTS; i-- > 0;) {
		if (result)
			saved_undo(&saved[i]);
		saved_clear(&saved[i]);
	}
	return result;
}

const char *session_part(size_t i)
{
	return i < PARTS ? parts[i].ending : NULL;
}
