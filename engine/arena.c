/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arena.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 65536

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	char bytes[] __attribute__((aligned(16)));
};

void *arena_copy(struct arena *arena, const void *data, size_t len, size_t align)
{
	struct arena_block *block = arena->blocks;
	size_t at = block ? (block->used + align - 1) & ~(align - 1) : 0;

	if (!block || at + len > block->room) {
		/* The first block of an arena is small: many hold only a few bytes. */
		size_t usual = block ? BLOCK_SIZE : BLOCK_SIZE / 16;
		bool large = len > usual / 2;

		at = 0;
		block = xmalloc(sizeof(*block) + (large ? len : usual));
		block->room = large ? len : usual;
		arena->bytes += sizeof(*block) + block->room;
		/* A block made for one piece is full: keep the roomy one in front. */
		if (large && arena->blocks) {
			block->next = arena->blocks->next;
			arena->blocks->next = block;
		} else {
			block->next = arena->blocks;
			arena->blocks = block;
		}
	}
	memcpy(block->bytes + at, data, len);
	block->used = at + len;
	return block->bytes + at;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	arena->bytes = 0;
}

static const char *own_string(struct arena *arena, const char *text)
{
	return text ? arena_copy(arena, text, strlen(text) + 1, 1) : NULL;
}

void event_own(struct event *event, struct arena *arena)
{
	switch (event->kind) {
	case EVENT_COMMAND:
		event->command.text = own_string(arena, event->command.text);
		break;
	case EVENT_CALL:
	case EVENT_BLOCKED:
		event->call.args = own_string(arena, event->call.args);
		if (event->call.data)
			event->call.data = arena_copy(arena, event->call.data, event->call.len, 1);
		break;
	case EVENT_SEGMENT:
		if (event->segment.raw)
			event->segment.raw =
				arena_copy(arena, event->segment.raw, event->segment.raw_len, 1);
		break;
	case EVENT_ICMP:
		event->icmp.type = own_string(arena, event->icmp.type);
		if (event->icmp.raw)
			event->icmp.raw =
				arena_copy(arena, event->icmp.raw, event->icmp.raw_len, 1);
		break;
	case EVENT_SNAPSHOT:
		event->snapshot = arena_copy(arena, event->snapshot, sizeof(*event->snapshot),
					     _Alignof(struct snapshot));
		break;
	case EVENT_LINK:
	case EVENT_HOST:
		event->note.text = own_string(arena, event->note.text);
		if (event->note.raw)
			event->note.raw =
				arena_copy(arena, event->note.raw, event->note.raw_len, 1);
		break;
	case EVENT_EXPECT:
		event->expect.text = own_string(arena, event->expect.text);
		event->expect.saw = own_string(arena, event->expect.saw);
		break;
	case EVENT_STATE:
	case EVENT_PROCESS:
	case EVENT_NONE:
	case EVENT_KINDS:
		break;
	}
}
