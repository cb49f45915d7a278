/* SPDX-License-Identifier: GPL-3.0-or-later */
/* menu.h - a list to choose from. */
#ifndef MENU_H
#define MENU_H

#include "draw.h"

struct item {
	char label[8]; /* typed, it picks the item */
	char *text;    /* owned, as are the others */
	char *more;    /* a few words behind it, left out where there is no room beside a state */
	char *state;   /* at the right: how it stands; NULL: nothing */
	char *value;   /* what choosing it means, for who made the menu */
	enum style style, state_style;
	bool off; /* it makes no sense now: `more` says why */
};

struct menu {
	char *title;
	struct item *items;
	size_t count, chosen;
	int top;       /* the first item shown */
	char typed[8]; /* the begin of a label */
	bool numbers;  /* labels of several digits are typed whole; otherwise one key picks */
	bool stated;   /* items have a state; the one without has all of its row for itself */
};

void menu_clear(struct menu *menu);
void menu_title(struct menu *menu, const char *title);
void menu_add(struct menu *menu, const char *text, const char *more, const char *value);
/* The item added last makes no sense now. */
void menu_off(struct menu *menu);
/* How the item added last stands, and how it is to look. */
void menu_state(struct menu *menu, enum style style, const char *state);
void menu_style(struct menu *menu, enum style style);
/* Move by so many items, without going round. */
void menu_move(struct menu *menu, int by);
/* The label of the item added last, where it is not its number in the list. */
void menu_label(struct menu *menu, const char *label);
/* Choose the item with this label; false: there is none. */
bool menu_pick(struct menu *menu, const char *label);
/* A key of a label: the item with it is chosen. False where there is none, or a longer label begins
 * so: among numbers "1" may become "12". */
bool menu_type(struct menu *menu, char key);
const struct item *menu_chosen(const struct menu *menu); /* NULL: an empty menu */
void menu_draw(const struct canvas *canvas, struct rect at, struct menu *menu);
/* The item at row y, -1: none. */
int menu_at(struct rect at, const struct menu *menu, int y);

#endif
