/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * key_bar.c - the bottom row: keys that lead on, and what they do now; a click on one presses it.
 *
 *   PgDn next PgUp back F1 help F2 lessons F3 side F4 actions F5 ladder F10 quit
 */
#include "keys.h"

#include <string.h>

/* What a key does now, for the bar; NULL: it is not there. */
static const char *bar_word(const struct screen *screen, const struct key *key, bool spare)
{
	if (key->key == '\t' && !spare)
		return NULL; /* known without being told */
	if (key->key == KEY_F(7) && !spare)
		return NULL;
	if (screen_saved(screen) && (key->key == KEY_F(2) || key->key == KEY_F(4)))
		return NULL; /* there is no lab for them */
	if (screen_saved(screen) && key->key == KEY_HOME)
		return "first";
	if (screen_saved(screen) && key->key == KEY_END)
		return "end";
	if (screen->overlay != OVERLAY_NONE && key->key == KEY_NPAGE)
		return "down";
	if (screen->overlay != OVERLAY_NONE && key->key == KEY_PPAGE)
		return "up";
	if (key->bar && key->key == KEY_NPAGE)
		return screen->cursor ? "forward" : reader_word(&screen->reader, screen->lab);
	return key->bar;
}

/* Columns of the bar's words, and how many they are. */
static int bar_columns(const struct screen *screen, bool spare, int *count)
{
	const struct key *key;
	const char *word;
	int total = 0;

	*count = 0;
	for (size_t i = 0; (key = key_at(i)); i++)
		if ((word = bar_word(screen, key, spare))) {
			total += (int)strlen(key->name) + 1 + draw_columns(&screen->canvas, word);
			++*count;
		}
	return total;
}

/* Draws the bar where `under` is -1, otherwise tells the key in this column; 0: none. */
static int bar_walk(const struct screen *screen, struct rect at, int under)
{
	const struct canvas *canvas = &screen->canvas;
	int x = at.x, end = at.x + at.w, count, total = bar_columns(screen, true, &count), gap;
	bool spare = total + count - 1 <= at.w;
	const struct key *key;

	if (!spare)
		total = bar_columns(screen, false, &count);
	gap = total + 3 * (count - 1) <= at.w ? 3 : total + 2 * (count - 1) <= at.w ? 2 : 1;
	for (size_t i = 0; (key = key_at(i)); i++) {
		const char *word = bar_word(screen, key, spare);
		int name, wide;

		if (!word)
			continue;
		name = (int)strlen(key->name);
		wide = name + 1 + draw_columns(canvas, word);
		if (x + wide > end)
			continue;
		if (under >= x && under < x + wide)
			return key->key;
		if (under < 0) {
			draw_text(canvas, at.y, x, name, STYLE_KEY, key->name);
			draw_text(canvas, at.y, x + name + 1, wide, STYLE_KEY_TEXT, word);
		}
		x += wide + gap;
	}
	return 0;
}

void keys_draw(struct screen *screen, struct rect at)
{
	bar_walk(screen, at, -1);
}

int keys_under(const struct screen *screen, struct rect at, int x)
{
	return bar_walk(screen, at, x);
}
