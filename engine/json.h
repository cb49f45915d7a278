/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json.h - an event as a JSON object, and back: what both directions share.
 *
 *   struct event ─ event_json ─▶ {"n":7,"t":1.5,"kind":"call",...} ─ event_read ─▶ struct event
 *
 * What is read is hostile. The first thing in it that is not as expected is kept in words, and
 * everything after it reads as nothing; so only the end has to be looked at.
 */
#ifndef JSON_H
#define JSON_H
#include "lab.h"

#include <jansson.h>

/* Keys are constants, so they need no check. A NULL value is memory that ran out. */
void json_put(json_t *object, const char *key, json_t *value);
json_t *json_seconds(int64_t ns);
json_t *json_state(enum tcp_state state); /* null: none */
json_t *json_number(int64_t number, bool known);

/* What a packet's own header says of its length, where that is more than the bytes at hand. */
uint32_t raw_length(const uint8_t *raw, size_t len);
extern const char *const unreachable_names[UNREACHABLE_PORT + 1];

/* json_snapshot.c */
void json_snapshot(json_t *out, const struct snapshot *snapshot);

/* ----------------------------------------------------------------- reading */
#define READ_NEEDED INT64_MIN /* as `otherwise`: it may not be missing */

struct reading {
	char bad[160];		  /* one line; "": all was as expected so far */
	struct snapshot snapshot; /* what the event just read points to */
	unsigned char *bytes;	  /* ... grows to the longest; free it in the end */
	size_t room;
};
void reading_fault(struct reading *reading, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A whole number in these bounds; `otherwise` where the key is missing or null. */
int64_t read_number(struct reading *reading, const json_t *object, const char *key, int64_t least,
		    int64_t most, int64_t otherwise);
/* Seconds as ns, from 0 to TIME_MOST. */
#define READ_TIME_MOST (1000000000LL * NS_PER_S)
int64_t read_seconds(struct reading *reading, const json_t *object, const char *key,
		     int64_t otherwise);
bool read_flag(struct reading *reading, const json_t *object, const char *key, bool otherwise);
/* A string without control characters and what turns the text's direction: each is U+FFFD in it.
 * Valid as long as the object; NULL where it is missing or null. */
const char *read_text(struct reading *reading, json_t *object, const char *key, bool needed);
/* One name of a list, by its X_from_name; `otherwise` where it is missing or null. */
int read_name(struct reading *reading, const json_t *object, const char *key,
	      int (*from_name)(const char *), int64_t otherwise);
int read_signal(const char *name); /* SIG34 too; from 1 to 64 */
/* An object or array, NULL where it is missing or null. */
json_t *read_object(struct reading *reading, const json_t *object, const char *key);
json_t *read_array(struct reading *reading, const json_t *object, const char *key);
/* Room for so many bytes; what was there before is gone. */
unsigned char *reading_room(struct reading *reading, size_t size);

/* What an object says, as an event without its `n`. Its strings, bytes and snapshot belong to the
 * object and to `reading`, until either is used again. -1: see reading->bad. */
int event_read(struct reading *reading, json_t *object, struct event *event);
/* json_snapshot.c */
void snapshot_read(struct reading *reading, json_t *object, struct snapshot *snapshot);

#endif
