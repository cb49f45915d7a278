/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesson.c - a lesson: Markdown that reads well on its own, and whose fenced blocks run.
 *
 *	# title
 *	```lesson		link, minutes, level, source, part
 *	## step			prose, then at most one of each of
 *	```predict QUESTION	TEXT :: CONDITION, twice or more
 *	```hint			more prose, for who asks
 *	```lab			commands and expectations; one or more
 *	```claim "..." — ...	CONDITION, and perhaps `differs: WHY`; any number
 *
 * A file named for a letter (A-....md), or README.md, is a page: title and text, nothing to play.
 * The text comes from strangers: everything is bounded, and what is wrong is told with its line. */
#include "lab.h"
#include "mem.h"
#include "reading.h"
#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LESSON_BYTES (1 << 20)
#define PARAGRAPH (1 << 14)
#define STEPS 64

int reading_fail(struct reading *reading, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reading->err->text, sizeof(reading->err->text), fmt, ap);
	va_end(ap);
	reading->err->line = line;
	return -1;
}

/* Hand the prose read so far to its step, or to the intro. */
static int step_end(struct reading *reading)
{
	struct step *step = reading->step;

	if (!step) {
		reading->lesson->intro = reading->prose.blocks;
		reading->lesson->nintro = reading->prose.count;
	} else {
		step->blocks = reading->prose.blocks;
		step->nblocks = reading->prose.count;
	}
	reading->prose = (struct prose){0};
	if (step && !step->script.count)
		return reading_fail(reading, step->line, "the step `%.60s` has no lab block",
				    step->heading);
	return 0;
}

static int read_step(struct reading *reading, cmark_node *node, int line)
{
	struct lesson *lesson = reading->lesson;

	if (step_end(reading))
		return -1;
	if (lesson->nsteps == STEPS)
		return reading_fail(reading, line, "too many steps: at most %d", STEPS);
	lesson->steps = xrealloc(lesson->steps, (lesson->nsteps + 1) * sizeof(*lesson->steps));
	reading->step = &lesson->steps[lesson->nsteps++];
	*reading->step = (struct step){.line = line, .heading = prose_line(node)};
	if (!*reading->step->heading)
		return reading_fail(reading, line, "a step needs a heading");
	return 0;
}

static int read_node(struct reading *reading, cmark_node *node)
{
	const int line = cmark_node_get_start_line(node);
	const cmark_node_type type = cmark_node_get_type(node);
	struct lesson *lesson = reading->lesson;

	if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) == 1) {
		if (*lesson->title)
			return reading_fail(reading, line, "a second `# title`: one is expected");
		free(lesson->title);
		lesson->title = prose_line(node);
		return 0;
	}
	if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) == 2 && !lesson->page)
		return read_step(reading, node, line);
	if (type == CMARK_NODE_CODE_BLOCK && prose_runs(node))
		return reading_fence(reading, node);
	return prose_add(&reading->prose, node, reading->err);
}

/* Text, in lines and paragraphs that a person could have written: what cmark 0.30 needs quadratic
 * time for (CVE-2023-22486 and its like) stays short. */
static int read_check(struct reading *reading, const char *text, size_t len)
{
	int line = 1;
	size_t start = 0, paragraph = 0;
	bool blank = true;

	if (len > LESSON_BYTES)
		return reading_fail(reading, 0, "too large: a lesson has at most %d KiB",
				    LESSON_BYTES >> 10);
	for (size_t i = 0, n; i < len; i += n) {
		const unsigned char *at = (const unsigned char *)text + i;

		n = *at == '\t' || *at == '\n' || (*at == '\r' && i + 1 < len && at[1] == '\n')
			    ? 1
			    : text_utf8(at, len - i);
		if (!n)
			return reading_fail(reading, line, "not text: byte 0x%02x", *at);
		if (i - start > LESSON_LINE)
			return reading_fail(reading, line, "line too long: at most %d bytes",
					    LESSON_LINE);
		if (i - paragraph > PARAGRAPH)
			return reading_fail(reading, line, "at most %d KiB without an empty line",
					    PARAGRAPH >> 10);
		blank = blank && isspace(*at);
		if (*at != '\n')
			continue;
		line++;
		start = i + 1;
		if (blank)
			paragraph = start;
		blank = true;
	}
	return 0;
}

static int read_end(struct reading *reading)
{
	struct lesson *lesson = reading->lesson;

	if (step_end(reading))
		return -1;
	if (!*lesson->title)
		return reading_fail(reading, 1, "a lesson begins with `# TITLE`");
	if (lesson->page)
		return 0;
	if (!reading->described)
		return reading_fail(
			reading, 1,
			"no lesson block (```lesson with link, minutes, level, source)");
	if (!lesson->nsteps)
		return reading_fail(reading, 1, "a lesson has at least one step: `## HEADING`");
	return 0;
}

static bool file_is_page(const char *file, char *part)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;

	if (!strcmp(name, "README.md"))
		return true;
	if (!isalpha((unsigned char)name[0]) || name[1] != '-')
		return false;
	*part = (char)toupper((unsigned char)name[0]);
	return true;
}

int lesson_parse(const char *file, const char *text, size_t len, struct lesson **result,
		 struct err *err)
{
	struct lesson *lesson = xcalloc(1, sizeof(*lesson));
	struct reading reading = {.lesson = lesson, .err = err};
	cmark_node *document = NULL;
	int bad;

	*result = NULL;
	memset(err, 0, sizeof(*err));
	lesson->file = xstrdup(file);
	lesson->title = xstrdup("");
	lesson->level = xstrdup("");
	lesson->page = file_is_page(file, &lesson->part);
	bad = read_check(&reading, text, len);
	if (!bad)
		document = cmark_parse_document(text, len, CMARK_OPT_DEFAULT);
	for (cmark_node *node = document ? cmark_node_first_child(document) : NULL; node && !bad;
	     node = cmark_node_next(node))
		bad = read_node(&reading, node);
	if (!bad)
		bad = read_end(&reading);
	if (document)
		cmark_node_free(document);
	prose_free(reading.prose.blocks, reading.prose.count);
	if (bad) {
		snprintf(err->file, sizeof(err->file), "%s", file);
		lesson_free(lesson);
		return -1;
	}
	*result = lesson;
	return 0;
}

int lesson_read(const char *file, struct lesson **lesson, struct err *err)
{
	size_t len;
	char *text = file_read(file, &len, err);
	int result;

	*lesson = NULL;
	if (!text)
		return -1;
	result = lesson_parse(file, text, len, lesson, err);
	free(text);
	return result;
}

static void step_free(struct step *step)
{
	free(step->heading);
	prose_free(step->blocks, step->nblocks);
	free(step->question);
	for (size_t i = 0; i < step->nchoices; i++) {
		free(step->choices[i].text);
		condition_clear(&step->choices[i].condition);
	}
	free(step->choices);
	prose_free(step->hint, step->nhint);
	script_clear(&step->script);
	for (size_t i = 0; i < step->nclaims; i++) {
		free(step->claims[i].text);
		free(step->claims[i].source);
		free(step->claims[i].why);
		condition_clear(&step->claims[i].condition);
	}
	free(step->claims);
}

void lesson_free(struct lesson *lesson)
{
	if (!lesson)
		return;
	for (size_t i = 0; i < lesson->nsteps; i++)
		step_free(&lesson->steps[i]);
	free(lesson->steps);
	for (size_t i = 0; i < lesson->nsources; i++)
		free(lesson->sources[i]);
	free(lesson->sources);
	prose_free(lesson->intro, lesson->nintro);
	free(lesson->file);
	free(lesson->title);
	free(lesson->level);
	free(lesson);
}
