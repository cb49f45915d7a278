/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * script_lesson.c - a script as something to be stepped through: a lesson that asks nothing.
 *
 *	# The client closes.		the heading: the first sentence, where it is short
 *	# Its kernel sends a FIN.	the text before
 *	client close			the commands, played together
 *	expect server state CLOSE_WAIT
 *	# The server may still send.	the text behind, where no command follows
 *
 * A step ends at an empty line, and at a comment with commands behind it. A first paragraph of
 * comments alone introduces the whole; another one goes to the step that comes next.
 */
#include "script_lesson.h"
#include "lab.h"
#include "mem.h"
#include "prose.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define HEADING 60	  /* bytes */
#define COMMENT (8 << 10) /* bytes of a step's comment that are kept */
#define LISTING 40	  /* lines of a step's commands that are shown */

struct sheet { /* a script while it is cut into steps */
	const char *file;
	struct lesson *lesson;
	struct strbuf comment;	 /* its lines, without the marks; '\n' behind each */
	struct step *step;	 /* the one that takes commands; NULL: none is open */
	char *before;		 /* the comment before them; NULL: none */
	const char *begin, *end; /* its commands, as they are written */
};

/* A line of a comment without its mark; NULL: it is not for the reader. */
static const char *comment_text(const char *line, size_t *len)
{
	size_t marks = 0, text = 0;

	while (marks < *len && line[marks] == '#')
		marks++;
	if (marks < *len && line[marks] == '!')
		return NULL;
	marks += marks < *len && line[marks] == ' ';
	for (size_t i = marks; i < *len; i++)
		text += !strchr("-=*#~_+ ", line[i]);
	if ((!text && marks < *len) || memmem(line, *len, "SPDX-License-Identifier", 23))
		return NULL;
	*len -= marks;
	return line + marks;
}

static void sheet_comment(struct sheet *sheet, const char *line, size_t len)
{
	const char *text = comment_text(line, &len);

	if (!text || sheet->comment.len + len > COMMENT)
		return;
	strbuf_add(&sheet->comment, text, len);
	strbuf_add(&sheet->comment, "\n", 1);
}

static struct block *block_new(struct block **blocks, size_t *count, enum block_kind kind)
{
	struct block *block;

	*blocks = xrealloc(*blocks, (*count + 1) * sizeof(**blocks));
	block = &(*blocks)[(*count)++];
	*block = (struct block){.kind = kind, .marker = xstrdup(""), .file = xstrdup("")};
	return block;
}

static void block_add(struct block *block, const char *text, size_t len)
{
	block->spans = xrealloc(block->spans, (block->count + 1) * sizeof(*block->spans));
	block->spans[block->count++] =
		(struct span){.style = SPAN_PLAIN, .text = prose_clean(text, len)};
}

/* A comment's lines as paragraphs; what is indented is drawn as it is. */
static void blocks_comment(const char *text, struct block **blocks, size_t *count)
{
	struct block *block = NULL;

	for (size_t len; *text; text += len + (text[len] != '\0')) {
		bool drawn = !strncmp(text, "  ", 2) || *text == '\t';
		enum block_kind kind = drawn ? BLOCK_CODE : BLOCK_PARAGRAPH;

		len = strcspn(text, "\n");
		if (!len) {
			block = NULL;
			continue;
		}
		if (!block || block->kind != kind)
			block = block_new(blocks, count, kind);
		else if (!drawn)
			block_add(block, " ", 1);
		block_add(block, text, len);
	}
}

static void blocks_listing(const char *at, const char *end, struct block **blocks, size_t *count)
{
	struct block *block = block_new(blocks, count, BLOCK_CODE);

	while (at < end && block->count < LISTING) {
		const char *line = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((line ? line : end) - at);

		block_add(block, at, len && at[len - 1] == '\r' ? len - 1 : len);
		at += len + 1;
	}
	if (at < end)
		block_add(block, "...", 3);
}

/* The first sentence of a comment, on one line, where it is short; 0: it is not. */
static size_t sentence(const char *text, char *out, size_t size)
{
	size_t used = 0, i = strspn(text, " \t\n");

	for (; text[i] && used + 1 < size; i++) {
		bool stop = strchr(".:;!?", text[i]) && (isspace((unsigned char)text[i + 1]));

		if (stop || (text[i] == '\n' && (text[i + 1] == '\n' || !text[i + 1]))) {
			if (stop && strchr("!?", text[i]))
				out[used++] = text[i];
			out[used] = '\0';
			i += stop;
			return i + strspn(text + i, " \n");
		}
		out[used++] = (char)(text[i] == '\n' ? ' ' : text[i]);
	}
	return 0;
}

/* Without a comment that says it: what is done first. */
static char *step_command(const struct step *step)
{
	const struct script *script = &step->script;
	const char *text = script->count ? script->commands[0].text : "";

	for (size_t i = script->count; i-- > 0;)
		if (script->commands[i].acts)
			text = script->commands[i].text;
	return prose_clean(text, strlen(text));
}

static void step_words(struct step *step, const char *comment, const char *begin, const char *end)
{
	char heading[HEADING + 1];
	size_t used = sentence(comment, heading, sizeof(heading)), clause = strcspn(comment, ",");

	if (used && *heading)
		step->heading = prose_clean(heading, strlen(heading));
	else if (clause && clause < HEADING && comment[clause])
		step->heading = prose_clean(comment, clause); /* it is said again, whole */
	else
		step->heading = step_command(step);
	blocks_comment(comment + used, &step->blocks, &step->nblocks);
	blocks_listing(begin, end, &step->blocks, &step->nblocks);
	step->nbefore = step->nblocks;
}

static void sheet_open(struct sheet *sheet, const char *line, int number)
{
	struct lesson *lesson = sheet->lesson;

	lesson->steps = xrealloc(lesson->steps, (lesson->nsteps + 1) * sizeof(*lesson->steps));
	sheet->step = &lesson->steps[lesson->nsteps++];
	*sheet->step = (struct step){.line = number};
	sheet->before = strbuf_take(&sheet->comment);
	sheet->begin = line;
}

/* The open step is whole: understand it. A comment left over, `behind`, is its last text. */
static int sheet_close(struct sheet *sheet, bool behind, struct err *err)
{
	struct step *step = sheet->step;

	if (!step)
		return 0;
	sheet->step = NULL;
	if (script_parse_at(sheet->file, step->line, sheet->begin,
			    (size_t)(sheet->end - sheet->begin), &step->script, err))
		return -1;
	step_words(step, sheet->before ? sheet->before : "", sheet->begin, sheet->end);
	free(sheet->before);
	sheet->before = NULL;
	if (behind && sheet->comment.len) {
		blocks_comment(sheet->comment.text, &step->blocks, &step->nblocks);
		strbuf_free(&sheet->comment);
	}
	return 0;
}

/* An empty line, or the end. */
static int sheet_gap(struct sheet *sheet, struct err *err)
{
	struct lesson *lesson = sheet->lesson;

	if (sheet_close(sheet, true, err))
		return -1;
	if (sheet->comment.len && !lesson->nsteps && !lesson->nintro) {
		blocks_comment(sheet->comment.text, &lesson->intro, &lesson->nintro);
		strbuf_free(&sheet->comment);
	} else if (sheet->comment.len) {
		strbuf_add(&sheet->comment, "\n", 1);
	}
	return 0;
}

static int sheet_line(struct sheet *sheet, const char *line, size_t len, int number,
		      struct err *err)
{
	size_t blank = 0;

	while (blank < len && isspace((unsigned char)line[blank]))
		blank++;
	if (blank == len)
		return sheet_gap(sheet, err);
	if (line[blank] == '#') {
		sheet_comment(sheet, line + blank, len - blank);
		return 0;
	}
	if (sheet->comment.len && sheet_close(sheet, false, err))
		return -1;
	if (!sheet->step)
		sheet_open(sheet, line, number);
	sheet->end = line + len;
	return 0;
}

/* The link that the script begins with is the lesson's: the lab need not be started twice. */
static enum link_kind sheet_link(struct lesson *lesson)
{
	struct script *script = &lesson->steps[0].script;
	bool wire;

	if (script->commands[0].op != OP_LINK)
		return LINK_LOOPBACK;
	wire = command_has(&script->commands[0], "wire");
	command_clear(&script->commands[0]);
	script->count--;
	memmove(script->commands, script->commands + 1, script->count * sizeof(*script->commands));
	return wire ? LINK_WIRE : LINK_LOOPBACK;
}

static int sheet_read(struct sheet *sheet, const char *text, size_t len, struct err *err)
{
	int number = 1;

	for (size_t at = 0; at < len; number++) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t length = end ? (size_t)(end - text) - at : len - at;

		if (sheet_line(sheet, text + at, length, number, err))
			return -1;
		at += length + 1;
	}
	if (sheet_gap(sheet, err))
		return -1;
	if (!sheet->lesson->nsteps)
		return err_set(err, "no command in it: there is nothing to play");
	sheet->lesson->link = sheet_link(sheet->lesson);
	return 0;
}

bool script_lesson_is(const char *file)
{
	const size_t len = strlen(file);

	return len > 4 && !strcmp(file + len - 4, ".lab");
}

int script_lesson_parse(const char *file, const char *text, size_t len, struct lesson **result,
			struct err *err)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	struct lesson *lesson = xcalloc(1, sizeof(*lesson));
	struct sheet sheet = {.file = file, .lesson = lesson};
	struct script whole;
	int bad;

	*result = NULL;
	lesson->file = xstrdup(file);
	lesson->title = prose_clean(name, strlen(name));
	lesson->level = xstrdup("");
	/* The bounds are those of the whole. */
	bad = script_parse(file, text, len, &whole, err);
	script_clear(&whole);
	if (!bad) {
		snprintf(err->file, sizeof(err->file), "%s", file);
		bad = sheet_read(&sheet, text, len, err);
	}
	strbuf_free(&sheet.comment);
	free(sheet.before);
	if (bad) {
		lesson_free(lesson);
		return -1;
	}
	memset(err, 0, sizeof(*err));
	*result = lesson;
	return 0;
}
