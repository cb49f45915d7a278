/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_value.c - one value out of a JSON object that anybody may have written. */
#include "json.h"
#include "mem.h"
#include "text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void reading_fault(struct reading *reading, const char *fmt, ...)
{
	va_list ap;

	if (*reading->bad)
		return;
	va_start(ap, fmt);
	vsnprintf(reading->bad, sizeof(reading->bad), fmt, ap);
	va_end(ap);
}

unsigned char *reading_room(struct reading *reading, size_t size)
{
	if (reading->room < size + 1) {
		reading->room = size * 2 + 64;
		reading->bytes = xrealloc(reading->bytes, reading->room);
	}
	return reading->bytes;
}

/* NULL: it is not there, which is a fault only where it is needed. */
static json_t *read_value(struct reading *reading, const json_t *object, const char *key,
			  bool needed)
{
	json_t *value = json_object_get(object, key);

	if (value && !json_is_null(value))
		return value;
	if (needed)
		reading_fault(reading, "\"%s\" is missing", key);
	return NULL;
}

int64_t read_number(struct reading *reading, const json_t *object, const char *key, int64_t least,
		    int64_t most, int64_t otherwise)
{
	const bool needed = otherwise == READ_NEEDED;
	const json_t *value = read_value(reading, object, key, needed);

	if (!value)
		return needed ? 0 : otherwise;
	if (json_is_integer(value) && json_integer_value(value) >= least &&
	    json_integer_value(value) <= most)
		return json_integer_value(value);
	reading_fault(reading, "\"%s\": a whole number from %lld to %lld is expected", key,
		      (long long)least, (long long)most);
	return 0;
}

int64_t read_seconds(struct reading *reading, const json_t *object, const char *key,
		     int64_t otherwise)
{
	const bool needed = otherwise == READ_NEEDED;
	const json_t *value = read_value(reading, object, key, needed);
	double seconds;

	if (!value)
		return needed ? 0 : otherwise;
	seconds = json_is_number(value) ? json_number_value(value) : -1;
	if (seconds >= 0 && seconds <= (double)(READ_TIME_MOST / NS_PER_S))
		return (int64_t)(seconds * (double)NS_PER_S + 0.5);
	reading_fault(reading, "\"%s\": seconds from 0 to %lld are expected", key,
		      READ_TIME_MOST / NS_PER_S);
	return 0;
}

bool read_flag(struct reading *reading, const json_t *object, const char *key, bool otherwise)
{
	const json_t *value = read_value(reading, object, key, false);

	if (!value)
		return otherwise;
	if (!json_is_boolean(value))
		reading_fault(reading, "\"%s\": true or false is expected", key);
	return json_is_true(value);
}

/* The first byte that must not reach a terminal; the terminator where there is none. */
static const char *text_unfit(const char *text)
{
	for (size_t left = strlen(text), n; left; text += n, left -= n) {
		n = *text == '\t' ? 1 : text_utf8((const unsigned char *)text, left);
		if (!n)
			break;
	}
	return text;
}

/* Control characters and what turns the direction of text: jansson has made sure of the UTF-8. */
static char *text_clean(const char *text)
{
	struct strbuf clean = {0};

	for (;;) {
		const char *end = text_unfit(text);

		strbuf_add(&clean, text, (size_t)(end - text));
		if (!*end)
			return strbuf_take(&clean);
		strbuf_puts(&clean, "\xef\xbf\xbd");
		for (end++; (*end & 0xc0) == 0x80; end++)
			;
		text = end;
	}
}

const char *read_text(struct reading *reading, json_t *object, const char *key, bool needed)
{
	json_t *value = read_value(reading, object, key, needed);
	const char *text = value ? json_string_value(value) : NULL;

	if (!value)
		return NULL;
	if (!text) {
		reading_fault(reading, "\"%s\": a string is expected", key);
	} else if (*text_unfit(text)) {
		char *clean = text_clean(text);

		value = json_string(clean);
		free(clean);
		json_put(object, key, value);
		text = json_string_value(value);
	}
	return text;
}

int read_name(struct reading *reading, const json_t *object, const char *key,
	      int (*from_name)(const char *), int64_t otherwise)
{
	const bool needed = otherwise == READ_NEEDED;
	const json_t *value = read_value(reading, object, key, needed);
	const char *name = value ? json_string_value(value) : NULL;
	int number;

	if (!value)
		return needed ? 0 : (int)otherwise;
	number = name ? from_name(name) : -1;
	if (number >= 0)
		return number;
	/* A name that is none may hold anything: it is not repeated. */
	reading_fault(reading, "\"%s\" has no name that is known here", key);
	return 0;
}

int read_signal(const char *name)
{
	int number = signal_from_name(name);
	char *end;

	if (number > 0 || strncmp(name, "SIG", 3) != 0)
		return number;
	number = (int)strtol(name + 3, &end, 10);
	return !*end && number > 0 && number <= 64 ? number : -1;
}

json_t *read_object(struct reading *reading, const json_t *object, const char *key)
{
	json_t *value = read_value(reading, object, key, false);

	if (!value || json_is_object(value))
		return value;
	reading_fault(reading, "\"%s\": an object is expected", key);
	return NULL;
}

json_t *read_array(struct reading *reading, const json_t *object, const char *key)
{
	json_t *value = read_value(reading, object, key, false);

	if (!value || json_is_array(value))
		return value;
	reading_fault(reading, "\"%s\": a list is expected", key);
	return NULL;
}
