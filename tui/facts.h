/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts.h - what can be said about one end at one moment, a fact a line. */
#ifndef FACTS_H
#define FACTS_H

#include "draw.h"
#include "lab.h"
#include "limit.h"

enum fact_id {
	FACT_HOST, /* only where it is down */
	FACT_STATE,
	FACT_QUEUES,
	FACT_FDS,
	FACT_POLL,
	FACT_TIMER,
	FACT_BACKOFF, /* where it is not told by the retries */
	FACT_LIMIT,   /* when the kernel gives up */
	FACT_SIGNALS,
	FACT_OPTIONS,
	FACT_PORTS,
	FACT_PATH,   /* round trip, retransmission timeout */
	FACT_WINDOW, /* what may be under way */
	FACT_FLIGHT, /* what is under way, what was lost */
	FACT_BYTES,
	FACT_MEMORY,
	FACT_CALL, /* the process: what it is in, what it did last, how it ended */
	FACT_COUNT
};

struct part {
	enum style style;
	bool counts; /* moves by itself: no change worth a mark */
	char text[64];
};

#define FACT_PARTS 12
struct fact {
	enum fact_id id;
	int rank;	/* where room is short, the highest ranks go first */
	bool joins;	/* may stand behind the fact before, on the same line */
	enum style bar; /* the whole line has this style; STYLE_COUNT: it has not */
	struct part parts[FACT_PARTS];
	unsigned count;
};

struct facts {
	struct fact fact[FACT_COUNT];
	unsigned count;
};

/* Everything known about an end at time `at` (ns since the start of the lab), in the order in
 * which it is shown. `limits`: NULL where they are not known. */
void facts_of(const struct scene_side *end, int64_t at, const struct limits *limits, bool utf8,
	      struct facts *facts);
/* The fact with this id, NULL: there is none. */
const struct fact *facts_find(const struct facts *facts, enum fact_id id);
/* Whether two facts say the same, countdowns apart. NULL is a fact that is not there. */
bool fact_same(const struct fact *one, const struct fact *other);
/* ns from `at` until something that counts on this end's lines shows another digit; -1: never. */
int64_t facts_due(const struct scene_side *end, int64_t at);

/* For those who make facts: a new one, one more part, a label with its value. */
struct fact *fact_new(struct facts *facts, enum fact_id id, int rank);
struct part *fact_add(struct fact *fact, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void fact_pair(struct fact *fact, const char *label, const char *value);
/* facts_time.c; a time that runs is in whole seconds: it changes once a second at most. */
char *fact_seconds(int64_t ns, char *out, size_t size);
void facts_timer(struct facts *facts, const struct scene_side *end, int64_t at);
void facts_limit(struct facts *facts, const struct scene_side *end, int64_t at,
		 const struct limits *limits);
/* facts_more.c */
void facts_options(struct facts *facts, const struct socket_options *options);
void facts_info(struct facts *facts, const struct snapshot *snapshot);

#endif
