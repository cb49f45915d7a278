/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fence.c - the blocks of a lesson that are more than text: lesson, predict, hint, lab, claim.
 *
 * No choice is marked right and no claim is believed: each carries the condition that the kernel
 * decides. */
#include "lab.h"
#include "mem.h"
#include "reading.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define CHOICES 16
#define CLAIMS 16
#define SOURCES 16
#define MINUTES 600

/* The next line of `*at`, without outer blanks; false at the end. */
static bool next_line(const char **at, const char **line, size_t *len)
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
static const char *line_value(const char *line, size_t len, const char *key, size_t *value_len)
{
	size_t at = strlen(key);

	if (len <= at || memcmp(line, key, at) || line[at] != ':')
		return NULL;
	for (at++; at < len && isspace((unsigned char)line[at]); at++)
		;
	*value_len = len - at;
	return line + at;
}

static int read_source(struct reading *reading, int line, const char *value, size_t len)
{
	struct lesson *lesson = reading->lesson;

	if (lesson->nsources == SOURCES)
		return reading_fail(reading, line, "too many sources: at most %d", SOURCES);
	lesson->sources =
		xrealloc(lesson->sources, (lesson->nsources + 1) * sizeof(*lesson->sources));
	lesson->sources[lesson->nsources++] = prose_clean(value, len);
	return 0;
}

static int read_minutes(struct reading *reading, int line, const char *value, size_t len)
{
	int minutes = 0;

	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)value[i]) ||
		    (minutes = minutes * 10 + value[i] - '0') > MINUTES)
			return reading_fail(reading, line,
					    "minutes: a number from 1 to %d expected", MINUTES);
	if (!minutes)
		return reading_fail(reading, line, "minutes: a number from 1 to %d expected",
				    MINUTES);
	reading->lesson->minutes = minutes;
	return 0;
}

static int read_link(struct reading *reading, int line, const char *value, size_t len)
{
	for (enum link_kind link = 0; link < LINK_COUNT; link++)
		if (len == strlen(link_name(link)) && !memcmp(value, link_name(link), len)) {
			reading->lesson->link = link;
			reading->linked = true;
			return 0;
		}
	return reading_fail(reading, line, "link: `loopback` or `wire` expected, not `%.*s`",
			    (int)(len < 40 ? len : 40), value);
}

static int read_part(struct reading *reading, int line, const char *value, size_t len)
{
	if (len != 1 || *value < 'A' || *value > 'Z')
		return reading_fail(reading, line, "part: one letter expected, `A` to `Z`");
	reading->lesson->part = *value;
	return 0;
}

static int read_description(struct reading *reading, int line, const char *text)
{
	struct lesson *lesson = reading->lesson;
	const int first = line;
	const char *at, *value;
	size_t len, value_len;

	if (reading->described)
		return reading_fail(reading, line, "a second lesson block: one is expected");
	reading->described = true;
	while (next_line(&text, &at, &len)) {
		int bad = 0;

		line++;
		if (!len)
			continue;
		if ((value = line_value(at, len, "link", &value_len))) {
			bad = read_link(reading, line, value, value_len);
		} else if ((value = line_value(at, len, "minutes", &value_len))) {
			bad = read_minutes(reading, line, value, value_len);
		} else if ((value = line_value(at, len, "part", &value_len))) {
			bad = read_part(reading, line, value, value_len);
		} else if ((value = line_value(at, len, "source", &value_len)) && value_len) {
			bad = read_source(reading, line, value, value_len);
		} else if ((value = line_value(at, len, "level", &value_len)) && value_len) {
			free(lesson->level);
			lesson->level = prose_clean(value, value_len);
		} else {
			bad = reading_fail(reading, line,
					   "`part:`, `link:`, `minutes:`, `level:` or `source:` "
					   "and its value expected");
		}
		if (bad)
			return bad;
	}
	if (!lesson->minutes || !reading->linked || !*lesson->level || !lesson->nsources)
		return reading_fail(reading, first, "the lesson block lacks `%s:`",
				    !reading->linked   ? "link"
				    : !lesson->minutes ? "minutes"
				    : !*lesson->level  ? "level"
						       : "source");
	return 0;
}

static int read_choice(struct reading *reading, int line, const char *at, size_t len)
{
	struct step *step = reading->step;
	struct choice *choice;
	size_t split = len, end, start;

	for (size_t i = 0; i + 4 <= len; i++)
		if (!memcmp(at + i, " :: ", 4))
			split = i;
	start = split + 4;
	end = len;
	while (split && split < len && at[split - 1] == ' ')
		split--;
	if (split == len || !split)
		return reading_fail(reading, line, "a choice is `TEXT :: CONDITION`");
	if (step->nchoices == CHOICES)
		return reading_fail(reading, line, "too many choices: at most %d", CHOICES);
	step->choices = xrealloc(step->choices, (step->nchoices + 1) * sizeof(*step->choices));
	choice = &step->choices[step->nchoices++];
	*choice = (struct choice){.line = line, .text = prose_clean(at, split)};
	if (end - start > 8 && !memcmp(at + end - 8, " already", 8)) {
		choice->already = true;
		end -= 8;
	}
	if (condition_parse(at + start, end - start, &choice->condition, reading->err)) {
		reading->err->line = line;
		return -1;
	}
	return 0;
}

static int read_predict(struct reading *reading, int line, const char *info, const char *text)
{
	struct step *step = reading->step;
	const char *at;
	size_t len;

	if (step->question)
		return reading_fail(reading, line, "a second predict: a step has at most one");
	if (step->script.count)
		return reading_fail(reading, line, "a predict stands before the step's lab block");
	if (!*info)
		return reading_fail(reading, line, "```predict QUESTION expected");
	step->question = prose_clean(info, strlen(info));
	step->question_line = line;
	while (next_line(&text, &at, &len))
		if (line++, len && read_choice(reading, line, at, len))
			return -1;
	if (step->nchoices < 2)
		return reading_fail(reading, step->question_line,
				    "a predict has at least two choices, each `TEXT :: CONDITION`");
	return 0;
}

/* Text for who asks: Markdown of its own. */
static int read_hint(struct reading *reading, int line, const char *text)
{
	struct step *step = reading->step;
	cmark_node *document;
	struct prose prose = {0};
	int bad = 0;

	if (step->nhint)
		return reading_fail(reading, line, "a second hint: a step has at most one");
	if (step->script.count)
		return reading_fail(reading, line, "a hint stands before the step's lab block");
	document = cmark_parse_document(text, strlen(text), CMARK_OPT_DEFAULT);
	for (cmark_node *node = document ? cmark_node_first_child(document) : NULL; node && !bad;
	     node = cmark_node_next(node))
		bad = prose_add(&prose, node, reading->err);
	if (document)
		cmark_node_free(document);
	step->hint = prose.blocks;
	step->nhint = prose.count;
	if (bad)
		return reading_fail(reading, line, "a hint is a few lines of text");
	return prose.count ? 0 : reading_fail(reading, line, "an empty hint");
}

/* `"TEXT" — SOURCE`; two hyphens, or one, will do for the dash. */
static int read_claim_head(struct reading *reading, int line, const char *info, struct claim *claim)
{
	static const char *const dashes[] = {"\" — ", "\" -- ", "\" - "};
	const char *close = NULL, *source = NULL;

	for (size_t i = 0; *info == '"' && !close && i < 3; i++) {
		close = strstr(info + 1, dashes[i]);
		source = close ? close + strlen(dashes[i]) : NULL;
	}
	while (source && *source == ' ')
		source++;
	if (!close || close == info + 1 || !*source)
		return reading_fail(reading, line, "```claim \"WHAT IT SAYS\" — SOURCE expected");
	claim->text = prose_clean(info + 1, (size_t)(close - info - 1));
	claim->source = prose_clean(source, strlen(source));
	return 0;
}

static int read_claim(struct reading *reading, int line, const char *info, const char *text)
{
	struct step *step = reading->step;
	struct claim *claim;
	const char *at, *value;
	size_t len, value_len;
	bool condition = false;

	if (!step->script.count)
		return reading_fail(reading, line, "a claim stands after the step's lab block");
	if (step->nclaims == CLAIMS)
		return reading_fail(reading, line, "too many claims: at most %d", CLAIMS);
	step->claims = xrealloc(step->claims, (step->nclaims + 1) * sizeof(*step->claims));
	claim = &step->claims[step->nclaims++];
	*claim = (struct claim){.line = line, .why = xstrdup("")};
	if (read_claim_head(reading, line, info, claim))
		return -1;
	while (next_line(&text, &at, &len)) {
		line++;
		if (!len)
			continue;
		if (!condition) {
			if (condition_parse(at, len, &claim->condition, reading->err)) {
				reading->err->line = line;
				return -1;
			}
			condition = true;
		} else if (!claim->differs &&
			   (value = line_value(at, len, "differs", &value_len)) && value_len) {
			claim->differs = true;
			free(claim->why);
			claim->why = prose_clean(value, value_len);
		} else if (claim->differs && strlen(claim->why) < LESSON_LINE) {
			char *more = prose_clean(at, len);
			char *why = xasprintf("%s %s", claim->why, more);

			free(more);
			free(claim->why);
			claim->why = why;
		} else {
			return reading_fail(reading, line, "`differs: WHY` expected, or nothing");
		}
	}
	if (!condition)
		return reading_fail(reading, claim->line,
				    "a claim needs the condition that would make it true");
	return 0;
}

static int read_lab(struct reading *reading, int line, const char *text)
{
	struct step *step = reading->step;
	struct script more = {0};

	if (step->nclaims)
		return reading_fail(reading, line, "a lab block stands before the step's claims");
	if (script_parse_at(reading->lesson->file, line + 1, text, strlen(text), &more,
			    reading->err))
		return -1;
	if (!more.count) {
		script_clear(&more);
		return reading_fail(reading, line, "an empty lab block");
	}
	if (!step->script.count) {
		step->nbefore = reading->prose.count;
		script_clear(&step->script);
		step->script = more;
		return 0;
	}
	step->script.commands =
		xrealloc(step->script.commands,
			 (step->script.count + more.count) * sizeof(*step->script.commands));
	memcpy(step->script.commands + step->script.count, more.commands,
	       more.count * sizeof(*more.commands));
	step->script.count += more.count;
	free(more.commands);
	free(more.file);
	return 0;
}

int reading_fence(struct reading *reading, cmark_node *node)
{
	const int line = cmark_node_get_start_line(node);
	const char *info = cmark_node_get_fence_info(node);
	const char *text = cmark_node_get_literal(node);
	size_t word = strcspn(info, " \t");
	const char kind = info[0] == 'l' ? info[1] : info[0]; /* lesson, lab, predict, claim */

	if (!text)
		text = "";
	if (reading->lesson->page)
		return reading_fail(reading, line,
				    "a page (its name begins with a letter) is read, not played: "
				    "no %.*s block",
				    (int)word, info);
	if (kind == 'e')
		return read_description(reading, line, text);
	if (!reading->step)
		return reading_fail(reading, line, "a `## heading` is expected before a %.*s block",
				    (int)word, info);
	info += word + strspn(info + word, " \t");
	if (kind == 'p')
		return read_predict(reading, line, info, text);
	if (kind == 'c')
		return read_claim(reading, line, info, text);
	if (*info)
		return reading_fail(reading, line, "nothing expected behind `%s`",
				    kind == 'h' ? "hint" : "lab");
	if (kind == 'h')
		return read_hint(reading, line, text);
	return read_lab(reading, line, text);
}
