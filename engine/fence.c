/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fence.c - the blocks of a lesson that are more than text: predict, hint, lab, claim.
 *
 * No choice is marked right and no claim is believed: each carries the condition that the kernel
 * decides. Who reads on behind a mistake says each only once: what follows from one is not told. */
#include "lab.h"
#include "mem.h"
#include "reading.h"

#include <stdlib.h>
#include <string.h>

#define CHOICES 16
#define CLAIMS 16
#define COMMANDS 2000 /* of the whole lesson */

static void read_condition(struct reading *reading, int line, const char *text, size_t len,
			   struct condition *condition)
{
	struct err err = {0};

	if (condition_parse(text, len, condition, &err))
		reading_take(reading, line, &err);
}

static void read_choice(struct reading *reading, int line, const char *at, size_t len)
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
	if (split == len || !split) {
		reading_fail(reading, line, "a choice is `TEXT :: CONDITION`");
		return;
	}
	if (step->nchoices == CHOICES) {
		reading_stop(reading, line, "too many choices: at most %d", CHOICES);
		return;
	}
	step->choices = xrealloc(step->choices, (step->nchoices + 1) * sizeof(*step->choices));
	choice = &step->choices[step->nchoices++];
	*choice = (struct choice){.line = line, .text = prose_clean(at, split)};
	if (end - start > 8 && !memcmp(at + end - 8, " already", 8)) {
		choice->already = true;
		end -= 8;
	}
	read_condition(reading, line, at + start, end - start, &choice->condition);
}

static void read_predict(struct reading *reading, int line, const char *info, const char *text)
{
	struct step *step = reading->step;
	unsigned choices = 0;
	const char *at;
	size_t len;

	if (step->question) {
		reading_fail(reading, line, "a second predict: a step has at most one");
		return;
	}
	if (reading->lab)
		reading_fail(reading, line, "a predict stands before the step's lab block");
	if (!*info)
		reading_fail(reading, line, "```predict QUESTION expected");
	step->question = prose_clean(info, strlen(info));
	step->question_line = line;
	while (reading_line(&text, &at, &len) && !reading->over)
		if (line++, len) {
			read_choice(reading, line, at, len);
			choices++;
		}
	if (choices < 2)
		reading_fail(reading, step->question_line,
			     "a predict has at least two choices, each `TEXT :: CONDITION`");
}

/* Text for who asks: Markdown of its own. */
static void read_hint(struct reading *reading, int line, const char *text)
{
	struct step *step = reading->step;
	cmark_node *document;
	struct prose prose = {0};
	struct err ignored = {0};
	int bad = 0;

	if (step->hint) {
		reading_fail(reading, line, "a second hint: a step has at most one");
		return;
	}
	if (reading->lab)
		reading_fail(reading, line, "a hint stands before the step's lab block");
	document = cmark_parse_document(text, strlen(text), CMARK_OPT_DEFAULT);
	for (cmark_node *node = document ? cmark_node_first_child(document) : NULL; node && !bad;
	     node = cmark_node_next(node))
		bad = prose_add(&prose, node, &ignored);
	if (document)
		cmark_node_free(document);
	step->hint = prose.blocks;
	step->nhint = prose.count;
	if (bad)
		reading_fail(reading, line, "a hint is a few lines of text");
	else if (!prose.count)
		reading_fail(reading, line, "an empty hint");
}

/* `"TEXT" — SOURCE`; two hyphens, or one, will do for the dash. */
static void read_claim_head(struct reading *reading, int line, const char *info,
			    struct claim *claim)
{
	static const char *const dashes[] = {"\" — ", "\" -- ", "\" - "};
	const char *close = NULL, *source = NULL;

	for (size_t i = 0; *info == '"' && !close && i < 3; i++) {
		close = strstr(info + 1, dashes[i]);
		source = close ? close + strlen(dashes[i]) : NULL;
	}
	while (source && *source == ' ')
		source++;
	if (!close || close == info + 1 || !*source) {
		reading_fail(reading, line, "```claim \"WHAT IT SAYS\" — SOURCE expected");
		return;
	}
	claim->text = prose_clean(info + 1, (size_t)(close - info - 1));
	claim->source = prose_clean(source, strlen(source));
}

/* Behind the condition: `differs: WHY`, which may go on in more lines. */
static void read_differs(struct reading *reading, int line, const char *at, size_t len,
			 struct claim *claim)
{
	const char *value;
	size_t value_len;

	if (!claim->differs && (value = reading_value(at, len, "differs", &value_len)) &&
	    value_len) {
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
		reading_fail(reading, line, "`differs: WHY` expected, or nothing");
	}
}

static void read_claim(struct reading *reading, int line, const char *info, const char *text)
{
	struct step *step = reading->step;
	struct claim *claim;
	const char *at;
	size_t len;
	bool condition = false;

	if (!reading->lab) {
		reading_fail(reading, line, "a claim stands after the step's lab block");
		reading->lab = reading->disorder = true;
	}
	if (step->nclaims == CLAIMS) {
		reading_stop(reading, line, "too many claims: at most %d", CLAIMS);
		return;
	}
	step->claims = xrealloc(step->claims, (step->nclaims + 1) * sizeof(*step->claims));
	claim = &step->claims[step->nclaims++];
	*claim = (struct claim){.line = line, .why = xstrdup("")};
	read_claim_head(reading, line, info, claim);
	while (reading_line(&text, &at, &len)) {
		line++;
		if (!len)
			continue;
		if (condition)
			read_differs(reading, line, at, len, claim);
		else
			read_condition(reading, line, at, len, &claim->condition);
		condition = true;
	}
	if (!condition)
		reading_fail(reading, claim->line,
			     "a claim needs the condition that would make it true");
}

/* The lines of a lab block. Behind a mistake, the next line is read anew; false: there was one. */
static bool read_commands(struct reading *reading, int line, const char *text,
			  struct script *script)
{
	struct err err;
	bool good = true;

	while (script_parse_at(reading->lesson->file, line, text, strlen(text), script, &err)) {
		good = false;
		reading_take(reading, err.line, &err);
		for (; line <= err.line && *text; line++) {
			text += strcspn(text, "\n");
			text += *text == '\n';
		}
		if (reading->over)
			break;
	}
	return good;
}

static void read_lab(struct reading *reading, int line, const char *text)
{
	struct step *step = reading->step;
	struct script more = {0}, *script = &step->script;

	if (step->nclaims && !reading->disorder)
		reading_fail(reading, line, "a lab block stands before the step's claims");
	if (!reading->lab)
		step->nbefore = reading->prose.count;
	reading->lab = true;
	if (!read_commands(reading, line + 1, text, &more)) {
		script_clear(&more);
		return;
	}
	reading->commands += more.count;
	if (reading->commands > COMMANDS)
		reading_stop(reading, line, "too many commands: at most %d in a lesson", COMMANDS);
	else if (!more.count)
		reading_fail(reading, line, "an empty lab block");
	if (!more.count) {
		script_clear(&more);
		return;
	}
	if (!script->count) {
		script_clear(script);
		*script = more;
		return;
	}
	script->commands = xrealloc(script->commands,
				    (script->count + more.count) * sizeof(*script->commands));
	memcpy(script->commands + script->count, more.commands,
	       more.count * sizeof(*more.commands));
	script->count += more.count;
	free(more.commands);
	free(more.file);
}

static const struct kind {
	const char *name;
	void (*read)(struct reading *reading, int line, const char *text);
	void (*read_info)(struct reading *reading, int line, const char *info, const char *text);
} kinds[] = {
	{"lesson", reading_metadata, NULL}, {"predict", NULL, read_predict},
	{"hint", read_hint, NULL},	    {"lab", read_lab, NULL},
	{"claim", NULL, read_claim},
};

void reading_fence(struct reading *reading, cmark_node *node)
{
	const int line = cmark_node_get_start_line(node);
	const char *info = cmark_node_get_fence_info(node);
	const char *text = cmark_node_get_literal(node);
	const int word = (int)strcspn(info, " \t");
	const struct kind *kind = kinds;

	while (strncmp(kind->name, info, (size_t)word) != 0 || kind->name[word])
		kind++; /* prose_runs has found it */
	info += word + strspn(info + word, " \t");
	if (!text)
		text = "";
	if (reading->lesson->page) {
		reading_fail(reading, line,
			     "a page (its name begins with a letter) is read, not played: "
			     "no %s block",
			     kind->name);
	} else if (!reading->step && kind->read != reading_metadata) {
		if (!reading->homeless)
			reading_fail(reading, line, "a `## heading` is expected before a %s block",
				     kind->name);
		reading->homeless = true;
	} else if (kind->read_info) {
		kind->read_info(reading, line, info, text);
	} else {
		if (*info && kind->read != reading_metadata)
			reading_fail(reading, line, "nothing expected behind `%s`", kind->name);
		kind->read(reading, line, text);
	}
}
