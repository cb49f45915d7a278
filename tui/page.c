/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page.c - styled, wrapped text.
 *
 *   indent ─▶│• a marker hangs here, and
 *            │  words that do not fit go on below it
 */
#include "page.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

static void run_add(struct run **runs, size_t *count, enum style style, const char *text,
		    size_t len)
{
	struct run *last = *count ? &(*runs)[*count - 1] : NULL;

	if (!len)
		return;
	if (last && last->style == style) {
		size_t old = strlen(last->text);

		last->text = xrealloc(last->text, old + len + 1);
		memcpy(last->text + old, text, len);
		last->text[old + len] = '\0';
		return;
	}
	*runs = xrealloc(*runs, (*count + 1) * sizeof(**runs));
	(*runs)[*count].style = style;
	(*runs)[(*count)++].text = xstrndup(text, len);
}

static void runs_free(struct run *runs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(runs[i].text);
	free(runs);
}

void page_free(struct page *page)
{
	for (size_t i = 0; i < page->count; i++)
		runs_free(page->rows[i].runs, page->rows[i].count);
	free(page->rows);
	runs_free(page->word, page->pieces);
	memset(page, 0, sizeof(*page));
}

void page_start(struct page *page, int width, bool utf8)
{
	page_free(page);
	page->width = width < 4 ? 4 : width;
	page->utf8 = utf8;
}

static struct row *page_row(struct page *page, int indent)
{
	struct row *row;

	if (page->count == page->room) {
		page->room = page->room ? page->room * 2 : 32;
		page->rows = xrealloc(page->rows, page->room * sizeof(*page->rows));
	}
	row = &page->rows[page->count++];
	memset(row, 0, sizeof(*row));
	row->indent = indent;
	row->tag = page->tag;
	page->column = indent;
	page->space = false;
	return row;
}

void page_line(struct page *page, enum style style, const char *text)
{
	struct row *row = page_row(page, 0);

	if (text)
		run_add(&row->runs, &row->count, style, text, strlen(text));
}

void page_blank(struct page *page)
{
	if (!page->dense && page->count && page->rows[page->count - 1].count)
		page_row(page, 0);
}

static int text_columns(const struct page *page, const char *text)
{
	wchar_t wide[4];
	int columns, sum = 0;

	while (glyph_take(&text, page->utf8, wide, &columns))
		sum += columns;
	return sum;
}

void page_begin(struct page *page, int indent, enum style style, const char *marker)
{
	struct row *row;

	if (indent > page->width / 2)
		indent = page->width / 2;
	row = page_row(page, indent);
	page->indent = indent;
	if (!marker)
		return;
	run_add(&row->runs, &row->count, style, marker, strlen(marker));
	run_add(&row->runs, &row->count, style, " ", 1);
	page->column += text_columns(page, marker) + 1;
	page->indent = page->column;
}

/* Put the unfinished word on the row, on a new one where it does not fit. */
static void page_word(struct page *page)
{
	struct row *row;
	int need = page->word_columns + page->space;

	if (!page->pieces)
		return;
	row = &page->rows[page->count - 1];
	if (page->column + need > page->width && page->column > page->indent)
		row = page_row(page, page->indent);
	if (page->space) {
		enum style style = page->word[0].style;

		/* Between two styles a blank has neither: no line under it. */
		if (row->count && row->runs[row->count - 1].style != style)
			style = STYLE_PLAIN;
		run_add(&row->runs, &row->count, style, " ", 1);
		page->column++;
	}
	for (size_t i = 0; i < page->pieces; i++)
		run_add(&row->runs, &row->count, page->word[i].style, page->word[i].text,
			strlen(page->word[i].text));
	page->column += page->word_columns;
	runs_free(page->word, page->pieces);
	page->word = NULL;
	page->pieces = 0;
	page->word_columns = 0;
	page->space = false;
}

void page_flow(struct page *page, enum style style, const char *text)
{
	while (*text) {
		const char *start = text;
		wchar_t wide[4];
		int columns;

		if (*text == ' ' || *text == '\t' || *text == '\n') {
			page_word(page);
			page->space = page->column > page->indent;
			text++;
			continue;
		}
		glyph_take(&text, page->utf8, wide, &columns);
		/* A word longer than a row is cut; wide characters may be parted anywhere. */
		if (page->word_columns + columns > page->width - page->indent || columns == 2)
			page_word(page);
		run_add(&page->word, &page->pieces, style, start, (size_t)(text - start));
		page->word_columns += columns;
	}
}

void page_end(struct page *page)
{
	page_word(page);
	page->space = false;
}

void page_text(struct page *page, int indent, enum style style, const char *text)
{
	page_begin(page, indent, style, NULL);
	page_flow(page, style, text);
	page_end(page);
}

/* Put a text behind what is on the row, and blanks up to `width`. */
static void row_cell(struct page *page, struct row *row, int width, enum style style,
		     const char *text)
{
	run_add(&row->runs, &row->count, style, text, strlen(text));
	for (int used = text_columns(page, text); used < width; used++)
		run_add(&row->runs, &row->count, STYLE_PLAIN, " ", 1);
}

void page_cells(struct page *page, const struct cell *cells, size_t count)
{
	struct page columns[8] = {0};
	size_t high = 1;

	count = count < 8 ? count : 8;
	for (size_t i = 0; i < count; i++) {
		page_start(&columns[i], cells[i].width, page->utf8);
		page_text(&columns[i], 0, cells[i].style, cells[i].text);
		high = columns[i].count > high ? columns[i].count : high;
	}
	for (size_t y = 0; y < high; y++) {
		struct row *row = page_row(page, 0);

		for (size_t i = 0; i < count; i++) {
			const struct row *from = y < columns[i].count ? &columns[i].rows[y] : NULL;
			const char *text = from && from->count ? from->runs[0].text : "";

			row_cell(page, row, cells[i].width, cells[i].style, text);
		}
	}
	for (size_t i = 0; i < count; i++)
		page_free(&columns[i]);
}

int page_find(const struct page *page, int tag)
{
	for (size_t i = 0; i < page->count; i++)
		if (page->rows[i].tag == tag)
			return (int)i;
	return -1;
}

void page_draw(const struct canvas *canvas, const struct page *page, struct rect at, int top)
{
	for (int y = 0; y < at.h; y++) {
		size_t index = (size_t)(top + y);
		const struct row *row;
		int used;

		if (top + y < 0 || index >= page->count)
			continue;
		row = &page->rows[index];
		used = row->indent;
		for (size_t i = 0; i < row->count && used < at.w; i++) {
			const struct run *run = &row->runs[i];
			bool last = i + 1 == row->count;

			used += last ? draw_clip(canvas, at.y + y, at.x + used, at.w - used,
						 run->style, run->text)
				     : draw_text(canvas, at.y + y, at.x + used, at.w - used,
						 run->style, run->text);
		}
	}
}
