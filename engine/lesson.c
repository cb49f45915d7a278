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
#include "script_lesson.h"
#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LESSON_BYTES (1 << 20)
#define PARAGRAPH (1 << 14)
#define STEPS 64

void reading_take(struct reading *reading, int line, const struct err *err)
{
	struct mistakes *mistakes = reading->mistakes;
	struct err *mine = &mistakes->at[mistakes->count];

	if (mistakes->count == MISTAKES)
		return;
	*mine = *err;
	snprintf(mine->file, sizeof(mine->file), "%s", reading->lesson->file);
	mine->line = line;
	if (++mistakes->count == MISTAKES)
		reading->over = true;
}

void reading_fail(struct reading *reading, int line, const char *fmt, ...)
{
	struct err err = {0};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err.text, sizeof(err.text), fmt, ap);
	va_end(ap);
	reading_take(reading, line, &err);
}

void reading_stop(struct reading *reading, int line, const char *fmt, ...)
{
	struct err err = {0};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err.text, sizeof(err.text), fmt, ap);
	va_end(ap);
	reading->over = true;
	reading_take(reading, line, &err);
}

/* Hand the prose read so far to its step, or to the intro. */
static void step_end(struct reading *reading)
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
	if (step && !reading->lab && !reading->over)
		reading_fail(reading, step->line, "the step `%.60s` has no lab block",
			     step->heading);
	reading->lab = reading->disorder = false;
}

static void read_step(struct reading *reading, cmark_node *node, int line)
{
	struct lesson *lesson = reading->lesson;

	step_end(reading);
	if (lesson->nsteps == STEPS) {
		reading_stop(reading, line, "too many steps: at most %d", STEPS);
		return;
	}
	lesson->steps = xrealloc(lesson->steps, (lesson->nsteps + 1) * sizeof(*lesson->steps));
	reading->step = &lesson->steps[lesson->nsteps++];
	*reading->step = (struct step){.line = line, .heading = prose_line(node)};
	if (!*reading->step->heading)
		reading_fail(reading, line, "a step needs a heading");
}

static void read_title(struct reading *reading, cmark_node *node, int line)
{
	struct lesson *lesson = reading->lesson;

	if (*lesson->title) {
		reading_fail(reading, line, "a second `# title`: one is expected");
		return;
	}
	free(lesson->title);
	lesson->title = prose_line(node);
}

/* A fence's word can hold what an entity stands for: any character. */
static void read_nearly(struct reading *reading, cmark_node *node, int line)
{
	const char *info = cmark_node_get_fence_info(node);
	char *word = prose_clean(info, strcspn(info, " \t"));

	reading_fail(reading, line, "`%s` is no block of a lesson; did you mean `%s`?", word,
		     prose_nearly_runs(node));
	free(word);
}

static void read_node(struct reading *reading, cmark_node *node)
{
	const int line = cmark_node_get_start_line(node);
	const cmark_node_type type = cmark_node_get_type(node);
	const int level = type == CMARK_NODE_HEADING ? cmark_node_get_heading_level(node) : 0;
	struct err err = {0};

	if (level == 1)
		read_title(reading, node, line);
	else if (level == 2 && !reading->lesson->page)
		read_step(reading, node, line);
	else if (type == CMARK_NODE_CODE_BLOCK && prose_runs(node))
		reading_fence(reading, node);
	else if (type == CMARK_NODE_CODE_BLOCK && prose_nearly_runs(node) && !reading->lesson->page)
		read_nearly(reading, node, line);
	else if (prose_add(&reading->prose, node, &err))
		reading_take(reading, err.line, &err);
}

/* Text, in lines and paragraphs that a person could have written: what cmark 0.30 needs quadratic
 * time for (CVE-2023-22486 and its like) stays short. */
static void read_check(struct reading *reading, const char *text, size_t len)
{
	int line = 1, told = 0;
	size_t start = 0, paragraph = 0;
	bool blank = true;

	if (len > LESSON_BYTES)
		reading_stop(reading, 0, "too large: a lesson has at most %d KiB",
			     LESSON_BYTES >> 10);
	for (size_t i = 0, n; i < len && !reading->over; i += n) {
		const unsigned char *at = (const unsigned char *)text + i;

		n = *at == '\t' || *at == '\n' || (*at == '\r' && i + 1 < len && at[1] == '\n')
			    ? 1
			    : text_utf8(at, len - i);
		/* One mistake a line, and one a paragraph, is enough. */
		if (!n && told < line)
			told = line, reading_fail(reading, line, "not text: byte 0x%02x", *at);
		if (i - start > LESSON_LINE && told < line)
			told = line,
			reading_fail(reading, line, "line too long: at most %d bytes", LESSON_LINE);
		if (i > paragraph + PARAGRAPH) {
			paragraph = len; /* until an empty line comes */
			reading_fail(reading, line, "at most %d KiB without an empty line",
				     PARAGRAPH >> 10);
		}
		n += !n;
		blank = blank && isspace(*at);
		if (*at != '\n')
			continue;
		line++;
		start = i + 1;
		if (blank)
			paragraph = start;
		blank = true;
	}
}

static void read_end(struct reading *reading)
{
	struct lesson *lesson = reading->lesson;

	step_end(reading);
	if (reading->over)
		return;
	if (!*lesson->title)
		reading_fail(reading, 1, "a lesson begins with `# TITLE`");
	if (lesson->page)
		return;
	if (!reading->described)
		reading_fail(reading, 1,
			     "no lesson block (```lesson with link, minutes, level, source)");
	if (!lesson->nsteps && !reading->homeless)
		reading_fail(reading, 1, "a lesson has at least one step: `## HEADING`");
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

static void lesson_take(struct reading *reading, const char *text, size_t len)
{
	cmark_node *document;

	read_check(reading, text, len);
	if (reading->mistakes->count)
		return;
	document = cmark_parse_document(text, len, CMARK_OPT_DEFAULT);
	for (cmark_node *node = document ? cmark_node_first_child(document) : NULL;
	     node && !reading->over; node = cmark_node_next(node))
		read_node(reading, node);
	if (document)
		cmark_node_free(document);
	read_end(reading);
}

/* The mistakes in the order in which they were found. */
static int lesson_find_mistakes(const char *file, const char *text, size_t len,
				struct lesson **result, struct mistakes *mistakes)
{
	struct lesson *lesson = xcalloc(1, sizeof(*lesson));
	struct reading reading = {.lesson = lesson, .mistakes = mistakes};

	*result = NULL;
	mistakes->count = 0;
	lesson->file = xstrdup(file);
	lesson->title = xstrdup("");
	lesson->level = xstrdup("");
	lesson->page = file_is_page(file, &lesson->part);
	lesson_take(&reading, text, len);
	if (mistakes->count) {
		lesson_free(lesson);
		return -1;
	}
	*result = lesson;
	return 0;
}

int lesson_parse(const char *file, const char *text, size_t len, struct lesson **result,
		 struct err *err)
{
	struct mistakes mistakes;
	const int bad = lesson_find_mistakes(file, text, len, result, &mistakes);

	*err = bad ? mistakes.at[0] : (struct err){0};
	return bad;
}

/* By line; those of one line stay as they were found. */
static void mistakes_sort(struct mistakes *mistakes)
{
	for (size_t i = 1; i < mistakes->count; i++)
		for (size_t j = i; j && mistakes->at[j].line < mistakes->at[j - 1].line; j--) {
			const struct err other = mistakes->at[j];

			mistakes->at[j] = mistakes->at[j - 1];
			mistakes->at[j - 1] = other;
		}
}

int lesson_parse_whole(const char *file, const char *text, size_t len, struct lesson **lesson,
		       struct mistakes *mistakes)
{
	const int bad = lesson_find_mistakes(file, text, len, lesson, mistakes);

	mistakes_sort(mistakes);
	return bad;
}

int lesson_read_whole(const char *file, struct lesson **lesson, struct mistakes *mistakes)
{
	size_t len;
	char *text = file_read(file, &len, &mistakes->at[0]);
	int result;

	*lesson = NULL;
	mistakes->count = !text;
	if (!text)
		return -1;
	result = lesson_parse_whole(file, text, len, lesson, mistakes);
	free(text);
	return result;
}

int lesson_read(const char *file, struct lesson **lesson, struct err *err)
{
	size_t len;
	char *text = file_read(file, &len, err);
	int result;

	*lesson = NULL;
	if (!text)
		return -1;
	result = script_lesson_is(file) ? script_lesson_parse(file, text, len, lesson, err)
					: lesson_parse(file, text, len, lesson, err);
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
