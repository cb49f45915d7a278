/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *mem_need(void *got)
{
	/* The program's own handler for SIGABRT restores the terminal. */
	if (!got)
		abort();
	return got;
}

void *xmalloc(size_t size)
{
	return mem_need(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return mem_need(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *old, size_t size)
{
	return mem_need(realloc(old, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return mem_need(strdup(text));
}

char *xstrndup(const char *text, size_t len)
{
	return mem_need(strndup(text, len));
}

void *xmemdup(const void *data, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	return mem_need(text);
}

void strbuf_add(struct strbuf *buf, const void *data, size_t len)
{
	if (buf->len + len + 1 > buf->room) {
		buf->room = (buf->len + len + 1) * 2;
		buf->text = xrealloc(buf->text, buf->room);
	}
	if (len)
		memcpy(buf->text + buf->len, data, len);
	buf->len += len;
	buf->text[buf->len] = '\0';
}

void strbuf_puts(struct strbuf *buf, const char *text)
{
	strbuf_add(buf, text, strlen(text));
}

void strbuf_printf(struct strbuf *buf, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	mem_need(len < 0 ? NULL : text);
	strbuf_add(buf, text, (size_t)len);
	free(text);
}

char *strbuf_take(struct strbuf *buf)
{
	char *text = buf->text ? buf->text : xstrdup("");

	*buf = (struct strbuf){0};
	return text;
}

void strbuf_free(struct strbuf *buf)
{
	free(buf->text);
	*buf = (struct strbuf){0};
}
