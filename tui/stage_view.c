/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stage_view.c - a step of a lesson, to be read from the back row.
 *
 *   3 · The write                                3 · The write
 *
 *   Now the server writes, without having        What does the server's first write return?
 *   read.                                        ✓ 3, as if nothing had happened - measured
 *                                                ✗ -1 with EPIPE - predicted
 *   What does the server's first write return?
 *    1) 3, as if nothing had happened            A write queues bytes and returns, it does not
 *    2) -1 with EPIPE                            wait for the peer.
 *
 * The heading stays. Of the text as much is shown as there is room for, the first sentence at the
 * least; what comes after a step is turned in pages that end where a paragraph does.
 */
#include "mem.h"
#include "page.h"
#include "reader.h"
#include "stage.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOMY 20 /* rows of a screen on which the heading stands apart */

/* How much of a step's text: the first that fits. */
enum detail { DETAIL_ALL, DETAIL_LISTING, DETAIL_LINE, DETAIL_SENTENCE, DETAIL_DENSE, DETAILS };

/* What is drawn: the head stays, the body is turned. */
struct sheet {
	struct page head, body;
	int least; /* rows of the body that have to be seen together */
};

/* Bytes up to the end of the first sentence; 0: it goes on. */
static size_t sentence_end(const char *text)
{
	for (size_t i = 0; text[i]; i++) {
		bool stop = strchr(".?!:", text[i]) && text[i + 1] == ' ';

		if (stop && (isupper((unsigned char)text[i + 2]) || !text[i + 2]))
			return i + 1;
	}
	return 0;
}

static void fill_sentence(struct page *page, const struct step *step)
{
	const struct block *block = NULL;

	for (size_t i = 0; i < step->nblocks && !block; i++)
		if (step->blocks[i].kind == BLOCK_PARAGRAPH)
			block = &step->blocks[i];
	if (!block)
		return;
	page_begin(page, 0, STYLE_PLAIN, NULL);
	for (size_t i = 0; i < block->count; i++) {
		const struct span *span = &block->spans[i];
		size_t end = span->style == SPAN_CODE ? 0 : sentence_end(span->text);
		char *text = xstrndup(span->text, end ? end : strlen(span->text));

		page_flow(page, lesson_view_span(span->style, STYLE_PLAIN), text);
		free(text);
		if (end)
			break;
	}
	page_end(page);
}

/* Text before the step's lab, as much of it as the detail says. */
static void fill_before(struct page *page, const struct step *step, enum detail detail)
{
	if (detail == DETAIL_ALL) {
		lesson_view_blocks(page, step->blocks, 0, step->nbefore);
		return;
	}
	fill_sentence(page, step);
	for (size_t i = 0; i < step->nbefore && detail <= DETAIL_LINE; i++)
		if (step->blocks[i].kind == BLOCK_CODE)
			lesson_view_listing(page, &step->blocks[i], detail == DETAIL_LINE);
}

static void fill_choices(struct page *page, const struct reader *reader, const struct step *step)
{
	page_blank(page);
	page_text(page, 0, STYLE_HEADING, step->question);
	page_blank(page);
	for (size_t i = 0; i < step->nchoices; i++) {
		bool mine = reader->choice == (int)i;
		char number[32];

		page->tag = TAG_CHOICE + (int)i;
		snprintf(number, sizeof(number), " %s %zu)",
			 mine ? glyph_text(GLYPH_RIGHT, page->utf8) : " ", i + 1);
		page_begin(page, 0, mine ? STYLE_CHOICE : STYLE_STRONG, number);
		page_flow(page, mine ? STYLE_CHOICE : STYLE_PLAIN, step->choices[i].text);
		page_end(page);
		page->tag = 0;
	}
}

/* What was measured, and the guess where it was another. */
static void fill_answer(struct page *page, const struct reader *reader, const struct step *step,
			enum detail detail)
{
	int guess = study_predicted(reader->study, reader->step);
	bool decided = false;

	if (detail < DETAIL_SENTENCE)
		page_text(page, 0, STYLE_HEADING, step->question);
	for (size_t i = 0; i < step->nchoices; i++) {
		const struct study_verdict *verdict = study_choice(reader->study, i);
		bool right = verdict && verdict->verdict == VERDICT_TRUE;

		decided |= right;
		if (!right && guess != (int)i)
			continue;
		page_begin(page, 0, right ? STYLE_GOOD : STYLE_ERROR,
			   glyph_text(right ? GLYPH_TRUE : GLYPH_FALSE, page->utf8));
		page_flow(page, right ? STYLE_GOOD : STYLE_ERROR, step->choices[i].text);
		page_flow(page, right ? STYLE_GOOD : STYLE_ERROR,
			  !right	    ? "  - predicted"
			  : guess == (int)i ? "  - as predicted"
					    : "  - measured");
		page_end(page);
	}
	if (!decided)
		page_text(page, 0, STYLE_CHANGED, "This machine could not tell.");
}

static void fill_done(struct sheet *sheet, const struct reader *reader, const struct step *step,
		      enum detail detail)
{
	struct page *page = &sheet->body;
	unsigned held = 0, failed = 0, unavailable = 0;
	size_t first = step->nbefore;

	if (step->question)
		fill_answer(page, reader, step, detail);
	if (study_player(reader->study))
		player_counts(study_player(reader->study), &held, &failed, &unavailable);
	if (failed) {
		page_blank(page);
		page_text(page, 0, STYLE_ERROR, "Not all went as the lesson expects.");
	}
	/* Nothing is said after it: the sentence stays. */
	if (first == step->nblocks)
		fill_sentence(page, step);
	else
		lesson_view_blocks(page, step->blocks, first, first + 1);
	sheet->least = (int)page->count;
	lesson_view_blocks(page, step->blocks, first + 1, step->nblocks);
	lesson_view_claims(page, reader, step);
}

/* What is being played: it may wait for many seconds. */
static void fill_playing(struct page *page, const struct reader *reader, const struct step *step)
{
	const struct player *player = study_player(reader->study);
	size_t line = player ? player_line(player) : 0;
	char text[256];

	fill_sentence(page, step);
	page_blank(page);
	if (!player || line >= step->script.count)
		return;
	snprintf(text, sizeof(text), "%s %s", glyph_text(GLYPH_RIGHT, page->utf8),
		 step->script.commands[line].text);
	page_line(page, STYLE_CODE_NOW, text);
}

static void fill_again(struct page *page, const struct reader *reader)
{
	char text[96];

	snprintf(text, sizeof(text),
		 reader->step
			 ? "Back to step %zu: a fresh pair, and the steps before played on it ..."
			 : "Back to step %zu, on a fresh pair ...",
		 reader->step + 1);
	page_text(page, 0, STYLE_CHANGED, text);
}

static void fill_head(struct page *page, const struct reader *reader)
{
	const struct lesson *lesson = reader->lesson;
	char heading[256];

	if (reader->phase == READER_INTRO) {
		page_text(page, 0, STYLE_HEADING, lesson->title);
	} else if (reader->phase != READER_END) {
		snprintf(heading, sizeof(heading), "%zu %s %s", reader->step + 1,
			 glyph_text(GLYPH_DOT, page->utf8), lesson->steps[reader->step].heading);
		page_text(page, 0, STYLE_HEADING, heading);
	}
}

static void fill_body(struct sheet *sheet, const struct reader *reader, enum detail detail)
{
	const struct lesson *lesson = reader->lesson;
	const struct step *step =
		reader->step < lesson->nsteps ? &lesson->steps[reader->step] : NULL;
	struct page *page = &sheet->body;

	if (reader->phase == READER_INTRO || (reader->phase == READER_END && lesson->page)) {
		lesson_view_blocks(page, lesson->intro, 0, lesson->nintro);
	} else if (reader->phase == READER_END) {
		summary_fill(page, reader);
	} else if (reader->phase == READER_AGAIN) {
		fill_again(page, reader);
	} else if (reader->phase == READER_FAILED) {
		lesson_view_failed(page, reader);
	} else if (reader->phase == READER_PLAYING) {
		fill_playing(page, reader, step);
	} else if (reader->phase == READER_DONE) {
		fill_done(sheet, reader, step, detail);
		return;
	} else {
		if (reader->hinted)
			lesson_view_blocks(page, step->hint, 0, step->nhint);
		else
			fill_before(page, step, detail);
		if (step->question)
			fill_choices(page, reader, step);
	}
	sheet->least = (int)page->count;
}

static void sheet_make(const struct canvas *canvas, const struct reader *reader, int width,
		       int room, struct sheet *sheet)
{
	memset(sheet, 0, sizeof(*sheet));
	page_start(&sheet->head, width, canvas->utf8);
	fill_head(&sheet->head, reader);
	if (sheet->head.count && getmaxy(canvas->win) >= ROOMY)
		page_line(&sheet->head, STYLE_PLAIN, NULL);
	room -= (int)sheet->head.count;
	for (enum detail detail = DETAIL_ALL; detail < DETAILS; detail++) {
		page_start(&sheet->body, width, canvas->utf8);
		sheet->body.dense = detail == DETAIL_DENSE;
		fill_body(sheet, reader, detail);
		/* What is read before anything happens is not cut: it is turned. */
		if (sheet->least <= room || reader->phase == READER_INTRO ||
		    reader->phase == READER_END)
			break;
	}
}

static void sheet_free(struct sheet *sheet)
{
	page_free(&sheet->head);
	page_free(&sheet->body);
}

/* The first row of the page after the one that begins at `top`. */
static int sheet_turn(const struct sheet *sheet, int top, int room)
{
	const struct page *page = &sheet->body;
	int next = top + room;

	if (next >= (int)page->count)
		return (int)page->count;
	for (int row = next; row > top + room / 3; row--)
		if (!page->rows[row].count)
			return row + 1;
	return next;
}

int stage_view_rows(const struct canvas *canvas, const struct reader *reader, int width, int room)
{
	struct sheet sheet;
	int rows;

	sheet_make(canvas, reader, width, room, &sheet);
	rows = (int)(sheet.head.count + sheet.body.count);
	sheet_free(&sheet);
	return rows < room ? rows : room;
}

/* The part of `at` that the body has. */
static struct rect sheet_body(const struct sheet *sheet, struct rect at)
{
	int head = (int)sheet->head.count < at.h ? (int)sheet->head.count : at.h;

	return (struct rect){at.y + head, at.x, at.h - head, at.w};
}

void stage_view_draw(const struct canvas *canvas, struct rect at, struct reader *reader)
{
	struct sheet sheet;
	struct rect body;
	int next;

	sheet_make(canvas, reader, at.w, at.h, &sheet);
	body = sheet_body(&sheet, at);
	if (reader->top >= (int)sheet.body.count)
		reader->top = 0;
	next = sheet_turn(&sheet, reader->top, body.h);
	reader->more = body.h > 0 && next < (int)sheet.body.count;
	reader->shown = body.h;
	reader->ahead = next - reader->top;
	page_draw(canvas, &sheet.head, (struct rect){at.y, at.x, body.y - at.y, at.w}, 0);
	body.h = next - reader->top < body.h ? next - reader->top : body.h;
	page_draw(canvas, &sheet.body, body, reader->top);
	if (reader->more)
		draw_glyph(canvas, at.y + at.h - 1, at.x + at.w, STYLE_CHANGED, GLYPH_DOWN);
	sheet_free(&sheet);
}

int stage_view_at(const struct canvas *canvas, struct rect at, const struct reader *reader, int y)
{
	struct sheet sheet;
	struct rect body;
	int row, choice = -1;

	sheet_make(canvas, reader, at.w, at.h, &sheet);
	body = sheet_body(&sheet, at);
	row = y - body.y + reader->top;
	if (y >= body.y && y < body.y + body.h && (size_t)row < sheet.body.count &&
	    sheet.body.rows[row].tag >= TAG_CHOICE)
		choice = sheet.body.rows[row].tag - TAG_CHOICE;
	sheet_free(&sheet);
	return choice;
}
