/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_text.c - a journal's text inside a string literal or a comment, where it stays. */
#include "program.h"
#include "text.h"

#include <string.h>

/* Marks of direction that text_utf8 lets pass, since a terminal bears them; a compiler warns. */
static bool text_marks(const unsigned char *at, size_t len)
{
	return (len == 3 && at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f)) ||
	       (len == 2 && at[0] == 0xd8 && at[1] == 0x9c);
}

void literal_add(struct strbuf *out, const void *data, size_t len)
{
	const unsigned char *in = data;

	for (size_t i = 0; i < len;) {
		size_t n = text_utf8(in + i, len - i);
		char one[16];

		/* The second of two question marks may begin a trigraph. */
		if (n == 1 && in[i] == '?' && i && in[i - 1] == '?')
			strbuf_puts(out, "\\?");
		else if (n && (n == 1 ? in[i] != '"' && in[i] != '\\' : !text_marks(in + i, n)))
			strbuf_add(out, in + i, n);
		else
			strbuf_puts(out, text_escape(in + i, n = 1, false, one, sizeof(one)));
		i += n;
	}
}

void comment_add(struct strbuf *out, const char *text, size_t most)
{
	const unsigned char *in = (const unsigned char *)text;
	size_t len = strlen(text), begin = out->len;

	for (size_t i = 0; i < len;) {
		size_t n = text_utf8(in + i, len - i);
		unsigned char last = out->len > begin ? (unsigned char)out->text[out->len - 1] : 0;

		if (out->len - begin + n > most) {
			strbuf_puts(out, "...");
			return;
		}
		/* Neither the end of a comment, nor the beginning of one, nor a trigraph. */
		if ((last == '*' && in[i] == '/') || (last == '/' && in[i] == '*') ||
		    (last == '?' && in[i] == '?'))
			strbuf_puts(out, " ");
		if (!n || text_marks(in + i, n))
			strbuf_puts(out, "?");
		else
			strbuf_add(out, in + i, n);
		i += n ? n : 1;
	}
}

const char *errno_code(int err, char *out, size_t size)
{
	const char *name = errno_name(err);

	if (errno_from_name(name) == err)
		return name;
	snprintf(out, size, "%d", err);
	return out;
}

const char *signal_code(int number, char *out, size_t size)
{
	const char *name = signal_name(number);

	if (number > 0 && number < 32 && !strncmp(name, "SIG", 3) &&
	    signal_from_name(name) == number && (name[3] < '0' || name[3] > '9'))
		return name;
	snprintf(out, size, "%d", number);
	return out;
}
