/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lesson_view.c - a step of a lesson: before it is played, and after.
 *
 *   2 · The second write                          2 · The second write
 *   The RST has reached the server's kernel.      What does it return?
 *   Its next write has no connection left.         ✗ 1) 3, as before - your guess
 *   What does it return?                           ✓ 2) -1 with EPIPE - measured
 *    ▶ 1) 3, as before                               3) it blocks
 *      2) -1 with EPIPE                           Nothing but sk_err and SEND_SHUTDOWN ...
 *      3) it blocks                               documented "the second write ..." - UNP 5.13
 *                                                 measured   the same
 */
#include "reader.h"

#include "page.h"

#include <stdio.h>
#include <string.h>

#define MARK "// ▶"
#define TAG_HINT 999

enum style lesson_view_span(enum span_style style, enum style plain)
{
	switch (style) {
	case SPAN_EMPH:
		return STYLE_EMPH;
	case SPAN_STRONG:
		return STYLE_STRONG;
	case SPAN_CODE:
		return STYLE_CODE;
	case SPAN_PLAIN:
		break;
	}
	return plain;
}

/* A listing, under the name of its program; the comment at a line's end that marks the line being
 * played becomes a mark. */
void lesson_view_listing(struct page *page, const struct block *block, bool one)
{
	bool marked = false;

	page_blank(page);
	if (*block->file && !one)
		page_line(page, STYLE_DIM, block->file);
	for (size_t i = 0; one && i < block->count; i++)
		marked |= strstr(block->spans[i].text, MARK) != NULL;
	for (size_t i = 0; i < block->count; i++) {
		const char *text = block->spans[i].text, *mark = strstr(text, MARK);
		char line[256];
		size_t len = mark ? (size_t)(mark - text) : strlen(text);

		if (one && (marked ? !mark : i > 0))
			continue;
		while (len && text[len - 1] == ' ')
			len--;
		snprintf(line, sizeof(line), " %s %.*s",
			 mark ? glyph_text(GLYPH_RIGHT, page->utf8) : " ", (int)len, text);
		page_line(page, mark ? STYLE_CODE_NOW : STYLE_CODE, line);
	}
}

void lesson_view_blocks(struct page *page, const struct block *blocks, size_t from, size_t upto)
{
	for (size_t i = from; i < upto; i++) {
		const struct block *block = &blocks[i];
		enum style plain = block->kind == BLOCK_QUOTE ? STYLE_QUOTE : STYLE_PLAIN;
		bool item = block->kind == BLOCK_ITEM;

		if (!item || (i > from && blocks[i - 1].kind != BLOCK_ITEM))
			page_blank(page);
		if (block->kind == BLOCK_CODE) {
			lesson_view_listing(page, block, false);
			continue;
		}
		page_begin(page,
			   item			  ? block->depth * 2
			   : plain == STYLE_QUOTE ? 2
						  : 0,
			   STYLE_STRONG,
			   item && block->marker && *block->marker ? block->marker : NULL);
		for (size_t j = 0; j < block->count; j++)
			page_flow(page, lesson_view_span(block->spans[j].style, plain),
				  block->spans[j].text);
		page_end(page);
	}
}

/* The question and its choices; once played, what was true of each. */
static void page_question(struct page *page, const struct reader *reader, const struct step *step)
{
	bool done = reader->phase == READER_DONE;
	int guess = study_predicted(reader->study, reader->step);

	page_blank(page);
	page_text(page, 0, STYLE_HEADING, step->question);
	if (!done)
		guess = reader->choice;
	for (size_t i = 0; i < step->nchoices; i++) {
		const struct study_verdict *verdict = done ? study_choice(reader->study, i) : NULL;
		enum style style = STYLE_PLAIN;
		const char *mark = " ";
		char number[32];

		if (verdict && verdict->verdict == VERDICT_TRUE) {
			style = STYLE_GOOD;
			mark = glyph_text(GLYPH_TRUE, page->utf8);
		} else if (verdict && verdict->verdict == VERDICT_UNAVAILABLE) {
			mark = glyph_text(GLYPH_UNKNOWN, page->utf8);
		} else if (verdict && guess == (int)i) {
			style = STYLE_ERROR;
			mark = glyph_text(GLYPH_FALSE, page->utf8);
		} else if (!done && guess == (int)i) {
			style = STYLE_CHOICE;
			mark = glyph_text(GLYPH_RIGHT, page->utf8);
		}
		page->tag = TAG_CHOICE + (int)i;
		snprintf(number, sizeof(number), " %s %zu)", mark, i + 1);
		page_begin(page, 0, style, number);
		page_flow(page, style, step->choices[i].text);
		if (verdict && verdict->verdict == VERDICT_TRUE)
			page_flow(page, STYLE_GOOD,
				  guess == (int)i ? "  - as you said" : "  - measured");
		else if (verdict && verdict->verdict == VERDICT_UNAVAILABLE)
			page_flow(page, STYLE_DIM, "  - cannot be seen on this machine");
		else if (guess == (int)i)
			page_flow(page, style, done ? "  - your guess" : "");
		page_end(page);
		page->tag = 0;
	}
}

static void page_hint(struct page *page, const struct step *step)
{
	page_blank(page);
	page->tag = TAG_HINT;
	page_line(page, STYLE_CHANGED, "A hint");
	page->tag = 0;
	lesson_view_blocks(page, step->hint, 0, step->nhint);
}

void lesson_view_claim(struct page *page, enum style style, const char *marker,
		       const struct claim *claim)
{
	page_begin(page, 0, style, marker);
	page_flow(page, STYLE_QUOTE, "\"");
	page_flow(page, STYLE_QUOTE, claim->text);
	page_flow(page, STYLE_QUOTE, "\"");
	if (claim->source && *claim->source) {
		page_flow(page, STYLE_DIM, " - ");
		page_flow(page, STYLE_DIM, claim->source);
	}
	page_end(page);
}

void lesson_view_claims(struct page *page, const struct reader *reader, const struct step *step)
{
	char release[32], not_so[64];
	const char *const words[] = {
		[VERDICT_FALSE] = not_so,
		[VERDICT_TRUE] = "the same",
		[VERDICT_UNDECIDED] = "not decided",
		[VERDICT_UNAVAILABLE] = "cannot be seen on this machine",
	};

	snprintf(not_so, sizeof(not_so), "not so on Linux %s",
		 summary_kernel(release, sizeof(release)));
	for (size_t i = 0; i < step->nclaims; i++) {
		const struct claim *claim = &step->claims[i];
		const struct study_verdict *verdict = study_claim(reader->study, i);

		page_blank(page);
		lesson_view_claim(page, STYLE_LABEL, "documented", claim);
		if (!verdict)
			continue;
		page_begin(page, 0, STYLE_LABEL, "measured  ");
		page_flow(page, verdict->verdict == VERDICT_TRUE ? STYLE_GOOD : STYLE_CHANGED,
			  words[verdict->verdict]);
		if (*verdict->saw && verdict->verdict != VERDICT_TRUE) {
			page_flow(page, STYLE_PLAIN, ": ");
			page_flow(page, STYLE_STRONG, verdict->saw);
		}
		page_end(page);
		if (!claim->differs || !claim->why || !*claim->why)
			continue;
		page_begin(page, 0, STYLE_LABEL, "why       ");
		page_flow(page, STYLE_PLAIN, claim->why);
		page_end(page);
	}
}

static void page_after(struct page *page, const struct reader *reader, const struct step *step)
{
	unsigned held = 0, failed = 0, unavailable = 0;
	const struct player *player = study_player(reader->study);

	if (step->question)
		page_question(page, reader, step);
	if (player)
		player_counts(player, &held, &failed, &unavailable);
	if (failed) {
		page_blank(page);
		page_text(
			page, 0, STYLE_ERROR,
			"Not all went as the lesson expects: see the journal. F6 plays it again.");
	}
	if (!step->question && step->nbefore == step->nblocks)
		lesson_view_blocks(page, step->blocks, 0, step->nbefore);
	lesson_view_blocks(page, step->blocks, step->nbefore, step->nblocks);
	lesson_view_claims(page, reader, step);
}

void lesson_view_failed(struct page *page, const struct reader *reader)
{
	const struct err *err = study_err(reader->study);
	char text[1024];

	page_text(page, 0, STYLE_ERROR, "The lesson cannot go on:");
	page_text(page, 0, STYLE_PLAIN, err ? err_format(err, text, sizeof(text)) : "");
}

static void lesson_fill(const struct canvas *canvas, const struct reader *reader, struct page *page)
{
	const struct lesson *lesson = reader->lesson;
	const struct step *step =
		reader->step < lesson->nsteps ? &lesson->steps[reader->step] : NULL;
	char heading[256];

	/* Where rows are few, the question is heading enough. */
	if (step && reader->phase != READER_INTRO && reader->phase != READER_END &&
	    !(page->dense && reader->phase == READER_DONE && step->question)) {
		snprintf(heading, sizeof(heading), "%zu %s %s", reader->step + 1,
			 glyph_text(GLYPH_DOT, canvas->utf8), step->heading);
		page_text(page, 0, STYLE_HEADING, heading);
	}
	switch (reader->phase) {
	case READER_INTRO:
		lesson_view_blocks(page, lesson->intro, 0, lesson->nintro);
		break;
	case READER_STEP:
	case READER_PLAYING:
		lesson_view_blocks(page, step->blocks, 0, step->nbefore);
		if (reader->hinted)
			page_hint(page, step);
		if (step->question)
			page_question(page, reader, step);
		break;
	case READER_DONE:
		page_after(page, reader, step);
		break;
	case READER_FAILED:
		lesson_view_failed(page, reader);
		break;
	case READER_AGAIN:
		page_text(page, 0, STYLE_DIM, "Starting afresh ...");
		break;
	case READER_END:
		if (lesson->page)
			lesson_view_blocks(page, lesson->intro, 0, lesson->nintro);
		else
			summary_fill(page, reader);
		break;
	case READER_NONE:
		break;
	}
}

/* Airy where there is room for it, dense where there is not; a page of the course is scrolled. */
void lesson_view_page(const struct canvas *canvas, const struct reader *reader, int width, int room,
		      struct page *page)
{
	memset(page, 0, sizeof(*page));
	page_start(page, width, canvas->utf8);
	lesson_fill(canvas, reader, page);
	if ((int)page->count <= room || reader->lesson->page)
		return;
	page_start(page, width, canvas->utf8);
	page->dense = true;
	lesson_fill(canvas, reader, page);
}

int lesson_view_rows(const struct canvas *canvas, const struct reader *reader, int width, int room)
{
	struct page page;
	int rows;

	lesson_view_page(canvas, reader, width - 2, room, &page);
	rows = (int)page.count;
	page_free(&page);
	return rows < room ? rows : room;
}

/* Scroll to what was chosen, or to the hint that was asked for. */
static void lesson_follow(struct reader *reader, const struct page *page, int room)
{
	int row = reader->choice >= 0 ? page_find(page, TAG_CHOICE + reader->choice) : -1;

	if (!reader->follow)
		return;
	reader->follow = false;
	if (reader->hinted && reader->choice < 0)
		row = page_find(page, TAG_HINT);
	if (row < 0)
		return;
	if (row < reader->top)
		reader->top = row;
	if (reader->hinted && reader->choice < 0 && row >= reader->top + room / 2)
		reader->top = row;
	if (row >= reader->top + room)
		reader->top = row - room + 1;
}

void lesson_view_draw(const struct canvas *canvas, struct rect at, struct reader *reader)
{
	struct page page;
	int rows;

	lesson_view_page(canvas, reader, at.w - 2, at.h, &page);
	rows = (int)page.count;
	lesson_follow(reader, &page, at.h);
	if (reader->top > rows - at.h)
		reader->top = rows > at.h ? rows - at.h : 0;
	reader->more = reader->top + at.h < rows;
	reader->shown = at.h;
	reader->ahead = at.h > 2 ? at.h - 1 : 1;
	page_draw(canvas, &page, (struct rect){at.y, at.x + 1, at.h, at.w - 2}, reader->top);
	if (reader->top)
		draw_glyph(canvas, at.y, at.x + at.w - 1, STYLE_CHANGED, GLYPH_UP);
	if (reader->more)
		draw_glyph(canvas, at.y + at.h - 1, at.x + at.w - 1, STYLE_CHANGED, GLYPH_DOWN);
	page_free(&page);
}

int lesson_view_at(const struct canvas *canvas, struct rect at, const struct reader *reader, int y)
{
	struct page page;
	int row = y - at.y + reader->top, choice = -1;

	lesson_view_page(canvas, reader, at.w - 2, at.h, &page);
	if (y >= at.y && y < at.y + at.h && row >= 0 && (size_t)row < page.count &&
	    page.rows[row].tag >= TAG_CHOICE)
		choice = page.rows[row].tag - TAG_CHOICE;
	page_free(&page);
	return choice;
}
