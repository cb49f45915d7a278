/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desc.c - a side's calls use the newest open descriptor of its connection. */
#include "core.h"

#include <string.h>

struct desc *desc_add(struct actor *actor, int fd, enum channel channel)
{
	struct desc *desc;

	if (actor->ndescs == DESCS_MAX) {
		/* Forget the oldest that is closed; a 65th is refused: desc_room. */
		unsigned i;

		for (i = 0; i < DESCS_MAX - 1 && actor->descs[i].open; i++)
			;
		memmove(&actor->descs[i], &actor->descs[i + 1],
			(DESCS_MAX - 1 - i) * sizeof(actor->descs[0]));
		actor->ndescs--;
	}
	desc = &actor->descs[actor->ndescs++];
	*desc = (struct desc){.fd = fd, .channel = channel, .open = true};
	if (channel != CHANNEL_LISTENER)
		actor->last_fd = fd;
	return desc;
}

bool desc_room(const struct actor *actor, unsigned wanted)
{
	unsigned open = 0;

	for (unsigned i = 0; i < actor->ndescs; i++)
		open += actor->descs[i].open;
	return open + wanted <= DESCS_MAX;
}

struct desc *desc_find(struct actor *actor, int fd)
{
	for (unsigned i = actor->ndescs; i-- > 0;)
		if (actor->descs[i].open && actor->descs[i].fd == fd)
			return &actor->descs[i];
	return NULL;
}

struct desc *desc_current(struct actor *actor)
{
	for (unsigned i = actor->ndescs; i-- > 0;)
		if (actor->descs[i].open && actor->descs[i].channel != CHANNEL_LISTENER)
			return &actor->descs[i];
	return NULL;
}

struct desc *desc_listener(struct actor *actor)
{
	for (unsigned i = actor->ndescs; i-- > 0;)
		if (actor->descs[i].open && actor->descs[i].channel == CHANNEL_LISTENER)
			return &actor->descs[i];
	return NULL;
}

struct desc *desc_oldest_copy(struct actor *actor, const struct desc *of)
{
	for (unsigned i = 0; i < actor->ndescs; i++) {
		struct desc *desc = &actor->descs[i];

		if (desc->open && desc->channel == of->channel && desc->conn == of->conn)
			return desc;
	}
	return NULL;
}

struct desc *desc_of_conn(struct actor *actor, unsigned conn)
{
	for (unsigned i = actor->ndescs; conn && i-- > 0;)
		if (actor->descs[i].open && actor->descs[i].conn == conn)
			return &actor->descs[i];
	return NULL;
}

struct desc *desc_due(struct actor *actor)
{
	for (unsigned i = 0; i < actor->ndescs; i++)
		if (actor->descs[i].open && actor->descs[i].status_due)
			return &actor->descs[i];
	return NULL;
}
