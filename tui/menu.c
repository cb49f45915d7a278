/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * menu.c - a list to choose from.
 *
 * What it looks like is in menu_draw.c.
 */
#include "menu.h"

#include "mem.h"

#include <ctype.h>
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
		free(menu->items[i].detail);
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
	item->state = item->detail = NULL;
	item->style = item->state_style = STYLE_STRONG;
	item->off = item->heading = item->hidden = false;
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

void menu_heading(struct menu *menu, const char *text)
{
	struct item *item;

	menu_add(menu, text, "", "");
	item = &menu->items[menu->count - 1];
	item->label[0] = '\0';
	item->style = STYLE_HEADING;
	item->heading = true;
	if (menu->chosen + 1 == menu->count)
		menu->chosen = menu->count;
}

void menu_detail(struct menu *menu, const char *text)
{
	struct item *item = &menu->items[menu->count - 1];

	free(item->detail);
	item->detail = xstrdup(text);
}

static bool item_takes(const struct item *item)
{
	return !item->heading && !item->hidden;
}

void menu_move(struct menu *menu, int by)
{
	int step = by < 0 ? -1 : 1;
	size_t at = menu->chosen;

	menu->typed[0] = '\0';
	while (by && (by > 0 ? at + 1 < menu->count : at > 0)) {
		at += (size_t)step;
		if (at >= menu->count || !item_takes(&menu->items[at]))
			continue;
		menu->chosen = at;
		by -= step;
	}
}

/* Whether one of its words has it, in any case. */
static bool item_matches(const struct item *item, const char *search)
{
	return strcasestr(item->text, search) || strcasestr(item->more, search) ||
	       (item->state && strcasestr(item->state, search)) ||
	       (item->detail && strcasestr(item->detail, search));
}

/* Hide what the search does not find, and headings with nothing below them; then choose the first
 * whose text begins so, or the first there is, unless the chosen one is still in sight. */
static void menu_sift(struct menu *menu)
{
	size_t first = menu->count, begins = menu->count, len = strlen(menu->search);
	bool below = false;

	for (size_t i = menu->count; i-- > 0;) {
		struct item *item = &menu->items[i];

		if (item->heading) {
			item->hidden = !below;
			below = false;
			continue;
		}
		item->hidden = menu->searching && !item_matches(item, menu->search);
		if (item->hidden)
			continue;
		below = true;
		first = i;
		if (len && !strncasecmp(item->text, menu->search, len))
			begins = i;
	}
	menu->top = 0;
	if (begins < menu->count)
		menu->chosen = begins;
	else if (menu->chosen >= menu->count || !item_takes(&menu->items[menu->chosen]))
		menu->chosen = first;
}

static void menu_search(struct menu *menu, const char *text)
{
	snprintf(menu->search, sizeof(menu->search), "%s", text);
	menu->searching = true;
	menu->typed[0] = '\0';
	menu_sift(menu);
}

static void menu_search_end(struct menu *menu)
{
	menu->searching = false;
	menu->search[0] = '\0';
	menu_sift(menu);
}

/* In a search: every key that is a character is part of it. */
static enum menu_answer menu_search_key(struct menu *menu, int key)
{
	char text[sizeof(menu->search)];
	size_t len = strlen(menu->search);

	if (key == 27 || ((key == 127 || key == '\b' || key == KEY_BACKSPACE) && !len)) {
		menu_search_end(menu);
		return MENU_TAKEN;
	}
	memcpy(text, menu->search, sizeof(text));
	if (key == 127 || key == '\b' || key == KEY_BACKSPACE) {
		while (len && (text[--len] & 0xc0) == 0x80)
			; /* all of a character */
		text[len] = '\0';
	} else if (key >= ' ' && key < 256 && len + 1 < sizeof(text)) {
		text[len++] = (char)key;
		text[len] = '\0';
	} else {
		return key >= ' ' && key < 256 ? MENU_TAKEN : MENU_REFUSED;
	}
	menu_search(menu, text);
	return MENU_TAKEN;
}

bool menu_pick(struct menu *menu, const char *label)
{
	for (size_t i = 0; i < menu->count; i++)
		if (item_takes(&menu->items[i]) && !strcasecmp(menu->items[i].label, label)) {
			menu->chosen = i;
			return true;
		}
	return false;
}

/* A key of a label. False where there is none, or a longer label begins so. */
static bool menu_type(struct menu *menu, char key)
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

void menu_stand(struct menu *menu, const struct menu *other)
{
	const struct item *item = menu_chosen(other);
	bool moved = false;

	if (other->searching)
		menu_search(menu, other->search);
	/* Who has not moved goes on standing at the top. */
	for (size_t i = 0; i < other->chosen && i < other->count; i++)
		moved |= item_takes(&other->items[i]);
	if (!moved)
		return;
	for (size_t i = 0; item && i < menu->count; i++)
		if (item_takes(&menu->items[i]) && !strcmp(menu->items[i].value, item->value))
			menu->chosen = i;
	menu->top = other->top;
}

enum menu_answer menu_key(struct menu *menu, int key)
{
	char text[2] = {(char)key, '\0'};

	if (menu->searching)
		return menu_search_key(menu, key);
	if (key == 127 || key == '\b' || key == KEY_BACKSPACE) {
		if (!menu->typed[0])
			return MENU_REFUSED;
		menu->typed[0] = '\0';
		return MENU_TAKEN;
	}
	if (key <= ' ' || key > '~')
		return MENU_REFUSED;
	if (key == '/' || (menu->letters && isalpha(key))) {
		menu_search(menu, key == '/' ? "" : text);
		return MENU_TAKEN;
	}
	if (menu_type(menu, (char)key))
		return MENU_PICKED;
	return menu->typed[0] ? MENU_TAKEN : MENU_REFUSED;
}

const struct item *menu_chosen(const struct menu *menu)
{
	return menu->chosen < menu->count && item_takes(&menu->items[menu->chosen])
		       ? &menu->items[menu->chosen]
		       : NULL;
}
