/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * help_search.c - a word looked for in a page.
 *
 *   ┃▸ TIME_WAIT          This end closed first and all is done. ...
 *      ~~~~ marked, in any case; ▸ the row that `n` and `N` go on from
 */
#include "help_search.h"

#include "mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* All of a row; the caller frees. */
static char *row_text(const struct row *row)
{
	size_t len = 0;
	char *text;

	for (size_t i = 0; i < row->count; i++)
		len += strlen(row->runs[i].text);
	text = xmalloc(len + 1);
	*text = '\0';
	for (size_t i = 0, used = 0; i < row->count; i++) {
		size_t one = strlen(row->runs[i].text);

		memcpy(text + used, row->runs[i].text, one + 1);
		used += one;
	}
	return text;
}

static bool row_has(const struct row *row, const char *word)
{
	char *text = row_text(row);
	bool has = strcasestr(text, word) != NULL;

	free(text);
	return has;
}

int search_row(const struct search *search, const struct page *page, int from, int by)
{
	int count = (int)page->count;

	for (int i = 0; *search->word && i < count; i++) {
		int row = ((from + i * by) % count + count) % count;

		if (row_has(&page->rows[row], search->word))
			return row;
	}
	return -1;
}

unsigned search_count(const struct search *search, const struct page *page)
{
	unsigned count = 0;

	for (size_t i = 0; *search->word && i < page->count; i++)
		count += row_has(&page->rows[i], search->word);
	return count;
}

static void row_mark(const struct canvas *canvas, const struct row *row, struct rect at,
		     const char *word)
{
	char *text = row_text(row);
	size_t len = strlen(word);

	for (char *found = text; (found = strcasestr(found, word)); found += len) {
		char after = found[len], *part = xstrndup(found, len);
		int x;

		*found = '\0';
		x = row->indent + draw_columns(canvas, text);
		*found = *part;
		if (x < at.w)
			draw_text(canvas, at.y, at.x + x, at.w - x, STYLE_CURSOR, part);
		free(part);
		if (!after)
			break;
	}
	free(text);
}

void search_draw(const struct canvas *canvas, const struct search *search, const struct page *page,
		 struct rect at, int top)
{
	for (int y = 0; *search->word && y < at.h; y++) {
		size_t index = (size_t)(top + y);

		if (top + y < 0 || index >= page->count)
			continue;
		row_mark(canvas, &page->rows[index], (struct rect){at.y + y, at.x, 1, at.w},
			 search->word);
		if (top + y == search->row)
			draw_glyph(canvas, at.y + y, at.x - 1, STYLE_CHANGED, GLYPH_PICK);
	}
}

bool search_type(struct search *search, int key)
{
	size_t len = strlen(search->word);

	if (key == KEY_BACKSPACE || key == '\b' || key == 127) {
		while (len && (search->word[len - 1] & 0xc0) == 0x80)
			len--;
		search->word[len ? len - 1 : 0] = '\0';
		return true;
	}
	if (key < ' ' || key > 255)
		return false;
	if (len + 1 < sizeof(search->word)) {
		search->word[len] = (char)key;
		search->word[len + 1] = '\0';
	}
	return true;
}
