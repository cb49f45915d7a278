/* SPDX-License-Identifier: GPL-3.0-or-later */
/* complete.c - what can stand at a place of a line: the same walk as the parser's. */
#include "grammar.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct words {
	char **at;
	size_t count, room;
};

static void words_add(struct words *words, const char *word, size_t len)
{
	for (size_t i = 0; i < words->count; i++)
		if (strlen(words->at[i]) == len && !memcmp(words->at[i], word, len))
			return;
	if (words->count + 1 >= words->room) {
		words->room = words->room ? words->room * 2 : 16;
		words->at = xrealloc(words->at, words->room * sizeof(*words->at));
	}
	words->at[words->count++] = xstrndup(word, len);
	words->at[words->count] = NULL;
}

static void words_offer(struct words *words, const char *word, size_t len, const char *begun,
			size_t begun_len, bool fold)
{
	if (len < begun_len)
		return;
	if (fold ? !strncasecmp(word, begun, begun_len) : !memcmp(word, begun, begun_len))
		words_add(words, word, len);
}

static void words_collect(struct words *words, const struct match *match, const char *begun,
			  size_t len, bool fold)
{
	for (unsigned i = 0; i < match->nexpected; i++) {
		const struct expected *one = &match->expected[i];
		const char *name;

		if (one->word)
			words_offer(words, one->word, one->len, begun, len, fold);
		for (size_t k = 0; one->value && one->value->name_at; k++) {
			name = one->value->name_at(k);
			if (!name)
				break;
			words_offer(words, name, strlen(name), begun, len, fold);
		}
	}
}

/* "DATA: data in double quotes, SIZE: a size" or "`backlog`, Enter". */
static void hint_expected(const struct match *match, char *hint, size_t size)
{
	bool heads[PLACE_CONDITION + 1] = {false};
	struct strbuf text = {0};

	for (unsigned i = 0; i < match->nexpected; i++) {
		const struct expected *one = &match->expected[i];

		if (one->place != PLACE_ELSEWHERE && heads[one->place])
			continue;
		heads[one->place] = true;
		if (text.len)
			strbuf_puts(&text, ", ");
		if (one->place != PLACE_ELSEWHERE)
			strbuf_puts(&text,
				    one->place == PLACE_COMMAND ? "a command" : "a condition");
		else if (one->word)
			strbuf_add(&text, one->word, one->len);
		else if (*one->value->form)
			strbuf_printf(&text, "%s: %s (%s)", one->value->name, one->value->what,
				      one->value->form);
		else
			strbuf_printf(&text, "%s: %s", one->value->name, one->value->what);
	}
	if (match->end_expected)
		strbuf_puts(&text, text.len ? ", or Enter" : "Enter");
	snprintf(hint, size, "%s", text.text ? text.text : "");
	strbuf_free(&text);
}

/* Offer what fits; a beginning in the wrong case is helped too, when nothing else fits. */
static void complete_tokens(struct words *words, struct tokens *tokens, const char *line,
			    size_t point, enum side focus, size_t *start, char *hint, size_t size)
{
	struct token *last = tokens->count ? &tokens->at[tokens->count - 1] : NULL;
	struct match match;
	struct err err = {{0}, 0, {0}};

	if (last && last->end == point) {
		if (last->kind == TOKEN_STRING)
			return;
		*start = last->start;
		tokens->count--;
	}
	grammar_explore(&match, tokens, focus);
	if (match.furthest < tokens->count) {
		grammar_explain(&match, &err);
		snprintf(hint, size, "%s", err.text);
		return;
	}
	hint_expected(&match, hint, size);
	words_collect(words, &match, line + *start, point - *start, false);
	if (!words->count)
		words_collect(words, &match, line + *start, point - *start, true);
}

char **command_complete(const char *line, size_t point, enum side focus, size_t *start, char *hint,
			size_t hint_size)
{
	struct words words = {xcalloc(1, sizeof(char *)), 0, 1};
	struct tokens tokens;
	struct err err = {{0}, 0, {0}};
	char unused[1];

	if (!hint || !hint_size) {
		hint = unused;
		hint_size = 1;
	}
	*hint = '\0';
	*start = point;
	if (tokens_split(&tokens, line, point, &err) == 0) {
		if (!tokens.comment)
			complete_tokens(&words, &tokens, line, point, focus, start, hint,
					hint_size);
	} else if (tokens.open != SIZE_MAX) {
		snprintf(hint, hint_size, "text, up to the closing quote");
	} else {
		snprintf(hint, hint_size, "%s", err.text);
	}
	tokens_clear(&tokens);
	return words.at;
}

void completion_free(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}
