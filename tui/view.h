/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view.h - all that the screen knows: the state its views are drawn from. */
#ifndef VIEW_H
#define VIEW_H

#include "catalog.h"
#include "draw.h"
#include "help_search.h"
#include "lab.h"
#include "ladder.h"
#include "menu.h"
#include "pace.h"
#include "page.h"
#include "piece.h"
#include "progress.h"
#include "reader.h"
#include "screen.h"
#include "stage.h"
#include "welcome.h"

#define SCREEN_ROWS 16 /* less than this is not drawn */
#define SCREEN_COLUMNS 60

enum overlay {
	OVERLAY_NONE,
	OVERLAY_HELP,
	OVERLAY_LESSONS,
	OVERLAY_STEPS,
	OVERLAY_ACTIONS,
	OVERLAY_SEGMENT
};

/* Where everything is, from the terminal's size and what there is to show. */
struct layout {
	int rows, columns;
	struct rect title, end[SIDE_COUNT], ladder;
	struct rect lesson;  /* h 0: no lesson */
	struct rect rule;    /* between lesson and journal; h 0: none */
	struct rect journal; /* the rest of the middle */
	struct rect overlay;
	struct rect message, prompt, keys;
};

struct screen {
	struct screen_options options;
	struct lab *lab; /* NULL: a saved session is shown, see source.c */
	struct canvas canvas;
	struct layout layout;
	enum side focus;
	uint64_t cursor;    /* the event the screen stands at; 0: now */
	uint64_t past_from; /* the journal's last event when the past was entered ... */
	uint64_t past_seen; /* ... and when the cursor was moved last: later ones move no row */
	struct reader reader;
	bool counted;		   /* its lesson is of the course: what is done in it is kept */
	struct progress *progress; /* NULL: not asked for yet */
	struct catalog catalog;	   /* as it was read last */
	struct welcome welcome;
	enum overlay overlay;
	struct menu menu; /* of the overlay, where it is one to choose from */
	struct page help;
	char *help_word;       /* what the help is about; NULL: everything */
	int help_top;	       /* of the help, or of the opened segment */
	struct search search;  /* in the help */
	bool walking;	       /* the keys are on the ladder */
	struct pick pick;      /* ... on this one; none: on the oldest held */
	int clicked;	       /* the row of the last click on the ladder ... */
	uint64_t clicked_to;   /* ... and where in time it led */
	struct ladder ladder;  /* as it was drawn last */
	bool explaining;       /* the arrows are on the panels' numbers */
	struct spot explained; /* ... on this one */
	struct spots spots;    /* all of them, as they were drawn last */
	struct rect card;      /* what tells of it, as it was drawn last */
	char message[512];     /* one line until the next key; "": none */
	enum style message_style;
	bool asked;	      /* on the stage: the prompt is there */
	struct pace pace;     /* it goes on by itself */
	struct press press;   /* the last that goes on */
	bool running;	      /* a command of ours is under way: its outcome is told */
	char waiting[128];    /* that command, while it waits */
	bool left;	      /* the user left */
	int ended;	      /* by this signal; 0: by none */
	int interrupts;	      /* SIGINTs in a row */
	bool suspend, redraw; /* wanted by a key */
};

/* screen.c: what is shown */
void screen_draw(struct screen *screen);
/* ns until something shown counts on; -1: nothing does. */
int64_t screen_due(const struct screen *screen);
bool screen_fits(const struct screen *screen);
/* The journal's last event that the panels and the ladder show. */
uint64_t screen_upto(const struct screen *screen);
void screen_say(struct screen *screen, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Which rows of the journal are shown; what is new among them is not told. */
struct journal_view;
void screen_journal_view(const struct screen *screen, struct journal_view *view);
/* The ladder as it is shown; its pick is what the keys are on. */
void screen_ladder(const struct screen *screen, struct ladder *ladder);

/* message.c: an answer, what could be meant, what is expected, what is waited for. */
void message_draw(const struct screen *screen);

/* source.c: what is told of the lab, or of the saved session in its place (screen->lab is NULL) */
bool screen_saved(const struct screen *screen); /* a saved session: nothing can be done to it */
const struct journal *screen_journal(const struct screen *screen);
enum link_kind screen_link(const struct screen *screen);
/* NULL: nobody knows any more. */
const struct feature_state *screen_feature(const struct screen *screen, enum feature feature);
/* When a session was recorded: "2026-11-22 10:40"; "" where the file does not say. */
char *session_when(const struct session *session, char *out, size_t size);
int64_t screen_time(const struct screen *screen); /* ns; in a saved session its last event's */
bool screen_busy(const struct screen *screen);
bool screen_disturbed(const struct screen *screen); /* reader_disturbed */

/* What a saved session is to tell besides its journal; the title stays the screen's. */
void screen_about(const struct screen *screen, struct session_about *about);

/* loop.c: what the command line asked for, before the first key; and the link for it: a lesson's
 * own, so that the lab need not be started twice. */
void screen_begin(struct screen *screen);
/* The reader's own files, where they can be used; and a line, joined to what was said before. */
void screen_inputrc(struct screen *screen);
void screen_history(struct screen *screen);
void screen_also(struct screen *screen, const char *text);
enum link_kind screen_first_link(const struct screen_options *options);

/* layout.c: where it is shown */
void screen_layout(struct screen *screen, bool child);

/* rewind.c: through the past */
void rewind_to(struct screen *screen, uint64_t n); /* to event n; to now, where it is the newest */
void rewind_start(struct screen *screen);	   /* before the first command */
void rewind_first(struct screen *screen);
void rewind_forward(struct screen *screen); /* in the past: by an event */
void rewind_back(struct screen *screen);
void rewind_later(struct screen *screen); /* by a command, to the end of what it led to */
void rewind_earlier(struct screen *screen);
uint64_t rewind_since(const struct screen *screen); /* lines that came since the past was entered */
/* What the keys do in the past, and at a saved session's end; "" otherwise. Returns `out`. */
char *rewind_hint(const struct screen *screen, char *out, size_t size);

/* dispatch.c: what is done */
void screen_command(struct screen *screen, const char *line);
void screen_next(struct screen *screen);
void screen_back(struct screen *screen);
void screen_now(struct screen *screen);
/* Turn the lab, the lesson and the lines that wait in the prompt. */
void screen_turn(struct screen *screen);
void screen_interrupt(struct screen *screen);
/* Say what failed; lines that were typed or pasted behind it are not played. */
void screen_fail(struct screen *screen, const char *text);

/* lesson_words.c */
void lesson_command(struct screen *screen, const struct command *command);
/* After each turn of the lab. */
void lesson_turn(struct screen *screen);
/* The step's hint, or what can be done now. */
void lesson_ask(struct screen *screen);
void screen_open_lesson(struct screen *screen, const char *file);
void lesson_back(struct screen *screen); /* from the free lab */
/* What the reader has done; read, and complained of, when it is first asked for. */
struct progress *screen_progress(struct screen *screen);

/* mouse.c: what curses has of it, false: nothing that means anything here; and what it does */
bool mouse_read(void);
void mouse_take(struct screen *screen);

/* walk.c: from segment to segment */
void walk_toggle(struct screen *screen);
void walk_leave(struct screen *screen);
void walk_move(struct screen *screen, int by); /* down where positive; the first time it begins */
/* While walking: whether the key was one of its. Begins of commands end the walk. */
bool walk_key(struct screen *screen, int key);
void walk_draw(const struct screen *screen, struct rect at);
void walk_click(struct screen *screen, int y);	   /* a row of the ladder */
bool walk_click_act(struct screen *screen, int x); /* a column of what walk_draw drew */
void segment_draw(struct screen *screen, struct rect at);

/* explain_view.c: from number to number on the panels */
struct explained;
void explain_toggle(struct screen *screen);
void explain_word(struct screen *screen, const char *word);
void explain_leave(struct screen *screen);
/* While explaining: whether the key was one of its. Begins of commands end it. */
bool explain_key(struct screen *screen, int key);
bool explain_click(struct screen *screen, int y, int x); /* on a number, or on the card */
void explain_draw(struct screen *screen, const struct explained *of);

/* overlays */
void help_open(struct screen *screen, const char *word);
void help_draw(struct screen *screen, struct rect at);
void help_scroll(struct screen *screen, int by);
/* Whether the key was for searching the help: `/`, the word, `n`, `N`. */
bool help_key(struct screen *screen, int key, bool empty);
void actions_open(struct screen *screen);
/* Before it is drawn: what has happened since may have changed what can be done. */
void actions_follow(struct screen *screen);
void course_open(struct screen *screen);
void steps_open(struct screen *screen);
char *course_next(const char *file);
void overlay_close(struct screen *screen);
void overlay_choose(struct screen *screen);

#endif
