/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expected.c - a mistake in one line: what was expected there, what was found, the nearest name. */
#include "grammar.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define NEAR 64 /* longer words are nobody's near miss */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, changes and swaps of neighbours; case costs nothing. */
static unsigned distance_of(const char *a, size_t alen, const char *b, size_t blen)
{
	unsigned rows[3][NEAR + 1];
	unsigned *old = rows[0], *last = rows[1], *now = rows[2];

	for (unsigned j = 0; j <= blen; j++)
		last[j] = j;
	for (size_t i = 1; i <= alen; i++) {
		unsigned *spare = old;

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= blen; j++) {
			int x = tolower((unsigned char)a[i - 1]),
			    y = tolower((unsigned char)b[j - 1]);

			now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
			    y == tolower((unsigned char)a[i - 2]))
				now[j] = least(now[j], old[j - 2] + 1);
		}
		old = last;
		last = now;
		now = spare;
	}
	return last[blen];
}

void nearest_add(struct nearest *nearest, const char *wanted, const char *word, size_t len)
{
	size_t have = strlen(wanted);
	unsigned distance, bound;
	bool begins;

	if (!have || have >= NEAR || !len || len >= NEAR || len >= sizeof(nearest->best))
		return;
	bound = have < 3 ? 0 : have < 6 ? 1 : have < 9 ? 2 : 3;
	/* A beginning counts as a near miss however long the rest is. */
	begins = have >= 3 && have < len && !strncasecmp(wanted, word, have);
	if (!begins && (have > len + bound || len > have + bound))
		return;
	distance = distance_of(wanted, have, word, len);
	if (begins && distance > bound)
		distance = bound;
	if (distance > bound || (nearest->best[0] && distance >= nearest->distance))
		return;
	nearest->distance = distance;
	memcpy(nearest->best, word, len);
	nearest->best[len] = '\0';
}

static void nearest_expected(struct nearest *nearest, const char *wanted, const struct match *match)
{
	const struct row *row;
	const char *name;
	bool command = false;

	for (unsigned i = 0; i < match->nexpected; i++) {
		const struct expected *one = &match->expected[i];

		command |= one->place == PLACE_COMMAND;
		if (one->word)
			nearest_add(nearest, wanted, one->word, one->len);
		for (size_t k = 0; one->value && one->value->name_at; k++) {
			name = one->value->name_at(k);
			if (!name)
				break;
			nearest_add(nearest, wanted, name, strlen(name));
			if (!strncmp(name, "SIG", 3))
				nearest_add(nearest, wanted, name + 3, strlen(name + 3));
		}
	}
	/* Also the verbs that would have needed a side. */
	for (size_t i = 0; command && (row = command_row(i)); i++)
		nearest_add(nearest, wanted, row->verb, strcspn(row->verb, " "));
}

/* A value with its range or form where that is what went wrong. */
static void list_value(struct strbuf *list, const struct match *match, const struct value *value,
		       const struct token *found)
{
	bool number = value->most > 0 && found && found->kind == TOKEN_WORD &&
		      (isdigit((unsigned char)found->text[0]) || found->text[0] == '-');

	strbuf_puts(list, value->what);
	if (*value->form && (number || match->nexpected == 1))
		strbuf_printf(list, " (%s)", value->form);
}

/* "a port number, `backlog` or `x`"; false when there is nothing to list. */
static bool list_expected(struct strbuf *list, const struct match *match, const struct token *found)
{
	bool heads[PLACE_CONDITION + 1] = {false};
	struct strbuf one = {0};
	unsigned count = 0;

	for (unsigned i = 0; i < match->nexpected; i++) {
		const struct expected *next = &match->expected[i];

		if (next->place != PLACE_ELSEWHERE && heads[next->place])
			continue;
		heads[next->place] = true;
		/* `one` is held back until it is known whether it is the last. */
		if (count > 1)
			strbuf_puts(list, ", ");
		if (count)
			strbuf_puts(list, one.text);
		strbuf_free(&one);
		count++;
		if (next->place != PLACE_ELSEWHERE)
			strbuf_puts(&one,
				    next->place == PLACE_COMMAND ? "a command" : "a condition");
		else if (next->value)
			list_value(&one, match, next->value, found);
		else
			strbuf_printf(&one, "`%.*s`", (int)next->len, next->word);
	}
	if (count > 1)
		strbuf_puts(list, " or ");
	if (count)
		strbuf_puts(list, one.text);
	else if (match->end_expected)
		strbuf_puts(list, "the end of the line");
	strbuf_free(&one);
	return list->len > 0;
}

static int explain_side(const struct match *match, struct err *err)
{
	const struct row *row = match->misplaced;
	size_t len;

	if (row && match->furthest <= match->misplaced_at) {
		len = strcspn(row_pattern(row), " ");
		if (row->who == WHO_HOST)
			return err_set(err,
				       "`%s` is for a host, client or server: the child lives on "
				       "the server's",
				       row->verb);
		return err_set(err, "`%.*s` is the %s's: `%s`", (int)len, row_pattern(row),
			       row->who == WHO_CLIENT ? "client" : "server", row->usage.usage);
	}
	row = match->sideless;
	if (!row || match->furthest > match->sideless_at)
		return 0;
	if (row->who == WHO_CLIENT || row->who == WHO_SERVER)
		return err_set(err, "which side? `%s` is the %s's: `%s`", row->verb,
			       row->who == WHO_CLIENT ? "client" : "server", row->usage.usage);
	return err_set(err, "which side? %s: `%s`",
		       row->who == WHO_HOST ? "client or server" : "client, server or child",
		       row->usage.usage);
}

/* Whether all that was expected is the head of a command (or of a condition). */
static bool only_heads(const struct match *match, enum expected_place place)
{
	for (unsigned i = 0; i < match->nexpected; i++)
		if (match->expected[i].place != place)
			return false;
	return match->nexpected > 0;
}

/* Whether a condition begins with this word: it was written where a command should be. */
static bool begins_condition(const char *word)
{
	const struct row *row;

	for (size_t i = 0; (row = condition_row(i)); i++)
		if (!strcmp(row->verb, word))
			return true;
	return false;
}

/* What was probably meant, behind "; did you mean"; nothing when no name is near. */
static void suggest(struct strbuf *text, const struct match *match, const struct token *found)
{
	struct nearest nearest = {{0}, 0};

	if (found->kind != TOKEN_WORD)
		return;
	if (only_heads(match, PLACE_COMMAND) && begins_condition(found->text)) {
		strbuf_puts(text, ": it is a condition, as in `expect server state CLOSE_WAIT`");
		return;
	}
	nearest_expected(&nearest, found->text, match);
	if (nearest.best[0]) {
		strbuf_printf(text, "; did you mean `%s`?", nearest.best);
		return;
	}
	for (unsigned i = 0; i < match->nexpected; i++) {
		const struct expected *one = &match->expected[i];
		bool string = one->value && (!strcmp(one->value->name, "DATA") ||
					     !strcmp(one->value->name, "TEXT"));

		if (string && found->len <= 24 && !isdigit((unsigned char)found->text[0])) {
			strbuf_printf(text, "; did you mean \"%s\"?", found->text);
			return;
		}
	}
	if (state_from_name(found->text) >= 0 && only_heads(match, PLACE_CONDITION))
		strbuf_printf(text, "; did you mean `state %s`?", found->text);
	else if (only_heads(match, PLACE_COMMAND))
		strbuf_puts(text, "; `help` lists them");
}

int grammar_explain(const struct match *match, struct err *err)
{
	const struct tokens *tokens = match->tokens;
	const struct token *found =
		match->furthest < tokens->count ? &tokens->at[match->furthest] : NULL;
	struct strbuf text = {0};
	char quoted[64];

	if (explain_side(match, err) < 0)
		return -1;
	if (found && found->kind == TOKEN_WORD && only_heads(match, PLACE_COMMAND)) {
		strbuf_printf(&text, "unknown command %s", token_quote(found, quoted, 64));
	} else if (found && found->kind == TOKEN_WORD && only_heads(match, PLACE_CONDITION)) {
		strbuf_printf(&text, "unknown condition %s", token_quote(found, quoted, 64));
	} else {
		strbuf_puts(&text, "expected ");
		if (!list_expected(&text, match, found))
			strbuf_puts(&text, "fewer words");
		if (match->furthest && (!found || (!match->nexpected && match->end_expected)))
			strbuf_printf(&text, " after %s",
				      token_quote(&tokens->at[match->furthest - 1], quoted, 64));
		if (found)
			strbuf_printf(&text, ", not %s", token_quote(found, quoted, 64));
	}
	if (found)
		suggest(&text, match, found);
	err_set(err, "%s", text.text);
	strbuf_free(&text);
	return -1;
}
