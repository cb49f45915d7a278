/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * grammar.h - one line of the command language, from bytes to bound words.
 *
 *   line ─▶ tokens_split ─▶ tokens ─┐
 *   tables of rows (command, condition) ─▶ grammar_match ─▶ bindings ─▶ struct command
 *                                                       └─▶ what was expected at the furthest token
 *
 * A row's usage is its grammar:
 *   lowercase   a keyword            UPPERCASE   a value (value.c)     a|B|c   one of them
 *   [...]       may be left out; neighbours come in any order, each once
 *   X...        one or more          CONDITION   any row of the condition table
 */
#ifndef GRAMMAR_H
#define GRAMMAR_H
#include "lab.h"
#include "mem.h"

#define LINE_BYTES 65536 /* the longest line */
#define TOKENS 64	 /* words a line */

enum token_kind { TOKEN_WORD, TOKEN_STRING, TOKEN_OPERATOR };
struct token {
	enum token_kind kind;
	size_t start, end; /* in the line, quotes included */
	const char *text;  /* unescaped, terminated; in tokens.bytes */
	size_t len;
};
struct tokens {
	struct token at[TOKENS];
	unsigned count;
	size_t begin, end; /* the line without comment and outer blanks */
	size_t open;	   /* where a string without its closing quote starts; SIZE_MAX: none */
	bool comment;	   /* it ends in a comment */
	char *bytes;	   /* owned */
};
/* Split a line (any bytes). -1 with one line on what is wrong with it; a string that is not closed
 * is one such, and leaves the tokens before it and `open` for completion. */
int tokens_split(struct tokens *tokens, const char *line, size_t len, struct err *err);
void tokens_clear(struct tokens *tokens);
/* The token as a message shows it: shortened, printable. Returns `out`. */
char *token_quote(const struct token *token, char *out, size_t size);

/* Which sides a row is for; its usage begins with the side's place. */
enum who {
	WHO_NONE,   /* no side */
	WHO_ANY,    /* SIDE */
	WHO_HOST,   /* SIDE, client or server: a host, not a process */
	WHO_CLIENT, /* only the client: at the prompt it need not be written */
	WHO_SERVER
};
enum row_flags { ROW_WIRE = 1, ROW_SCREEN = 2, ROW_ACTS = 4 };
struct row {
	int id; /* enum op, enum cond */
	enum who who;
	const char *verb; /* without the side */
	struct usage usage;
	unsigned flags;
};

enum cond {
	COND_STATE,
	COND_RECVQ,
	COND_SENDQ,
	COND_CALL_RETURNS,
	COND_CALL_DATA,
	COND_CALL_FAILS,
	COND_BLOCKED,
	COND_POLL,
	COND_TIMER,
	COND_INFO,
	COND_GONE,
	COND_EXITED,
	COND_KILLED,
	COND_SEGMENT,
	COND_SEGMENTS,
	COND_ICMP,
};
/* The value of OP. */
enum comparison { COMPARE_EQUAL, COMPARE_LESS, COMPARE_GREATER, COMPARE_ATMOST, COMPARE_ATLEAST };

const struct row *command_row(size_t i);   /* NULL past the end */
const struct row *condition_row(size_t i); /* the same */

/* One kind of value that a pattern can ask for (value.c). */
struct value {
	const char *name; /* in the patterns */
	const char *verb; /* only in rows whose verb begins so; NULL: in any */
	const char *what; /* "a port number" */
	const char *form; /* how it is written or how far it goes: "1 to 65535"; "" */
	bool (*take)(const struct value *value, const struct token *token, int64_t *num);
	int64_t least, most;		  /* numbers, sizes in bytes and times in ns */
	const char *(*name_at)(size_t i); /* its words, NULL past the end; NULL: no list */
};
/* The value a pattern's word (len bytes) stands for in a row with this verb. */
const struct value *value_find(const char *name, size_t len, const char *verb);
const struct value *value_at(size_t i); /* NULL past the end */

/* A word that a pattern's item took. */
struct binding {
	const char *name; /* of the item; not terminated */
	size_t len;
	unsigned token;
	int64_t num;
	bool keyword;
};
struct bindings {
	const struct row *row; /* NULL: none */
	enum side side;
	unsigned from, upto; /* the tokens it took: from .. upto - 1 */
	struct binding at[COMMAND_ARGS];
	unsigned count;
};

/* What could have stood at the furthest token that was reached. */
enum expected_place { PLACE_ELSEWHERE, PLACE_COMMAND, PLACE_CONDITION };
struct expected {
	const char *word; /* a keyword; not terminated. NULL: value, or the line's end */
	size_t len;
	const struct value *value;
	enum expected_place place; /* at the head of a command or condition */
};
#define EXPECTED 160
struct match {
	const struct tokens *tokens;
	enum side focus;
	bool explore; /* look at every row, for what can stand at the line's end */
	struct bindings command, condition;
	unsigned furthest;
	struct expected expected[EXPECTED]; /* there */
	unsigned nexpected;
	bool end_expected;	     /* the line could have ended there */
	const struct row *sideless;  /* fitted but for the side that was not written */
	const struct row *misplaced; /* fitted but for the side that was */
	unsigned sideless_at, misplaced_at;
	unsigned steps;
};
/* Match against all commands, or (alone) against all conditions; true when one fits whole. */
bool grammar_match(struct match *match, const struct tokens *tokens, enum side focus, bool alone);
/* Collect in `expected` all that can follow these tokens; nothing when they fit no command. */
void grammar_explore(struct match *match, const struct tokens *tokens, enum side focus);
/* A row's pattern without the side's place at its head. */
const char *row_pattern(const struct row *row);
/* The one line for a match that failed. Always returns -1. */
int grammar_explain(const struct match *match, struct err *err);
/* Give the bound words to `args`; returns how many. args_free lets them go. */
unsigned args_take(struct arg *args, const struct bindings *bindings, const struct tokens *tokens);
void args_copy(struct arg *to, const struct arg *from, unsigned count);
void args_free(struct arg *args, unsigned *count);
const struct arg *args_find(const struct arg *args, unsigned count, const char *name);

/* The condition that was matched in (part of) a line. */
void condition_take(struct condition *condition, const struct bindings *bindings,
		    const struct tokens *tokens, const char *line);
void condition_copy(struct condition *to, const struct condition *from);

/* The nearest of some words, fed one by one. Zero it to start. */
struct nearest {
	char best[64];
	unsigned distance; /* of best; 0 with best "": none yet */
};
void nearest_add(struct nearest *nearest, const char *wanted, const char *word, size_t len);

#endif
