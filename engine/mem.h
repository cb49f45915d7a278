/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mem.h - the one allocation family. A lab that cannot get memory ends: nothing it could still do
 * would be true. */
#ifndef MEM_H
#define MEM_H
#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
void *xmemdup(const void *data, size_t len); /* one byte more, zeroed: text stays terminated */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A string that grows. Zero it to start; `text` is always terminated once something was added. */
struct strbuf {
	char *text;
	size_t len, room;
};
void strbuf_add(struct strbuf *buf, const void *data, size_t len);
void strbuf_puts(struct strbuf *buf, const char *text);
void strbuf_printf(struct strbuf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *strbuf_take(struct strbuf *buf); /* the text, the caller's to free; the buffer is empty */
void strbuf_free(struct strbuf *buf);

#endif
