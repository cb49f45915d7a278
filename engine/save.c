/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save.c - a session to files: the journal as JSON lines, the segments as a capture. */
#include "lab.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *save_create(const char *file, struct err *err)
{
	/* Exclusive: what was saved before is never written over. */
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !out)
		close(fd);
	if (!out)
		err_set(err, "cannot create %s: %s", file, strerror(errno));
	return out;
}

static int save_journal(const struct journal *journal, const struct session_about *about, FILE *out,
			const char *file, struct err *err)
{
	const uint64_t first = journal_first(journal);
	bool bad = false;

	for (uint64_t n = first; n <= journal_last(journal) && !bad; n++) {
		const struct event *event = journal_at(journal, n);
		char *line = n == first ? session_json(event, about) : event_json(event);

		bad = fprintf(out, "%s\n", line) < 0;
		free(line);
	}
	bad = fflush(out) || bad || ferror(out);
	return bad ? err_set(err, "cannot write %s: %s", file, strerror(errno)) : 0;
}

int session_save(const struct journal *journal, const struct session_about *about, const char *name,
		 struct err *err)
{
	char *lines = xasprintf("%s.jsonl", name), *packets = xasprintf("%s.pcap", name);
	struct capture_file *capture = NULL;
	FILE *out = save_create(lines, err);
	int result = -1;

	if (!out)
		goto out;
	capture = capture_file_new(packets, err);
	if (!capture) {
		unlink(lines);
		goto out;
	}
	for (uint64_t n = journal_first(journal); n <= journal_last(journal); n++)
		capture_file_add(capture, journal_at(journal, n), about->epoch);
	result = save_journal(journal, about, out, lines, err);
	if (capture_file_free(capture, result ? NULL : err))
		result = -1;
	if (result) {
		/* Half a session is none; both files are of our own making. */
		unlink(lines);
		unlink(packets);
	}
out:
	if (out)
		fclose(out);
	free(lines);
	free(packets);
	return result;
}
