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
	FACT_UNSENT,
	FACT_ROUND,    /* more of the round trip */
	FACT_SLOW,     /* more of the windows */
	FACT_SIZES,    /* of segments */
	FACT_SEGMENTS, /* counted */
	FACT_DATA,     /* of them, with data */
	FACT_REPEATS,
	FACT_SCALES, /* of windows */
	FACT_STORE,  /* more of the memory */
	FACT_CALL,   /* the process: what it is in, what it did last, how it ended */
	FACT_COUNT
};

/* Under which heading a fact stands where there is room for headings. */
enum fact_group {
	GROUP_NONE, /* a bar over the whole width */
	GROUP_CONNECTION,
	GROUP_QUEUES,
	GROUP_TIMERS,
	GROUP_OPTIONS,
	GROUP_WINDOW,
	GROUP_COUNTERS,
	GROUP_MEMORY,
	GROUP_COUNT
};
const char *fact_heading(enum fact_group group);

struct part {
	enum style style;
	bool counts;	/* moves by itself: no change worth a mark */
	char about[20]; /* the word it is explained by: explanation_find(); "": a label */
	char text[64];
	char brief[40]; /* what is drawn of it where the line is too long; "": the same */
};

#define FACT_PARTS 12
struct fact {
	enum fact_id id;
	int rank;   /* where room is short, the highest ranks go first */
	bool joins; /* may stand behind the fact before, on the same line */
	bool pairs; /* labels, each with its value: each may have a line of its own */
	enum fact_group group;
	enum style bar; /* the whole line has this style; STYLE_COUNT: it has not */
	uint64_t n;	/* the event it tells of, a newer one is news whatever it says; 0: none */
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
/* Whether its numbers measure something that can be compared with what it was. */
bool fact_measures(enum fact_id id);
/* ns from `at` until something that counts on this end's lines shows another digit; -1: never. */
int64_t facts_due(const struct scene_side *end, int64_t at);

/* For those who make facts: a new one, one more part, a label with its value. `about` is the word
 * that explains the part, "" for a label. */
struct fact *fact_new(struct facts *facts, enum fact_id id, enum fact_group group, int rank);
struct part *fact_add(struct fact *fact, enum style style, const char *about, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void fact_brief(struct part *part, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void fact_pair(struct fact *fact, const char *about, const char *label, const char *value);
/* facts_time.c; a time that runs is in whole seconds: it changes once a second at most. */
char *fact_seconds(int64_t ns, char *out, size_t size);
/* A time that stands still: "204 ms", "1.5 s". */
char *fact_time(int64_t ns, char *out, size_t size);
void facts_timer(struct facts *facts, const struct scene_side *end, int64_t at);
void facts_limit(struct facts *facts, const struct scene_side *end, int64_t at,
		 const struct limits *limits);
/* facts_more.c */
void facts_options(struct facts *facts, const struct socket_options *options);
void facts_info(struct facts *facts, const struct snapshot *snapshot);

#endif
