/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_capture_file.c - what is in a save file, read back with libpcap, and what must not be. */
#include "lab.h"

#include <fcntl.h>
#include <pcap/pcap.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define EPOCH 1700000000123456789LL

static char dir[] = "/tmp/bothends-capture.XXXXXX";
static char file[64];

static int make_dir(void **unused)
{
	(void)unused;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/x.pcap", dir);
	return 0;
}

static int remove_dir(void **unused)
{
	(void)unused;
	return rmdir(dir);
}

static int remove_file(void **unused)
{
	(void)unused;
	unlink(file);
	return 0;
}

static const uint8_t raw[64] = {
	0x45, 0, 0, 64, [9] = 6, [12] = 127, [15] = 1, [16] = 127, [19] = 1};

static struct event segment(enum fate fate, int64_t t)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = SIDE_CLIENT, .t = t};

	event.segment.fate = fate;
	event.segment.raw = raw;
	event.segment.raw_len = sizeof(raw);
	event.segment.raw_full = 1500;
	return event;
}

static void test_segments(void **unused)
{
	/* Each once: what is still to be delivered, or lost, is told by a later event. */
	static const struct {
		enum fate fate;
		bool written;
	} fates[] = {
		{FATE_DELIVERED, true}, {FATE_HELD, false},	 {FATE_RELEASED, true},
		{FATE_DROPPED, true},	{FATE_CUT, true},	 {FATE_DELAYED, false},
		{FATE_LOST, true},	{FATE_DUPLICATED, true}, {FATE_UNREACHABLE, true},
		{FATE_SILENCED, true},
	};
	struct err err = {0};
	struct capture_file *capture = capture_file_new(file, &err);
	struct event other = {.kind = EVENT_COMMAND};
	char message[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const unsigned char *data;
	pcap_t *pcap;

	(void)unused;
	assert_non_null(capture);
	capture_file_add(capture, &other, EPOCH);
	for (int i = 0; i < FATE_COUNT; i++) {
		struct event event = segment(fates[i].fate, i * 1000000007LL);

		assert_int_equal(fates[i].fate, i);
		capture_file_add(capture, &event, EPOCH);
	}
	assert_int_equal(capture_file_free(capture, &err), 0);

	pcap = pcap_open_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, message);
	assert_non_null(pcap);
	assert_int_equal(pcap_datalink(pcap), DLT_RAW);
	for (int i = 0; i < FATE_COUNT; i++) {
		int64_t t = EPOCH + i * 1000000007LL;

		if (!fates[i].written)
			continue;
		assert_int_equal(pcap_next_ex(pcap, &header, &data), 1);
		assert_int_equal(header->ts.tv_sec, t / NS_PER_S);
		assert_int_equal(header->ts.tv_usec, t % NS_PER_S);
		assert_int_equal(header->caplen, sizeof(raw));
		assert_int_equal(header->len, 1500);
		assert_memory_equal(data, raw, sizeof(raw));
	}
	assert_int_equal(pcap_next_ex(pcap, &header, &data), PCAP_ERROR_BREAK);
	pcap_close(pcap);
}

static void test_old_file(void **unused)
{
	struct err err = {0};
	char text[8] = "";
	int fd = open(file, O_RDWR | O_CREAT, 0600);

	(void)unused;
	assert_int_equal(write(fd, "mine", 4), 4);
	assert_null(capture_file_new(file, &err));
	assert_non_null(strstr(err.text, file));
	assert_non_null(strstr(err.text, "File exists"));
	assert_int_equal(pread(fd, text, 7, 0), 4);
	assert_string_equal(text, "mine");
	close(fd);
	assert_null(capture_file_new("/no/such/place/x.pcap", &err));
	assert_non_null(strstr(err.text, "No such file"));
}

/* A disk that fills up is told, at the latest at the end. */
static void test_full_disk(void **unused)
{
	const struct rlimit little = {4096, RLIM_INFINITY};
	struct rlimit old;
	struct err err = {0};
	struct capture_file *capture = capture_file_new(file, &err);

	(void)unused;
	assert_non_null(capture);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	for (int i = 0; i < 200; i++) {
		struct event event = segment(FATE_DELIVERED, i);

		capture_file_add(capture, &event, EPOCH);
	}
	assert_int_equal(capture_file_free(capture, &err), -1);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_non_null(strstr(err.text, file));
	assert_int_equal(capture_file_free(NULL, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_segments, remove_file),
		cmocka_unit_test_teardown(test_old_file, remove_file),
		cmocka_unit_test_teardown(test_full_disk, remove_file),
	};

	return cmocka_run_group_tests_name("capture_file", tests, make_dir, remove_dir);
}
