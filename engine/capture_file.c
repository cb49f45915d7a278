/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture_file.c - segments to a libpcap save file, for tcpdump, tshark and Wireshark.
 *
 *   held, delayed ─▶ waiting ─┬─ delivered, released ─▶ written, with the time of its delivery
 *                             └─ dropped, cut, lost ──▶ written, with the time of its sending
 *
 * DLT_RAW: each packet begins with its IP header, whatever the link was. */
#include "lab.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUCKETS 4096 /* a delayed transfer has thousands on their way */

/* A segment that is still on its way: its newest copy, and when that was sent. */
struct waiting {
	struct waiting *next;
	uint32_t id, full;
	uint16_t len;
	int64_t t; /* ns since 1970 */
	uint8_t raw[];
};

struct capture_file {
	char *name;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	bool lent;			  /* the stream is somebody else's to close */
	struct waiting *waiting[BUCKETS]; /* by id */
	size_t nwaiting;
};

struct capture_file *capture_file_on(FILE *out)
{
	struct capture_file *capture = xcalloc(1, sizeof(*capture));

	capture->lent = true;
	capture->pcap =
		pcap_open_dead_with_tstamp_precision(DLT_RAW, 65535, PCAP_TSTAMP_PRECISION_NANO);
	/* NULL where the stream has failed already: ferror(out). */
	if (capture->pcap)
		capture->dumper = pcap_dump_fopen(capture->pcap, out);
	return capture;
}

struct capture_file *capture_file_new(const char *file, struct err *err)
{
	struct capture_file *capture;
	FILE *out;
	int fd;

	/* Exclusive: a capture of another day is never written over. */
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	out = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!out) {
		err_set(err, "cannot create %s: %s", file, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	capture = capture_file_on(out);
	capture->name = xstrdup(file);
	capture->lent = false;
	if (capture->dumper)
		return capture;
	err_set(err, "cannot write %s: %s", file,
		capture->pcap ? pcap_geterr(capture->pcap) : "no memory for libpcap");
	fclose(out);
	unlink(file);
	capture_file_free(capture, NULL);
	return NULL;
}

static void capture_file_write(struct capture_file *capture, int64_t t, const uint8_t *raw,
			       uint32_t len, uint32_t full)
{
	struct pcap_pkthdr header = {0};

	header.ts.tv_sec = (time_t)(t / NS_PER_S);
	header.ts.tv_usec = (suseconds_t)(t % NS_PER_S); /* the precision makes these ns */
	header.caplen = len;
	header.len = full;
	pcap_dump((unsigned char *)capture->dumper, &header, raw);
}

static struct waiting **waiting_find(struct capture_file *capture, uint32_t id)
{
	struct waiting **at = &capture->waiting[id % BUCKETS];

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

/* Its fate is known; NULL: it was never on its way. The caller's to free. */
static struct waiting *waiting_take(struct capture_file *capture, uint32_t id)
{
	struct waiting **at = waiting_find(capture, id), *waiting = *at;

	if (waiting) {
		*at = waiting->next;
		capture->nwaiting--;
	}
	return waiting;
}

static void waiting_put(struct capture_file *capture, const struct event *event, int64_t t)
{
	struct waiting *waiting, **at;

	free(waiting_take(capture, event->segment.id));
	waiting = xmalloc(sizeof(*waiting) + event->segment.raw_len);
	waiting->next = NULL;
	waiting->id = event->segment.id;
	waiting->full = event->segment.raw_full;
	waiting->len = event->segment.raw_len;
	waiting->t = t;
	memcpy(waiting->raw, event->segment.raw, waiting->len);
	at = waiting_find(capture, waiting->id);
	*at = waiting;
	capture->nwaiting++;
}

static int waiting_compare(const void *left, const void *right)
{
	const struct waiting *const *a = left, *const *b = right;

	if ((*a)->t != (*b)->t)
		return (*a)->t < (*b)->t ? -1 : 1;
	return (*a)->id < (*b)->id ? -1 : (*a)->id > (*b)->id;
}

/* What has not arrived by the end was sent all the same. */
static void waiting_write(struct capture_file *capture)
{
	struct waiting **all = xcalloc(capture->nwaiting + 1, sizeof(struct waiting *));
	size_t count = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		while (capture->waiting[i])
			all[count++] = waiting_take(capture, capture->waiting[i]->id);
	qsort(all, count, sizeof(struct waiting *), waiting_compare);
	for (size_t i = 0; i < count; i++) {
		if (capture->dumper)
			capture_file_write(capture, all[i]->t, all[i]->raw, all[i]->len,
					   all[i]->full);
		free(all[i]);
	}
	free(all);
}

/* Each segment once: in the event of its delivery, or where nothing more will come of it, with the
 * time it was sent. A duplicate crosses the link too, and leaves its original on its way. */
static void segment_add(struct capture_file *capture, const struct event *event, int64_t t)
{
	const enum fate fate = event->segment.fate;
	struct waiting *waiting;

	if (fate == FATE_HELD || fate == FATE_DELAYED) {
		waiting_put(capture, event, t);
		return;
	}
	if (fate != FATE_DUPLICATED) {
		waiting = waiting_take(capture, event->segment.id);
		if (waiting && fate != FATE_DELIVERED && fate != FATE_RELEASED)
			t = waiting->t;
		free(waiting);
	}
	capture_file_write(capture, t, event->segment.raw, event->segment.raw_len,
			   event->segment.raw_full);
}

/* Of a long echo only the beginning was kept: its header says how long it was. */
static uint32_t icmp_full(const uint8_t *raw, uint32_t len)
{
	const uint32_t total = len >= 4 ? (uint32_t)raw[2] << 8 | raw[3] : 0;

	return total > len ? total : len;
}

void capture_file_add(struct capture_file *capture, const struct event *event, int64_t epoch)
{
	const int64_t t = epoch + event->t;

	if (!capture->dumper)
		return;
	if (event->kind == EVENT_SEGMENT && event->segment.raw)
		segment_add(capture, event, t);
	/* The router's answers, and whatever is no segment, cross the cable too. */
	else if (event->kind == EVENT_ICMP && event->icmp.raw)
		capture_file_write(capture, t, event->icmp.raw, event->icmp.raw_len,
				   icmp_full(event->icmp.raw, event->icmp.raw_len));
	else if (event->kind == EVENT_LINK && event->note.raw)
		capture_file_write(capture, t, event->note.raw, event->note.raw_len,
				   event->note.raw_full);
}

int capture_file_free(struct capture_file *capture, struct err *err)
{
	int result = 0;

	if (!capture)
		return 0;
	waiting_write(capture);
	if (capture->dumper) {
		if (pcap_dump_flush(capture->dumper) || ferror(pcap_dump_file(capture->dumper)))
			result = -1;
		if (result && err)
			err_set(err, "cannot write %s: %s", capture->name ? capture->name : "it",
				strerror(errno ? errno : EIO));
		if (!capture->lent)
			pcap_dump_close(capture->dumper);
	}
	if (capture->pcap)
		pcap_close(capture->pcap);
	free(capture->name);
	free(capture);
	return result;
}
