/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * loss.c - which segments are lost on a lossy wire.
 *
 * Not by a generator that is drawn from in turn: when the ACK of one side comes a moment earlier,
 * every later draw would be another. A segment's fate depends on the seed, on what it is, and on
 * how often its like has been sent; so a run repeats.
 */
#include "wire.h"

#define DRAWS (sizeof(((struct wire *)NULL)->draws))

/* splitmix64, Steele and others 2014 */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

bool loss_strikes(struct wire *wire, unsigned seed, enum side from, uint32_t seq, uint32_t ack,
		  const struct packet *packet)
{
	uint64_t like = mix((uint64_t)from << 40 | (uint64_t)packet->flags << 32 | packet->len);

	like = mix(like ^ ((uint64_t)seq << 32 | ack));
	return mix(mix(like + seed) + wire->draws[like % DRAWS]++) % 100 < wire->state.loss;
}
