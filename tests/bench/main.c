/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - the budgets of the design, measured as ratios in one run: `make bench`.
 *
 * A budget that is missed is told; the exit status is 1 only when something was lost. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

static void wire(void)
{
	bench_wire(256 * MEGA);
}

static void loopback(void)
{
	bench_loopback(1024ULL * MEGA);
}

static const struct bench {
	const char *name;
	void (*run)(void);
} benches[] = {
	{"wire", wire},
	{"loopback", loopback},
	{"observation", bench_observation},
	{"journal", bench_journal},
	{"screen", bench_screen},
	{"past", bench_past},
	{"hundred", bench_hundred},
	{"lessons", bench_lessons},
};

/* Only what begins so, where words are given. */
static bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strncmp(name, argv[i], strlen(argv[i])))
			return true;
	return argc < 2;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(benches) / sizeof(*benches); i++)
		if (wanted(benches[i].name, argc, argv))
			benches[i].run();
	return bench_failures() ? EXIT_FAILURE : EXIT_SUCCESS;
}
