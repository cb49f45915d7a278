/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * summary.c - the end of a lesson: predicted beside measured, documented beside this kernel.
 *
 *   That was the lesson: 2 of 3 predictions right.
 *        step                 predicted                measured
 *     1  A connection         not asked
 *   ✓ 2  The client closes    CLOSE_WAIT: one          the same
 *                             direction has ended
 *   ✗ 3  The write            -1 with EPIPE            3, as if nothing had
 *                                                      happened
 *   Documented, and measured on Linux 6.18: 1 the same, 1 differs
 *   ✓ the same  "if new data is received after ..." - RFC 9293, section 3.6.1
 *   ✗ differs   "EPIPE: fd is connected to ..." - write(2)
 *               measured: write = 3; true of a pipe, ...
 */
#include "page.h"
#include "reader.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define FRESH "no prediction"

struct counts {
	unsigned right, asked, failed;
	unsigned same, differ, open; /* claims; not decided, or not to be seen here */
};

static void counts_take(const struct reader *reader, struct counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	for (size_t i = 0; i < reader->lesson->nsteps; i++) {
		const struct study_result *result = study_result(reader->study, i);

		if (!result)
			continue;
		counts->failed += result->failed;
		counts->asked += result->predicted >= 0 && result->measured >= 0;
		counts->right += result->predicted >= 0 && result->predicted == result->measured;
		for (size_t j = 0; j < reader->lesson->steps[i].nclaims; j++) {
			enum verdict verdict = result->claims[j].verdict;

			counts->same += verdict == VERDICT_TRUE;
			counts->differ += verdict == VERDICT_FALSE;
			counts->open += verdict != VERDICT_TRUE && verdict != VERDICT_FALSE;
		}
	}
}

static void fill_heading(struct page *page, const struct counts *counts)
{
	char text[96];

	if (counts->asked)
		snprintf(text, sizeof(text), "That was the lesson: %u of %u prediction%s right.",
			 counts->right, counts->asked, counts->asked == 1 ? "" : "s");
	else
		snprintf(text, sizeof(text), "That was the lesson.");
	page_text(page, 0, STYLE_HEADING, text);
	if (counts->failed) {
		snprintf(text, sizeof(text), "%u expectation%s did not hold on this machine.",
			 counts->failed, counts->failed == 1 ? "" : "s");
		page_text(page, 0, STYLE_ERROR, text);
	}
}

/* The mark and the two texts of a step. */
static const char *step_words(const struct page *page, const struct step *step,
			      const struct study_result *result, const char **predicted,
			      const char **measured)
{
	*measured = "";
	if (!result) {
		*predicted = "not played";
		return " ";
	}
	if (!step->question) {
		*predicted = "not asked";
		return " ";
	}
	*predicted = result->predicted < 0 ? FRESH : step->choices[result->predicted].text;
	if (result->measured < 0) {
		*measured = result->unavailable ? "cannot be seen on this machine" : "not decided";
		return glyph_text(GLYPH_UNKNOWN, page->utf8);
	}
	*measured = step->choices[result->measured].text;
	if (result->predicted < 0)
		return " ";
	if (result->predicted != result->measured)
		return glyph_text(GLYPH_FALSE, page->utf8);
	*measured = "the same";
	return glyph_text(GLYPH_TRUE, page->utf8);
}

static void fill_step(struct page *page, const struct reader *reader, size_t i)
{
	const struct step *step = &reader->lesson->steps[i];
	const struct study_result *result = study_result(reader->study, i);
	bool here = reader->choice == (int)i;
	int heading = page->width / 4, text = (page->width - 6 - heading - 4) / 2;
	const char *predicted, *measured;
	const char *mark = step_words(page, step, result, &predicted, &measured);
	bool told = *measured && result->predicted >= 0 && result->measured >= 0;
	bool right = told && result->predicted == result->measured;
	enum style style = here ? STYLE_CHOICE : STYLE_DIM;
	char number[32];

	snprintf(number, sizeof(number), "%zu", i + 1);
	if (here)
		mark = glyph_text(GLYPH_RIGHT, page->utf8);
	if (told && !here)
		style = right ? STYLE_GOOD : STYLE_ERROR;
	page->tag = TAG_CHOICE + (int)i;
	page_cells(page,
		   (struct cell[]){
			   {2, style, mark},
			   {4, style, number},
			   {heading, here ? STYLE_CHOICE : STYLE_STRONG, step->heading},
			   {2, STYLE_PLAIN, ""},
			   {text, style, predicted},
			   {2, STYLE_PLAIN, ""},
			   {text, told && !here ? STYLE_GOOD : style, measured},
		   },
		   7);
	page->tag = 0;
}

static void fill_steps(struct page *page, const struct reader *reader)
{
	int heading = page->width / 4, text = (page->width - 6 - heading - 4) / 2;

	page_blank(page);
	page_cells(page,
		   (struct cell[]){
			   {6, STYLE_LABEL, ""},
			   {heading + 2, STYLE_LABEL, "step"},
			   {text + 2, STYLE_LABEL, "predicted"},
			   {text, STYLE_LABEL, "measured"},
		   },
		   4);
	for (size_t i = 0; i < reader->lesson->nsteps; i++)
		fill_step(page, reader, i);
}

static void fill_claim(struct page *page, const struct claim *claim,
		       const struct study_verdict *verdict)
{
	bool differs = verdict->verdict == VERDICT_FALSE, same = verdict->verdict == VERDICT_TRUE;
	enum glyph glyph = same ? GLYPH_TRUE : differs ? GLYPH_FALSE : GLYPH_UNKNOWN;
	char marker[32];

	snprintf(marker, sizeof(marker), "%s %-8s", glyph_text(glyph, page->utf8),
		 same	   ? "the same"
		 : differs ? "differs"
			   : "unknown");
	lesson_view_claim(page, same ? STYLE_GOOD : STYLE_CHANGED, marker, claim);
	if (same == !claim->differs && (same || !*verdict->saw))
		return;
	page_begin(page, 11, STYLE_LABEL, NULL);
	page_flow(page, STYLE_LABEL, "measured: ");
	if (same)
		page_flow(page, STYLE_PLAIN, "the lesson says that it differs on Linux");
	else if (verdict->verdict == VERDICT_UNAVAILABLE)
		page_flow(page, STYLE_PLAIN, "cannot be seen on this machine");
	else
		page_flow(page, STYLE_STRONG, *verdict->saw ? verdict->saw : "not so");
	if (differs && claim->why && *claim->why) {
		page_flow(page, STYLE_PLAIN, "; ");
		page_flow(page, STYLE_PLAIN, claim->why);
	}
	if (differs && !claim->differs)
		page_flow(page, STYLE_ERROR, ", other than the lesson says");
	page_end(page);
}

char *summary_kernel(char *out, size_t size)
{
	struct utsname name;
	size_t len;

	if (uname(&name)) {
		snprintf(out, size, "?");
		return out;
	}
	len = strcspn(name.release, ".");
	len += name.release[len] ? 1 + strspn(name.release + len + 1, "0123456789") : 0;
	snprintf(out, size, "%.*s", (int)len, name.release);
	return out;
}

static void fill_claims(struct page *page, const struct reader *reader, const struct counts *counts)
{
	char text[160], release[32], open[48] = "";

	if (!(counts->same + counts->differ + counts->open))
		return;
	summary_kernel(release, sizeof(release));
	if (counts->open)
		snprintf(open, sizeof(open), ", %u unknown", counts->open);
	snprintf(text, sizeof(text),
		 "Documented, and measured on Linux %s: %u the same, %u differ%s%s", release,
		 counts->same, counts->differ, counts->differ == 1 ? "s" : "", open);
	page_blank(page);
	page_text(page, 0, STYLE_HEADING, text);
	for (size_t i = 0; i < reader->lesson->nsteps; i++) {
		const struct study_result *result = study_result(reader->study, i);

		for (size_t j = 0; result && j < reader->lesson->steps[i].nclaims; j++)
			fill_claim(page, &reader->lesson->steps[i].claims[j], &result->claims[j]);
	}
}

void summary_fill(struct page *page, const struct reader *reader)
{
	const struct lesson *lesson = reader->lesson;
	struct counts counts;

	if (!reader->study)
		return;
	counts_take(reader, &counts);
	fill_heading(page, &counts);
	fill_steps(page, reader);
	fill_claims(page, reader, &counts);
	page_blank(page);
	page_text(page, 0, STYLE_PLAIN,
		  "Both ends are as the lesson left them, and the prompt is yours.");
	for (size_t i = 0; i < lesson->nsources; i++) {
		page_begin(page, 0, STYLE_DIM, "source");
		page_flow(page, STYLE_DIM, lesson->sources[i]);
		page_end(page);
	}
}
