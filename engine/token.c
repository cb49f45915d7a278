/* SPDX-License-Identifier: GPL-3.0-or-later */
/* token.c - a line of bytes to words, strings and operators. */
#include "grammar.h"
#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_operator(char c)
{
	return c == '<' || c == '>' || c == '=';
}

/* Columns count characters, from 1, as an editor shows them. */
static unsigned column_of(const char *line, size_t at)
{
	unsigned column = 1;

	for (size_t i = 0; i < at; i++)
		column += ((unsigned char)line[i] & 0xc0) != 0x80;
	return column;
}

static int tokens_check(const char *line, size_t len, struct err *err)
{
	if (len > LINE_BYTES)
		return err_set(err, "the line is longer than %d KiB", LINE_BYTES / 1024);
	for (size_t i = 0, n; i < len; i += n) {
		unsigned char c = (unsigned char)line[i];

		n = text_utf8((const unsigned char *)line + i, len - i);
		if (n || c == '\t') {
			n = n ? n : 1;
			continue;
		}
		if (!c)
			return err_set(err, "a NUL byte in column %u: this is not text",
				       column_of(line, i));
		if (c < 0x20 || c == 0x7f)
			return err_set(err, "a control character (0x%02x) in column %u", c,
				       column_of(line, i));
		if (c == 0xc2 && i + 1 < len && ((unsigned char)line[i + 1] & 0xe0) == 0x80)
			return err_set(err, "a control character (U+%04X) in column %u",
				       (unsigned char)line[i + 1], column_of(line, i));
		return err_set(err, "byte 0x%02x in column %u is not UTF-8", c, column_of(line, i));
	}
	return 0;
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10
					    : -1;
}

/* One escape, `at` behind its backslash, to one byte. Returns the bytes it took, 0: none there. */
static size_t escape_read(const char *at, size_t len, char *byte)
{
	static const char letters[] = "abtnvfr\"\\'?", bytes[] = "\a\b\t\n\v\f\r\"\\'?";
	const char *letter;
	unsigned value = 0;
	size_t n = 0;

	if (!len)
		return 0;
	letter = memchr(letters, at[0], sizeof(letters) - 1);
	if (letter) {
		*byte = bytes[letter - letters];
		return 1;
	}
	if (at[0] == 'x') {
		for (n = 1; n < 3 && n < len && hex_digit(at[n]) >= 0; n++)
			value = value * 16 + (unsigned)hex_digit(at[n]);
		n = n > 1 ? n : 0;
	} else {
		for (; n < 3 && n < len && at[n] >= '0' && at[n] <= '7'; n++)
			value = value * 8 + (unsigned)(at[n] - '0');
	}
	*byte = (char)value;
	return value < 256 ? n : 0;
}

/* A string; `i` is on its opening quote and is moved behind the closing one. */
static int string_read(const char *line, size_t len, size_t *i, char *out, size_t *used,
		       struct err *err)
{
	size_t start = *i, at = start + 1;

	for (; at < len && line[at] != '"'; at++) {
		size_t n;

		if (line[at] != '\\') {
			out[(*used)++] = line[at];
			continue;
		}
		if (at + 1 == len)
			break;
		n = escape_read(line + at + 1, len - at - 1, out + *used);
		if (!n) {
			int shown =
				(int)text_utf8((const unsigned char *)line + at + 1, len - at - 1);

			return err_set(err,
				       "unknown escape `\\%.*s` in column %u: use \\n \\t \\r \\0 "
				       "\\\\ \\\" \\xHH or \\ooo",
				       shown, line + at + 1, column_of(line, at));
		}
		++*used;
		at += n;
	}
	if (at >= len || line[at] != '"')
		return err_set(err, "the string that starts in column %u has no closing quote",
			       column_of(line, start));
	*i = at + 1;
	return 0;
}

int tokens_split(struct tokens *tokens, const char *line, size_t len, struct err *err)
{
	size_t used = 0, i = 0;

	memset(tokens, 0, sizeof(*tokens));
	tokens->open = SIZE_MAX;
	if (tokens_check(line, len, err) < 0)
		return -1;
	tokens->bytes = xmalloc(2 * len + 1); /* every token ends with a NUL of its own */
	for (;;) {
		struct token token = {.text = tokens->bytes + used};
		size_t first = used;

		while (i < len && is_blank(line[i]))
			i++;
		if (i == len)
			return 0;
		if (line[i] == '#') {
			tokens->comment = true;
			return 0;
		}
		if (tokens->count == TOKENS)
			return err_set(err, "more than %d words on one line", TOKENS);
		token.start = i;
		if (line[i] == '"') {
			token.kind = TOKEN_STRING;
			if (string_read(line, len, &i, tokens->bytes, &used, err) < 0) {
				tokens->open = token.start;
				return -1;
			}
		} else if (is_operator(line[i])) {
			token.kind = TOKEN_OPERATOR;
			tokens->bytes[used++] = line[i++];
			if (i < len && line[i] == '=')
				tokens->bytes[used++] = line[i++];
		} else {
			while (i < len && !is_blank(line[i]) && !is_operator(line[i]) &&
			       line[i] != '"' && line[i] != '#')
				tokens->bytes[used++] = line[i++];
		}
		token.len = used - first;
		tokens->bytes[used++] = '\0';
		token.end = i;
		if (!tokens->count)
			tokens->begin = token.start;
		tokens->end = i;
		tokens->at[tokens->count++] = token;
	}
}

void tokens_clear(struct tokens *tokens)
{
	free(tokens->bytes);
	memset(tokens, 0, sizeof(*tokens));
}

char *token_quote(const struct token *token, char *out, size_t size)
{
	char text[40];

	if (token->kind == TOKEN_STRING) {
		text_escape(token->text, token->len, true, text, sizeof(text));
		snprintf(out, size, "\"%s\"", text);
	} else if (token->len < sizeof(text)) {
		snprintf(out, size, "`%s`", token->text);
	} else {
		text_escape(token->text, token->len, true, text, sizeof(text));
		snprintf(out, size, "`%s`", text);
	}
	return out;
}
