/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * menu_draw.c - what a list to choose from looks like.
 *
 *   ┏ what the server can do now ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ Calls                                                           ┃
 *   ┃ 1 write "hello"         5 bytes into the client's Recv-Q        ┃
 *   ┃▶2 close                 its FIN: FIN_WAIT1                      ┃
 *   ┃─────────────────────────────────────────────────────────────────┃
 *   ┃ close [listen]: close the connection's descriptor   close(2)    ┃
 *   ┗ ↑ ↓ or a digit, Enter; / searches; Esc leaves ━━━━━━━━━ 2 of 31 ┛
 *     label, text             more                          state
 */
#include "menu.h"
#include "page.h"

#include <stdio.h>
#include <string.h>

#define DETAIL_ROWS 3  /* under the list, with the rule above them */
#define DETAIL_FROM 10 /* rows of a list from which they are shown */

#define TEXT_LEAST 24 /* columns that a text gets before `more` gives way to a state */

/* Columns of each part; more 0: there is no room for it. */
struct columns {
	int text, more, state;
	int gap; /* between them */
};

/* Texts get all they need, unless that leaves the explanations too little; where there are states,
 * these are what goes first. */
static void menu_columns(const struct canvas *canvas, const struct menu *menu, int width,
			 struct columns *columns)
{
	int text = 0, more = 0, state = 0, most;

	for (size_t i = 0; i < menu->count; i++) {
		const struct item *item = &menu->items[i];
		int wide;

		if (item->heading)
			continue;
		wide = draw_columns(canvas, item->text);

		text = wide > text ? wide : text;
		wide = draw_columns(canvas, item->more);
		more = wide > more && !(menu->stated && !item->state) ? wide : more;
		wide = item->state ? draw_columns(canvas, item->state) : 0;
		state = wide > state ? wide : state;
	}
	columns->gap = 2;
	columns->state = state;
	if (state) {
		if (width - more - state - 4 < text)
			columns->gap = 1;
		most = width - more - state - 2 * columns->gap;
		if (most < text && most < TEXT_LEAST) {
			more = 0;
			most = width - state - columns->gap;
		}
		columns->more = more;
		columns->text = text < most ? text : most;
		return;
	}
	most = width - 4 - more > (width - 4) * 2 / 5 ? width - 4 - more : (width - 4) * 2 / 5;
	columns->text = text < most ? text : most;
	columns->more = width - 2 - columns->text;
}

/* A row from its label on, `at` being what is right of the mark. */
static void item_draw(const struct canvas *canvas, struct rect at, const struct item *item,
		      bool here, const struct columns *columns)
{
	enum style text = here ? STYLE_CHOICE : item->off ? STYLE_DIM : item->style;
	enum style more = here ? STYLE_CHOICE : item->off ? STYLE_DIM : STYLE_LABEL;
	int x = at.x + 3, end = at.x + at.w, width = columns->text, shift = 0;

	if (item->heading) {
		draw_clip(canvas, at.y, at.x, at.w, item->style, item->text);
		return;
	}
	draw_text(canvas, at.y, at.x, 2, here ? STYLE_CHOICE : STYLE_DIM, item->label);
	if (columns->state && (!item->state || (!*item->state && !*item->more)))
		width = end - x; /* all of the row is its own */
	else if (columns->state && columns->more && !*item->more)
		width += columns->gap + columns->more;
	/* One that is longer than most goes on where its explanation leaves the room. */
	if (!columns->state) {
		shift = draw_columns(canvas, item->text) - width;
		if (shift < 0 || shift + draw_columns(canvas, item->more) > columns->more)
			shift = 0;
		width += shift;
	}
	width = draw_clip(canvas, at.y, x, width, text, item->text);
	if (columns->state && !item->state) {
		x += width + 2;
		draw_clip(canvas, at.y, x, end - x, more, item->more);
		return;
	}
	x += columns->text + columns->gap + shift;
	draw_clip(canvas, at.y, x, columns->more - shift, more, item->more);
	x += columns->more ? columns->more + columns->gap : 0;
	if (item->state)
		draw_clip(canvas, at.y, x, end - x, here ? STYLE_CHOICE : item->state_style,
			  item->state);
}

/* The place of an item among those that can be chosen, from 1; how many there are. */
static size_t menu_place(const struct menu *menu, size_t *count)
{
	size_t place = 0;

	*count = 0;
	for (size_t i = 0; i < menu->count; i++) {
		const struct item *item = &menu->items[i];

		*count += !item->heading && !item->hidden;
		if (i == menu->chosen && !item->heading && !item->hidden)
			place = *count;
	}
	return place;
}

static void menu_border(const struct canvas *canvas, struct rect at, const struct menu *menu)
{
	int y = at.y + at.h - 1, x = at.x + 1, end = at.x + at.w - 1, columns;
	size_t count, place = menu_place(menu, &count);
	char text[64];

	draw_fill(canvas, at, STYLE_PLAIN);
	draw_box(canvas, at, STYLE_FOCUS, FRAME_FOCUS);
	draw_printf(canvas, at.y, x, at.w - 2, STYLE_HEADING, " %s ",
		    menu->title ? menu->title : "");
	if (place) {
		snprintf(text, sizeof(text), " %zu of %zu ", place, count);
		columns = (int)strlen(text);
		draw_text(canvas, y, end - columns - 1, columns, STYLE_DIM, text);
		end -= columns + 2;
	}
	if (menu->searching) {
		x += draw_printf(canvas, y, x, end - x, STYLE_CHANGED, " /%s_ ", menu->search);
		draw_clip(canvas, y, x, end - x, place ? STYLE_DIM : STYLE_ERROR,
			  place ? " Enter, Esc ends the search "
				: " nothing is found; Esc ends the search ");
	} else if (menu->typed[0]) {
		draw_printf(canvas, y, x, end - x, STYLE_CHANGED, " %s_  one more digit, or Enter ",
			    menu->typed);
	} else {
		draw_printf(canvas, y, x, end - x, STYLE_DIM,
			    " %s or a digit, Enter; %s; Esc leaves ",
			    canvas->utf8 ? "↑ ↓" : "up, down",
			    menu->letters ? "letters search" : "/ searches");
	}
}

/* Rows that the details of the chosen item take, with the rule above them. */
static int menu_detail_rows(const struct menu *menu, int room)
{
	bool any = false;

	for (size_t i = 0; i < menu->count && !any; i++)
		any = menu->items[i].detail;
	return any && room >= DETAIL_FROM ? DETAIL_ROWS : 0;
}

static void menu_draw_detail(const struct canvas *canvas, struct rect at, const struct menu *menu)
{
	const struct item *item = menu_chosen(menu);
	struct page page = {0};

	draw_run(canvas, at.y, at.x, at.w, STYLE_RULE, GLYPH_HLINE);
	if (!item || !item->detail)
		return;
	page_start(&page, at.w - 2, canvas->utf8);
	page_text(&page, 0, STYLE_LABEL, item->detail);
	page_draw(canvas, &page, (struct rect){at.y + 1, at.x + 1, at.h - 1, at.w - 2}, 0);
	page_free(&page);
}

/* The items that are not hidden: the i-th row's, from the one at the top; SIZE_MAX: none. */
static size_t menu_row(const struct menu *menu, int row)
{
	for (size_t i = 0; i < menu->count; i++)
		if (!menu->items[i].hidden && !row--)
			return i;
	return SIZE_MAX;
}

/* How many rows come before the chosen one, and how many there are. */
static int menu_rows(const struct menu *menu, int *count)
{
	int before = 0;

	*count = 0;
	for (size_t i = 0; i < menu->count; i++) {
		before += i < menu->chosen && !menu->items[i].hidden;
		*count += !menu->items[i].hidden;
	}
	return before;
}

void menu_draw(const struct canvas *canvas, struct rect at, struct menu *menu)
{
	int detail = menu_detail_rows(menu, at.h - 2), room = at.h - 2 - detail, count, before;
	struct columns columns;

	if (at.h < 3 || at.w < 12)
		return;
	menu_columns(canvas, menu, at.w - 6 - menu->stated, &columns);
	menu_border(canvas, at, menu);
	before = menu_rows(menu, &count);
	/* Upwards one more than the chosen one: what a list is headed by is seen, too. */
	if (before - 1 < menu->top)
		menu->top = before ? before - 1 : 0;
	if (before >= menu->top + room)
		menu->top = before - room + 1;
	for (int i = 0; i < room; i++) {
		size_t item = menu_row(menu, menu->top + i);
		bool here = item == menu->chosen;
		int y = at.y + 1 + i, x = at.x + 1;

		if (item == SIZE_MAX)
			break;
		if (here)
			draw_fill(canvas, (struct rect){y, x, 1, at.w - 2}, STYLE_CHOICE);
		if (here)
			draw_glyph(canvas, y, x, STYLE_CHOICE, GLYPH_RIGHT);
		item_draw(canvas, (struct rect){y, x + 1, 1, at.w - 3 - menu->stated},
			  &menu->items[item], here, &columns);
	}
	if (menu->top)
		draw_glyph(canvas, at.y + 1, at.x + at.w - 1, STYLE_CHANGED, GLYPH_UP);
	if (menu->top + room < count)
		draw_glyph(canvas, at.y + room, at.x + at.w - 1, STYLE_CHANGED, GLYPH_DOWN);
	if (detail)
		menu_draw_detail(canvas, (struct rect){at.y + 1 + room, at.x + 1, detail, at.w - 2},
				 menu);
}

int menu_at(struct rect at, const struct menu *menu, int y)
{
	int room = at.h - 2 - menu_detail_rows(menu, at.h - 2), row = y - at.y - 1;
	size_t item = row >= 0 && row < room ? menu_row(menu, menu->top + row) : SIZE_MAX;

	return item == SIZE_MAX || menu->items[item].heading ? -1 : (int)item;
}
