/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * menu.c - a list to choose from.
 *
 *   ┏ what the server can do now ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ 1 write DATA|SIZE       write(2): hand bytes to the kernel   ┃
 *   ┃▶2 close                 close(2): give the descriptor up     ┃
 *   ┃ 3 shutdown rd|wr|rdwr   ...                                  ┃
 *   ┗ ↑ ↓ or a digit, Enter, Esc ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
 */
#include "menu.h"

#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void menu_clear(struct menu *menu)
{
	for (size_t i = 0; i < menu->count; i++) {
		free(menu->items[i].text);
		free(menu->items[i].more);
		free(menu->items[i].value);
	}
	free(menu->items);
	free(menu->title);
	memset(menu, 0, sizeof(*menu));
}

void menu_title(struct menu *menu, const char *title)
{
	free(menu->title);
	menu->title = xstrdup(title);
}

void menu_add(struct menu *menu, const char *text, const char *more, const char *value)
{
	struct item *item;

	menu->items = xrealloc(menu->items, (menu->count + 1) * sizeof(*menu->items));
	item = &menu->items[menu->count++];
	item->text = xstrdup(text);
	item->more = xstrdup(more);
	item->value = xstrdup(value);
	item->off = false;
	snprintf(item->label, sizeof(item->label), "%zu", menu->count);
}

void menu_label(struct menu *menu, const char *label)
{
	struct item *item = &menu->items[menu->count - 1];

	snprintf(item->label, sizeof(item->label), "%s", label);
}

void menu_off(struct menu *menu)
{
	menu->items[menu->count - 1].off = true;
}

void menu_move(struct menu *menu, int by)
{
	long long to = (long long)menu->chosen + by, last = (long long)menu->count - 1;

	to = to > last ? last : to;
	menu->chosen = to < 0 ? 0 : (size_t)to;
}

bool menu_pick(struct menu *menu, const char *label)
{
	for (size_t i = 0; i < menu->count; i++)
		if (!strcmp(menu->items[i].label, label)) {
			menu->chosen = i;
			return true;
		}
	return false;
}

const struct item *menu_chosen(const struct menu *menu)
{
	return menu->chosen < menu->count ? &menu->items[menu->chosen] : NULL;
}

/* Columns of the texts: all they need, unless that leaves the explanations too little. */
static int menu_column(const struct canvas *canvas, const struct menu *menu, int width)
{
	int text = 0, more = 0;

	for (size_t i = 0; i < menu->count; i++) {
		int columns = draw_columns(canvas, menu->items[i].text);

		text = columns > text ? columns : text;
		columns = draw_columns(canvas, menu->items[i].more);
		more = columns > more ? columns : more;
	}
	more = width - more > width * 2 / 5 ? width - more : width * 2 / 5;
	return text > more ? more : text;
}

void menu_draw(const struct canvas *canvas, struct rect at, struct menu *menu)
{
	int room = at.h - 2, column = menu_column(canvas, menu, at.w - 10);
	int chosen = (int)menu->chosen;

	if (at.h < 3 || at.w < 12)
		return;
	draw_fill(canvas, at, STYLE_PLAIN);
	draw_box(canvas, at, STYLE_FOCUS, FRAME_FOCUS);
	draw_printf(canvas, at.y, at.x + 1, at.w - 2, STYLE_HEADING, " %s ",
		    menu->title ? menu->title : "");
	draw_clip(canvas, at.y + at.h - 1, at.x + 1, at.w - 2, STYLE_DIM,
		  canvas->utf8 ? " ↑ ↓ or a digit, Enter; Esc leaves "
			       : " up, down or a digit, Enter; Esc leaves ");
	if (chosen < menu->top)
		menu->top = chosen;
	if (chosen >= menu->top + room)
		menu->top = chosen - room + 1;
	for (int i = 0; i < room && (size_t)(menu->top + i) < menu->count; i++) {
		const struct item *item = &menu->items[menu->top + i];
		bool here = menu->top + i == chosen;
		int y = at.y + 1 + i, x = at.x + 1, end = at.x + at.w - 1;
		enum style style = here ? STYLE_CHOICE : item->off ? STYLE_DIM : STYLE_STRONG;

		if (here)
			draw_fill(canvas, (struct rect){y, x, 1, at.w - 2}, style);
		if (here)
			draw_glyph(canvas, y, x, style, GLYPH_RIGHT);
		draw_text(canvas, y, x + 1, 2, here ? style : STYLE_DIM, item->label);
		draw_clip(canvas, y, x + 4, column, style, item->text);
		draw_clip(canvas, y, x + 6 + column, end - x - 6 - column,
			  here	      ? style
			  : item->off ? STYLE_DIM
				      : STYLE_LABEL,
			  item->more);
	}
	if (menu->top)
		draw_glyph(canvas, at.y + 1, at.x + at.w - 1, STYLE_CHANGED, GLYPH_UP);
	if ((size_t)(menu->top + room) < menu->count)
		draw_glyph(canvas, at.y + at.h - 2, at.x + at.w - 1, STYLE_CHANGED, GLYPH_DOWN);
}

int menu_at(struct rect at, const struct menu *menu, int y)
{
	int i = menu->top + y - at.y - 1;

	return y > at.y && y < at.y + at.h - 1 && (size_t)i < menu->count ? i : -1;
}
