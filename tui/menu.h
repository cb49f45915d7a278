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
	char *detail;  /* shown under the list while it is chosen; NULL: nothing */
	enum style style, state_style;
	bool off;     /* it makes no sense now: `more` says why */
	bool heading; /* of those below it; it cannot be chosen */
	bool hidden;  /* the search does not find it */
};

struct menu {
	char *title;
	struct item *items;
	size_t count, chosen;
	size_t numbered; /* labels given so far, and the journal's last event then: both are */
	uint64_t seen;	 /* for who made the menu */
	int top;	 /* the first row shown, of those that are not hidden */
	char typed[8];	 /* the begin of a label */
	char search[32];
	bool searching;
	bool letters; /* a letter begins a search; otherwise `/` does */
	bool numbers; /* labels of several digits are typed whole; otherwise one key picks */
	bool stated;  /* items have a state; the one without has all of its row for itself */
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
/* A row above those that are added next. */
void menu_heading(struct menu *menu, const char *text);
void menu_detail(struct menu *menu, const char *text);
/* Search for what the other menu does, and stand where it stands. */
void menu_stand(struct menu *menu, const struct menu *other);
/* A key of a label, or of a search: `/` begins one, Esc and Backspace end it. Among numbers "1" may
 * become "12": then it is only taken. */
enum menu_answer { MENU_REFUSED, MENU_TAKEN, MENU_PICKED };
enum menu_answer menu_key(struct menu *menu, int key);
const struct item *menu_chosen(const struct menu *menu); /* NULL: an empty menu */
void menu_draw(const struct canvas *canvas, struct rect at, struct menu *menu);
/* The item at row y, -1: none. */
int menu_at(struct rect at, const struct menu *menu, int y);

#endif
