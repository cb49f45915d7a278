/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * menu.c - a list to choose from.
 *
 *   ┏ what the server can do now ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ 1 write DATA|SIZE       write(2): hand bytes to the kernel   ┃
 *   ┃▶2 close                 close(2): give the descriptor up     ┃
 *   ┗ ↑ ↓ or a digit, Enter, Esc ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
 *     label, text             more                          state
 */
#include "menu.h"

#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void menu_clear(struct menu *menu)
{
	for (size_t i = 0; i < menu->count; i++) {
		free(menu->items[i].text);
		free(menu->items[i].more);
		free(menu->items[i].state);
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
	item->state = NULL;
	item->style = item->state_style = STYLE_STRONG;
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

void menu_state(struct menu *menu, enum style style, const char *state)
{
	struct item *item = &menu->items[menu->count - 1];

	free(item->state);
	item->state = xstrdup(state);
	item->state_style = style;
	menu->stated = true;
}

void menu_style(struct menu *menu, enum style style)
{
	menu->items[menu->count - 1].style = style;
}

void menu_move(struct menu *menu, int by)
{
	long long to = (long long)menu->chosen + by, last = (long long)menu->count - 1;

	menu->typed[0] = '\0';
	to = to > last ? last : to;
	menu->chosen = to < 0 ? 0 : (size_t)to;
}

bool menu_pick(struct menu *menu, const char *label)
{
	for (size_t i = 0; i < menu->count; i++)
		if (!strcasecmp(menu->items[i].label, label)) {
			menu->chosen = i;
			return true;
		}
	return false;
}

bool menu_type(struct menu *menu, char key)
{
	size_t len = strlen(menu->typed);
	bool longer = false, found;

	if (len + 1 >= sizeof(menu->typed))
		len = 0;
	if (key == '0' && !len)
		return false; /* "07" is 7 */
	menu->typed[len] = key;
	menu->typed[++len] = '\0';
	for (size_t i = menu->count; menu->numbers && i-- > 0;)
		if (strlen(menu->items[i].label) > len &&
		    !strncasecmp(menu->items[i].label, menu->typed, len)) {
			menu->chosen = i; /* the first of them */
			longer = true;
		}
	found = menu_pick(menu, menu->typed);
	if (!found && !longer && len > 1) { /* another label begins */
		menu->typed[0] = '\0';
		return menu_type(menu, key);
	}
	if (!longer)
		menu->typed[0] = '\0';
	return found && !longer;
}

const struct item *menu_chosen(const struct menu *menu)
{
	return menu->chosen < menu->count ? &menu->items[menu->chosen] : NULL;
}

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
		int wide = draw_columns(canvas, item->text);

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
	int x = at.x + 3, end = at.x + at.w, width = columns->text;

	draw_text(canvas, at.y, at.x, 2, here ? STYLE_CHOICE : STYLE_DIM, item->label);
	if (columns->state && (!item->state || (!*item->state && !*item->more)))
		width = end - x; /* all of the row is its own */
	else if (columns->state && columns->more && !*item->more)
		width += columns->gap + columns->more;
	width = draw_clip(canvas, at.y, x, width, text, item->text);
	if (columns->state && !item->state) {
		x += width + 2;
		draw_clip(canvas, at.y, x, end - x, more, item->more);
		return;
	}
	x += columns->text + columns->gap;
	draw_clip(canvas, at.y, x, columns->more, more, item->more);
	x += columns->more ? columns->more + columns->gap : 0;
	if (item->state)
		draw_clip(canvas, at.y, x, end - x, here ? STYLE_CHOICE : item->state_style,
			  item->state);
}

static void menu_border(const struct canvas *canvas, struct rect at, const struct menu *menu)
{
	draw_fill(canvas, at, STYLE_PLAIN);
	draw_box(canvas, at, STYLE_FOCUS, FRAME_FOCUS);
	draw_printf(canvas, at.y, at.x + 1, at.w - 2, STYLE_HEADING, " %s ",
		    menu->title ? menu->title : "");
	if (menu->typed[0])
		draw_printf(canvas, at.y + at.h - 1, at.x + 1, at.w - 2, STYLE_CHANGED,
			    " %s_  one more digit, or Enter ", menu->typed);
	else
		draw_clip(canvas, at.y + at.h - 1, at.x + 1, at.w - 2, STYLE_DIM,
			  canvas->utf8 ? " ↑ ↓ or a digit, Enter; Esc leaves "
				       : " up, down or a digit, Enter; Esc leaves ");
}

void menu_draw(const struct canvas *canvas, struct rect at, struct menu *menu)
{
	int room = at.h - 2, chosen = (int)menu->chosen;
	struct columns columns;

	if (at.h < 3 || at.w < 12)
		return;
	menu_columns(canvas, menu, at.w - 6 - menu->stated, &columns);
	menu_border(canvas, at, menu);
	/* Upwards one more than the chosen one: what a list is headed by is seen, too. */
	if (chosen - 1 < menu->top)
		menu->top = chosen ? chosen - 1 : 0;
	if (chosen >= menu->top + room)
		menu->top = chosen - room + 1;
	for (int i = 0; i < room && (size_t)(menu->top + i) < menu->count; i++) {
		bool here = menu->top + i == chosen;
		int y = at.y + 1 + i, x = at.x + 1;

		if (here)
			draw_fill(canvas, (struct rect){y, x, 1, at.w - 2}, STYLE_CHOICE);
		if (here)
			draw_glyph(canvas, y, x, STYLE_CHOICE, GLYPH_RIGHT);
		item_draw(canvas, (struct rect){y, x + 1, 1, at.w - 3 - menu->stated},
			  &menu->items[menu->top + i], here, &columns);
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
