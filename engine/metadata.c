/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metadata.c - the block that says what a lesson is.
 *
 *	```lesson
 *	part: B				may be left out
 *	link: loopback			or wire
 *	minutes: 6
 *	level: beginner
 *	source: RFC 9293, section 3.6	one or more
 *	``` */
#include "lab.h"
#include "mem.h"
#include "reading.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SOURCES 16
#define MINUTES 600

/* The next line of `*at`, without outer blanks; false at the end. */
bool reading_line(const char **at, const char **line, size_t *len)
{
	const char *start = *at;
	size_t whole;

	if (!*start)
		return false;
	whole = strcspn(start, "\n");
	*at = start + whole + (start[whole] == '\n');
	while (whole && isspace((unsigned char)*start))
		start++, whole--;
	while (whole && isspace((unsigned char)start[whole - 1]))
		whole--;
	*line = start;
	*len = whole;
	return true;
}

/* If the line begins with `key:`, the value behind it. */
const char *reading_value(const char *line, size_t len, const char *key, size_t *value_len)
{
	size_t at = strlen(key);

	if (len <= at || memcmp(line, key, at) || line[at] != ':')
		return NULL;
	for (at++; at < len && isspace((unsigned char)line[at]); at++)
		;
	*value_len = len - at;
	return line + at;
}

static void read_source(struct reading *reading, int line, const char *value, size_t len)
{
	struct lesson *lesson = reading->lesson;

	if (lesson->nsources == SOURCES) {
		reading_stop(reading, line, "too many sources: at most %d", SOURCES);
		return;
	}
	lesson->sources =
		xrealloc(lesson->sources, (lesson->nsources + 1) * sizeof(*lesson->sources));
	lesson->sources[lesson->nsources++] = prose_clean(value, len);
}

static void read_minutes(struct reading *reading, int line, const char *value, size_t len)
{
	int minutes = 0;

	for (size_t i = 0; i < len && minutes >= 0 && minutes <= MINUTES; i++)
		minutes = isdigit((unsigned char)value[i]) ? minutes * 10 + value[i] - '0' : -1;
	if (minutes < 1 || minutes > MINUTES)
		reading_fail(reading, line, "minutes: a number from 1 to %d expected", MINUTES);
	reading->lesson->minutes = minutes;
}

static void read_link(struct reading *reading, int line, const char *value, size_t len)
{
	for (enum link_kind link = 0; link < LINK_COUNT; link++)
		if (len == strlen(link_name(link)) && !memcmp(value, link_name(link), len)) {
			reading->lesson->link = link;
			return;
		}
	reading_fail(reading, line, "link: `loopback` or `wire` expected, not `%.*s`",
		     (int)(len < 40 ? len : 40), value);
}

static void read_level(struct reading *reading, int line, const char *value, size_t len)
{
	(void)line;
	free(reading->lesson->level);
	reading->lesson->level = prose_clean(value, len);
}

static void read_part(struct reading *reading, int line, const char *value, size_t len)
{
	if (len != 1 || *value < 'A' || *value > 'Z')
		reading_fail(reading, line, "part: one letter expected, `A` to `Z`");
	else
		reading->lesson->part = *value;
}

static const struct field {
	const char *name;
	void (*read)(struct reading *reading, int line, const char *value, size_t len);
	bool optional;
} fields[] = {
	{"link", read_link, false},   {"minutes", read_minutes, false},
	{"level", read_level, false}, {"source", read_source, false},
	{"part", read_part, true},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static void read_field(struct reading *reading, int line, const char *at, size_t len, bool *seen)
{
	const char *value;
	size_t value_len;

	for (size_t i = 0; i < FIELDS; i++) {
		value = reading_value(at, len, fields[i].name, &value_len);
		if (!value)
			continue;
		seen[i] = true;
		if (value_len)
			fields[i].read(reading, line, value, value_len);
		else
			reading_fail(reading, line, "%s: its value is missing", fields[i].name);
		return;
	}
	reading_fail(reading, line,
		     "`part:`, `link:`, `minutes:`, `level:` or `source:` and its value expected");
}

void reading_metadata(struct reading *reading, int line, const char *text)
{
	const int first = line;
	bool seen[FIELDS] = {false};
	struct strbuf lacks = {0};
	const char *at;
	size_t len;

	if (reading->described) {
		reading_fail(reading, line, "a second lesson block: one is expected");
		return;
	}
	reading->described = true;
	while (reading_line(&text, &at, &len) && !reading->over)
		if (line++, len)
			read_field(reading, line, at, len, seen);
	for (size_t i = 0; i < FIELDS; i++)
		if (!seen[i] && !fields[i].optional)
			strbuf_printf(&lacks, "%s`%s:`", lacks.len ? ", " : "", fields[i].name);
	if (lacks.len)
		reading_fail(reading, first, "the lesson block lacks %s", lacks.text);
	strbuf_free(&lacks);
}
