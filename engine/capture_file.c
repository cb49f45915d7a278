/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture_file.c - segments to a libpcap save file, for tcpdump, tshark and Wireshark.
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

struct capture_file {
	char *name;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
};

struct capture_file *capture_file_new(const char *file, struct err *err)
{
	struct capture_file *capture;
	FILE *out;
	int fd;

	/* Exclusive: a capture of another day is never written over. */
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		err_set(err, "cannot create %s: %s", file, strerror(errno));
		return NULL;
	}
	capture = xcalloc(1, sizeof(*capture));
	capture->name = xstrdup(file);
	capture->pcap =
		pcap_open_dead_with_tstamp_precision(DLT_RAW, 65535, PCAP_TSTAMP_PRECISION_NANO);
	out = capture->pcap ? fdopen(fd, "wb") : NULL;
	if (out)
		capture->dumper = pcap_dump_fopen(capture->pcap, out);
	if (capture->dumper)
		return capture;
	err_set(err, "cannot write %s: %s", file,
		capture->pcap ? pcap_geterr(capture->pcap) : "no memory for libpcap");
	if (out)
		fclose(out);
	else
		close(fd);
	unlink(file);
	capture_file_free(capture, NULL);
	return NULL;
}

/* Each segment once: in the event of its delivery, or where nothing more will come of it. A
 * duplicate crosses the link too. */
static bool capture_file_wants(enum fate fate)
{
	return fate != FATE_HELD && fate != FATE_DELAYED;
}

void capture_file_add(struct capture_file *capture, const struct event *event, int64_t epoch)
{
	struct pcap_pkthdr header = {0};
	int64_t t = epoch + event->t;

	if (event->kind != EVENT_SEGMENT || !event->segment.raw ||
	    !capture_file_wants(event->segment.fate))
		return;
	header.ts.tv_sec = (time_t)(t / NS_PER_S);
	header.ts.tv_usec = (suseconds_t)(t % NS_PER_S); /* the precision makes these ns */
	header.caplen = event->segment.raw_len;
	header.len = event->segment.raw_full;
	pcap_dump((unsigned char *)capture->dumper, &header, event->segment.raw);
}

int capture_file_free(struct capture_file *capture, struct err *err)
{
	int result = 0;

	if (!capture)
		return 0;
	if (capture->dumper) {
		if (pcap_dump_flush(capture->dumper) || ferror(pcap_dump_file(capture->dumper)))
			result = err_set(err, "cannot write %s: %s", capture->name,
					 strerror(errno ? errno : EIO));
		pcap_dump_close(capture->dumper);
	}
	if (capture->pcap)
		pcap_close(capture->pcap);
	free(capture->name);
	free(capture);
	return result;
}
