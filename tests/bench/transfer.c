/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer.c - a bulk transfer, seen whole by the lab, beside the same without a lab. */
#include "bench.h"
#include "relay.h"

#include <string.h>
#include <sys/prctl.h>

#define SECONDS 60

struct transfer {
	enum link_kind link;
	uint64_t bytes;
};

struct transfer_result {
	double user, kernel;  /* µs of processor the lab took meanwhile */
	double longest;	      /* turn of the lab, in ms */
	double seconds;	      /* from the write's entry to the drain's return */
	uint64_t segments;    /* journalled between the two */
	uint64_t told;	      /* bytes of payload the journal tells of, each once */
	uint64_t again;	      /* bytes sent again */
	uint64_t undelivered; /* segments with another fate than `delivered` */
	uint64_t losses;      /* notes of the link's after the transfer began */
	uint64_t let_go;      /* events */
	char note[200];	      /* the first of the notes, or what went wrong */
};

/* When a call was entered, when it returned: one that was journalled as blocked has the time of its
 * return. */
static int64_t call_begun(const struct event *event)
{
	return event->call.was_blocked ? event->t - event->call.us * 1000 : event->t;
}

static int64_t call_ended(const struct event *event)
{
	return event->call.was_blocked ? event->t : event->t + event->call.us * 1000;
}

/* Every byte the client sent, from what the journal holds of it. */
static void journal_count(const struct journal *journal, uint64_t since,
			  struct transfer_result *result)
{
	const struct event *event = journal_after(journal, EVENT_SEGMENT, SIDE_CLIENT, since);
	uint64_t next = 1;
	bool hole = false; /* what follows one cannot make it whole */

	for (; event; event = journal_after(journal, EVENT_SEGMENT, SIDE_CLIENT, event->n)) {
		const uint64_t begin = event->segment.seq, end = begin + event->segment.len;

		result->segments++;
		result->undelivered += event->segment.fate != FATE_DELIVERED;
		hole = hole || begin > next;
		if (hole)
			continue;
		if (end > next) {
			result->told += end - next;
			result->again += next - begin;
			next = end;
		} else {
			result->again += event->segment.len;
		}
	}
	event = journal_after(journal, EVENT_SEGMENT, SIDE_SERVER, since);
	for (; event; event = journal_after(journal, EVENT_SEGMENT, SIDE_SERVER, event->n)) {
		result->segments++;
		result->undelivered += event->segment.fate != FATE_DELIVERED;
	}
	event = journal_after(journal, EVENT_LINK, SIDE_NONE, since);
	for (; event; event = journal_after(journal, EVENT_LINK, SIDE_NONE, event->n))
		if (!result->losses++)
			snprintf(result->note, sizeof(result->note), "%s", event->note.text);
}

static int transfer_commands(struct lab *lab, const struct transfer *transfer, uint64_t *since,
			     struct transfer_result *result, struct err *err)
{
	char drain[64], put[64];

	snprintf(drain, sizeof(drain), "server drain %llu", (unsigned long long)transfer->bytes);
	snprintf(put, sizeof(put), "client write %llu", (unsigned long long)transfer->bytes);
	if (drive_do(lab, "open", err))
		return -1;
	*since = journal_last(lab_journal(lab));
	result->user = -bench_cpu(true);
	result->kernel = -bench_cpu(false);
	return drive_do(lab, drain, err) || drive_do(lab, put, err) ? -1 : 0;
}

static int transfer_lab(const void *arg, void *out)
{
	const struct transfer *transfer = arg;
	struct transfer_result *result = out;
	const struct event *put, *drained;
	struct err err = {0};
	struct lab *lab = drive_new(transfer->link, &err);
	uint64_t since;

	prctl(PR_SET_NAME, "bench-lab"); /* perf(1) tells it from the relay */
	if (!lab || transfer_commands(lab, transfer, &since, result, &err)) {
		snprintf(result->note, sizeof(result->note), "%.180s", err.text);
		return 0;
	}
	drained = drive_call(lab, SIDE_SERVER, CALL_DRAIN, since, SECONDS);
	result->user += bench_cpu(true);
	result->kernel += bench_cpu(false);
	put = drive_call(lab, SIDE_CLIENT, CALL_WRITE, since, SECONDS);
	if (!drained || !put || drained->call.ret != (int64_t)transfer->bytes) {
		snprintf(result->note, sizeof(result->note), "the drain did not get all");
		return 0;
	}
	result->seconds = (double)(call_ended(drained) - call_begun(put)) / (double)NS_PER_S;
	result->longest = (double)drive_longest() / (double)NS_PER_MS;
	journal_count(lab_journal(lab), since, result);
	result->let_go = journal_first(lab_journal(lab)) - 1;
	lab_free(lab);
	return 0;
}

static void result_judge(const char *name, const struct transfer *transfer,
			 const struct transfer_result *result)
{
	if (result->seconds <= 0)
		bench_fail("%s: %s", name, result->note);
	else if (result->let_go)
		bench_fail("%s: the transfer is too long for the journal", name);
	else if (result->told != transfer->bytes)
		bench_fail("%s: the journal tells of the first %llu of %llu bytes, then there is a "
			   "hole (%s; the lab's longest turn %.1f ms)",
			   name, (unsigned long long)result->told,
			   (unsigned long long)transfer->bytes,
			   *result->note ? result->note : "no loss was noted", result->longest);
	else if (result->undelivered || result->losses)
		bench_fail("%s: %llu segments not delivered, %llu notes (%s)", name,
			   (unsigned long long)result->undelivered,
			   (unsigned long long)result->losses, result->note);
}

/* The two in turn, so that whatever else the machine does befalls both. */
static void transfer_compare(const char *name, const char *plain_name, double budget,
			     int (*plain)(const void *arg, void *result), enum link_kind link,
			     uint64_t bytes)
{
	const struct transfer transfer = {link, bytes};
	struct relay_result without;
	struct transfer_result with = {0};
	double bare[BENCH_RUNS], lab[BENCH_RUNS], ratio[BENCH_RUNS], longest[BENCH_RUNS];
	const double mega = (double)bytes / MEGA;
	char row[80];

	for (int i = 0; i < BENCH_RUNS; i++) {
		if (bench_fork(plain, &bytes, &without, sizeof(without), SECONDS)) {
			bench_skip(name, "the bare one cannot be had here");
			return;
		}
		if (without.dropped || without.bytes != bytes)
			bench_fail("%s: the bare one lost something", name);
		if (bench_fork(transfer_lab, &transfer, &with, sizeof(with), 2 * SECONDS)) {
			bench_fail("%s: no answer from the lab", name);
			return;
		}
		result_judge(name, &transfer, &with);
		if (with.seconds <= 0)
			return;
		bare[i] = mega / without.seconds;
		lab[i] = mega / with.seconds;
		ratio[i] = 100 * lab[i] / bare[i];
		longest[i] = with.longest;
	}
	snprintf(row, sizeof(row), "%s, %s", name, plain_name);
	bench_row(row, bench_median(bare, BENCH_RUNS), NO_BUDGET, 0, "MB/s");
	snprintf(row, sizeof(row), "%s, the lab", name);
	bench_row(row, bench_median(lab, BENCH_RUNS), NO_BUDGET, 0, "MB/s");
	snprintf(row, sizeof(row), "%s, of that", name);
	bench_row(row, bench_median(ratio, BENCH_RUNS), AT_LEAST, budget, "%");
	snprintf(row, sizeof(row), "%s, the lab's longest turn", name);
	bench_row(row, bench_median(longest, BENCH_RUNS), NO_BUDGET, 0, "ms");
	if (without.packets) {
		snprintf(row, sizeof(row), "%s, packets, %s", name, plain_name);
		bench_row(row, (double)without.packets, NO_BUDGET, 0, "");
		snprintf(row, sizeof(row), "%s, a packet, %s", name, plain_name);
		bench_row(row, (without.user + without.kernel) / (double)without.packets, NO_BUDGET,
			  0, "µs");
		snprintf(row, sizeof(row), "%s, a packet, the lab", name);
		bench_row(row, (with.user + with.kernel) / (double)with.segments, NO_BUDGET, 0,
			  "µs");
		snprintf(row, sizeof(row), "%s, of which its own", name);
		bench_row(row, with.user / (double)with.segments, NO_BUDGET, 0, "µs");
	}
	snprintf(row, sizeof(row), "%s, segments journalled", name);
	bench_row(row, (double)with.segments, NO_BUDGET, 0, "");
	snprintf(row, sizeof(row), "%s, sent again", name);
	bench_row(row, (double)with.again, NO_BUDGET, 0, "bytes");
}

void bench_wire(uint64_t bytes)
{
	transfer_compare("bulk through the wire", "bare relay", 80, relay_bare, LINK_WIRE, bytes);
}

void bench_loopback(uint64_t bytes)
{
	transfer_compare("bulk on loopback", "unobserved", 90, relay_loopback, LINK_LOOPBACK,
			 bytes);
}
