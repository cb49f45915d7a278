/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture.c - segments on loopback, each seen once, with the kernel's time. */
#include "capture.h"

#include "mem.h"

#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ETHERNET_LEN 14
#define SNAP_LEN 128
#define RING_SIZE (3 << 20)

struct capture {
	pcap_t *pcap;
	void (*take)(void *context, const struct packet *packet);
	void *context;
};

struct capture *capture_new(struct err *err)
{
	struct capture *capture = xcalloc(1, sizeof(*capture));
	char why[PCAP_ERRBUF_SIZE] = "";
	struct bpf_program only_tcp;
	int status, one = 1;

	capture->pcap = pcap_create("lo", why);
	if (!capture->pcap) {
		err_set(err, "libpcap: %s", why);
		goto fail;
	}
	pcap_set_snaplen(capture->pcap, SNAP_LEN);
	/* Otherwise segments come up to 88 ms late. */
	pcap_set_immediate_mode(capture->pcap, 1);
	pcap_set_buffer_size(capture->pcap, RING_SIZE);
	pcap_set_tstamp_precision(capture->pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(capture->pcap);
	if (status < 0) {
		err_set(err, "packet capture on lo: %s", pcap_statustostr(status));
		goto fail;
	}
	if (pcap_datalink(capture->pcap) != DLT_EN10MB) {
		err_set(err, "packet capture on lo: unknown link type");
		goto fail;
	}
	if (pcap_compile(capture->pcap, &only_tcp, "ip and tcp", 1, PCAP_NETMASK_UNKNOWN)) {
		err_set(err, "packet filter: %s", pcap_geterr(capture->pcap));
		goto fail;
	}
	/* On lo each packet goes out and comes in; libpcap throws one of the two away only after
	 * it has been copied into the ring. Older kernels (before 4.20) go on doing so. */
	setsockopt(pcap_fileno(capture->pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		   sizeof(one));
	status = pcap_setfilter(capture->pcap, &only_tcp);
	pcap_freecode(&only_tcp);
	if (status || pcap_setnonblock(capture->pcap, 1, why)) {
		err_set(err, "packet capture on lo: %s", pcap_geterr(capture->pcap));
		goto fail;
	}
	return capture;
fail:
	capture_free(capture);
	return NULL;
}

void capture_free(struct capture *capture)
{
	if (!capture)
		return;
	if (capture->pcap)
		pcap_close(capture->pcap);
	free(capture);
}

int capture_fd(const struct capture *capture)
{
	return pcap_get_selectable_fd(capture->pcap);
}

static void capture_one(u_char *user, const struct pcap_pkthdr *head, const u_char *bytes)
{
	struct capture *capture = (struct capture *)user;
	struct packet packet;

	if (head->caplen <= ETHERNET_LEN ||
	    !packet_decode(bytes + ETHERNET_LEN, head->caplen - ETHERNET_LEN,
			   head->len - ETHERNET_LEN, &packet))
		return;
	/* With nanosecond precision tv_usec holds nanoseconds: pcap_set_tstamp_precision(3). */
	packet.t = (int64_t)head->ts.tv_sec * NS_PER_S + head->ts.tv_usec;
	capture->take(capture->context, &packet);
}

int capture_read(struct capture *capture, int most,
		 void (*take)(void *context, const struct packet *packet), void *context)
{
	capture->take = take;
	capture->context = context;
	return pcap_dispatch(capture->pcap, most, capture_one, (u_char *)capture);
}

unsigned capture_dropped(struct capture *capture)
{
	struct pcap_stat stat;

	return pcap_stats(capture->pcap, &stat) ? 0 : stat.ps_drop;
}
