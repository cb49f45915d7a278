/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.c - a saved session, read back into a journal.
 *
 *   NAME.jsonl ─ a line ─▶ JSON object ─ event_read ─▶ struct event ─▶ journal
 *
 * The file may be anybody's work, or no session at all: it is checked as it comes, a line at a
 * time, and what is wrong is said with its line. Only the last line may be cut off. */
#include "json.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MOST (1U << 20)
#define FILE_MOST (4LL << 30) /* a million of the longest usual events need a quarter of that */

struct lines {
	int fd;
	char *text; /* LINE_MOST + 1 bytes */
	size_t have, at;
	int64_t total, size; /* read so far, of so many (0: not known) */
	bool ended;
	void (*tell)(int64_t done, int64_t size, void *arg); /* NULL: nobody asks */
	void *arg;
};

struct line {
	const char *text; /* not terminated */
	size_t len;
	bool whole; /* its newline was there */
};

/* What else a person may have at hand, by how it begins. */
static const struct look_alike {
	const char *magic;
	size_t len;
	const char *what;
} look_alikes[] = {
	{"\xd4\xc3\xb2\xa1", 4, "a capture, for tcpdump -r or Wireshark"},
	{"\x4d\x3c\xb2\xa1", 4, "a capture, for tcpdump -r or Wireshark"},
	{"\x0a\x0d\x0d\x0a", 4, "a capture, for tcpdump -r or Wireshark"},
	{"\x7f"
	 "ELF",
	 4, "a program"},
	{"\x1f\x8b", 2, "compressed; gunzip it first"},
	{"\x28\xb5\x2f\xfd", 4, "compressed; unzstd it first"},
	{"\xfd"
	 "7zXZ",
	 5, "compressed; unxz it first"},
	{"#", 1, "Markdown or a script"},
	{"/*", 2, "a C program"},
	{"[", 1, "one JSON array, where an object a line is expected"},
};

static int lines_open(struct lines *lines, const char *file, struct err *err)
{
	struct stat status;

	/* Not blocking: a FIFO that nobody writes to shall not hold us up here. */
	lines->fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (lines->fd < 0 || fstat(lines->fd, &status))
		return err_set(err, "%s", strerror(errno));
	if (S_ISDIR(status.st_mode))
		return err_set(err, "not a saved session: a directory");
	if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
		return err_set(err, "not a saved session: no regular file");
	fcntl(lines->fd, F_SETFL, 0);
	lines->size = status.st_size;
	lines->text = xmalloc(LINE_MOST + 1);
	return 0;
}

/* Make room in front, and read on. False: nothing more has come. */
static bool lines_fill(struct lines *lines, struct err *err)
{
	ssize_t got;

	memmove(lines->text, lines->text + lines->at, lines->have - lines->at);
	lines->have -= lines->at;
	lines->at = 0;
	do
		got = read(lines->fd, lines->text + lines->have, LINE_MOST + 1 - lines->have);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		err_set(err, "%s", strerror(errno));
	lines->ended = got <= 0;
	lines->have += got > 0 ? (size_t)got : 0;
	lines->total += got > 0 ? got : 0;
	if (lines->tell)
		lines->tell(lines->total, lines->size, lines->arg);
	return !lines->ended;
}

/* The next line without its newline: 1, or 0 at the end, -1. */
static int lines_next(struct lines *lines, struct line *line, struct err *err)
{
	size_t seen = 0;

	for (;;) {
		const char *from = lines->text + lines->at;
		const size_t have = lines->have - lines->at;
		const char *end = memchr(from + seen, '\n', have - seen);

		if (end || (lines->ended && have)) {
			*line = (struct line){from, end ? (size_t)(end - from) : have, end != NULL};
			lines->at += line->len + line->whole;
			return 1;
		}
		if (lines->ended)
			return *err->text ? -1 : 0;
		if (have > LINE_MOST)
			return err_set(err, "longer than %u MiB", LINE_MOST >> 20);
		if (lines->total > FILE_MOST)
			return err_set(err, "more than %lld GiB", FILE_MOST >> 30);
		seen = have;
		if (!lines_fill(lines, err) && *err->text)
			return -1;
	}
}

static bool line_blank(const struct line *line)
{
	for (size_t i = 0; i < line->len; i++)
		if (!strchr(" \t\r", line->text[i]) || !line->text[i])
			return false;
	return true;
}

static int session_is_none(const char *text, size_t have, struct err *err)
{
	for (size_t i = 0; i < sizeof(look_alikes) / sizeof(look_alikes[0]); i++)
		if (have >= look_alikes[i].len &&
		    !memcmp(text, look_alikes[i].magic, look_alikes[i].len))
			return err_set(err, "not a saved session: %s", look_alikes[i].what);
	return err_set(err, "not a saved session: it has no JSON object in its first line");
}

/* What the first line says of all of them. A session without it is older, or hand made. */
static int session_head(struct session *session, struct reading *reading, json_t *line,
			struct err *err)
{
	json_t *head = read_object(reading, line, "session");
	const char *text;
	int64_t format;

	if (!head)
		return *reading->bad ? err_set(err, "%s", reading->bad) : 0;
	format = read_number(reading, head, "format", 1, INT32_MAX, READ_NEEDED);
	if (format > SESSION_FORMAT) {
		err->line = 0;
		return err_set(err, "saved by a newer bothends (format %lld, this one reads %d)",
			       (long long)format, SESSION_FORMAT);
	}
	session->about.epoch = read_number(reading, head, "epoch", 0, INT64_MAX / 2, 0);
	text = read_text(reading, head, "version", false);
	snprintf(session->version, sizeof(session->version), "%s", text ? text : "");
	text = read_text(reading, head, "title", false);
	session->about.title = text ? xstrdup(text) : NULL;
	text = read_text(reading, head, "kernel", false);
	session->about.kernel = text ? xstrdup(text) : NULL;
	return *reading->bad ? err_set(err, "%s", reading->bad) : 0;
}

/* Numbers are a journal's: the first may be any (its oldest events were let go), then each is one
 * more. */
static int session_number(const struct session *session, struct reading *reading,
			  const json_t *line)
{
	const uint64_t last = journal_last(session->journal);
	const bool first = !journal_at(session->journal, last);
	const int64_t n = read_number(reading, line, "n", 1, 1LL << 53, READ_NEEDED);

	if (first && !*reading->bad)
		journal_number(session->journal, (uint64_t)n);
	else if (!*reading->bad && (uint64_t)n != last + 1)
		reading_fault(reading,
			      "\"n\": %llu is expected here, one more than the line before",
			      (unsigned long long)last + 1);
	return *reading->bad ? -1 : 0;
}

static int session_line(struct session *session, struct reading *reading, json_t *line,
			struct err *err)
{
	const bool first = !journal_at(session->journal, journal_last(session->journal));
	struct event event;

	reading->bad[0] = '\0';
	if (!json_is_object(line))
		return err_set(err, "a JSON object is expected in each line");
	if (first && session_head(session, reading, line, err))
		return -1;
	if (session_number(session, reading, line) || event_read(reading, line, &event))
		return err_set(err, "%s", reading->bad);
	journal_append(session->journal, &event);
	return 0;
}

static int session_fill(struct session *session, struct lines *lines, struct reading *reading,
			struct err *err)
{
	struct line line = {0};
	json_error_t fault;
	bool any = false;
	int got, bad;

	/* Empty lines alone may be more than an int counts. */
	while (err->line += err->line<INT_MAX, (got = lines_next(lines, &line, err))> 0) {
		json_t *object;

		if (any && line_blank(&line))
			continue;
		if (!any && (!line.len || *line.text != '{')) {
			err->line = 0;
			return session_is_none(lines->text, lines->have, err);
		}
		object = json_loadb(line.text, line.len, 0, &fault);
		if (!object && !line.whole && any) {
			session->cut = true;
			return 0;
		}
		/* In our words: jansson's would repeat what is there. */
		if (!object)
			return line.whole ? err_set(err, "damaged at byte %d: no JSON object",
						    fault.position)
					  : err_set(err, "cut off in its first line");
		bad = session_line(session, reading, object, err);
		json_decref(object);
		if (bad)
			return -1;
		any = true;
	}
	if (got < 0 || any)
		return got;
	err->line = 0;
	return err_set(err, "not a saved session: it is empty");
}

int session_read(const char *file, struct session **session, struct err *err)
{
	return session_read_telling(file, NULL, NULL, session, err);
}

int session_read_telling(const char *file, void (*tell)(int64_t done, int64_t size, void *arg),
			 void *arg, struct session **session, struct err *err)
{
	struct session *read = xcalloc(1, sizeof(*read));
	struct reading *reading = xcalloc(1, sizeof(*reading));
	struct lines lines = {.fd = -1, .tell = tell, .arg = arg};
	int result;

	*err = (struct err){0};
	snprintf(err->file, sizeof(err->file), "%s", file);
	read->journal = journal_new(0);
	result = lines_open(&lines, file, err);
	if (!result)
		result = session_fill(read, &lines, reading, err);
	if (lines.fd >= 0)
		close(lines.fd);
	free(lines.text);
	free(reading->bytes);
	free(reading);
	if (result) {
		session_free(read);
		read = NULL;
	}
	*session = read;
	return result;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	journal_free(session->journal);
	free((char *)session->about.title);
	free((char *)session->about.kernel);
	free(session);
}
