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

static struct event segment(uint32_t id, enum fate fate, int64_t t)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = SIDE_CLIENT, .t = t};

	event.segment.id = id;
	event.segment.fate = fate;
	event.segment.raw = raw;
	event.segment.raw_len = sizeof(raw);
	event.segment.raw_full = 1500;
	return event;
}

/* Write these events, then read the file: what was written, told by its id (a copy's IP
 * identification is made that) and time. */
struct fact {
	uint32_t id;
	enum fate fate;
	int64_t t;
};

static void add(struct capture_file *capture, uint32_t id, enum fate fate, int64_t t)
{
	struct event event = segment(id, fate, t);
	uint8_t copy[sizeof(raw)];

	memcpy(copy, raw, sizeof(copy));
	copy[4] = (uint8_t)(id >> 8);
	copy[5] = (uint8_t)id;
	copy[20] = (uint8_t)fate; /* which copy of it */
	event.segment.raw = copy;
	capture_file_add(capture, &event, EPOCH);
}

static void assert_file(const struct fact *facts, size_t count)
{
	char message[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const unsigned char *data;
	pcap_t *pcap;

	pcap = pcap_open_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, message);
	assert_non_null(pcap);
	assert_int_equal(pcap_datalink(pcap), DLT_RAW);
	for (size_t i = 0; i < count; i++) {
		int64_t t = EPOCH + facts[i].t;

		assert_int_equal(pcap_next_ex(pcap, &header, &data), 1);
		assert_int_equal(data[4] << 8 | data[5], facts[i].id);
		assert_int_equal(data[20], facts[i].fate);
		assert_int_equal(header->ts.tv_sec, t / NS_PER_S);
		assert_int_equal(header->ts.tv_usec, t % NS_PER_S);
		assert_int_equal(header->caplen, sizeof(raw));
		assert_int_equal(header->len, 1500);
	}
	assert_int_equal(pcap_next_ex(pcap, &header, &data), PCAP_ERROR_BREAK);
	pcap_close(pcap);
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void play(const struct fact *events, size_t count)
{
	struct err err = {0};
	struct capture_file *capture = capture_file_new(file, &err);

	assert_non_null(capture);
	for (size_t i = 0; i < count; i++)
		add(capture, events[i].id, events[i].fate, events[i].t);
	assert_int_equal(capture_file_free(capture, &err), 0);
}

/* What comes in one event. */
static void test_at_once(void **unused)
{
	static const struct fact events[] = {
		{1, FATE_DELIVERED, 5},		 {2, FATE_CUT, 1000000007},
		{3, FATE_LOST, 2000000000},	 {4, FATE_UNREACHABLE, 3000000000},
		{5, FATE_SILENCED, 3999999999},	 {6, FATE_DUPLICATED, 4000000000},
		{6, FATE_DELIVERED, 4000000000}, {7, FATE_DROPPED, 5000000000},
	};

	(void)unused;
	play(events, COUNT(events));
	assert_file(events, COUNT(events));
}

/* Each once: with the time of its delivery, or, where it never arrives, of its sending. */
static void test_on_their_way(void **unused)
{
	static const struct fact events[] = {
		{1, FATE_HELD, 10},	  {2, FATE_HELD, 20},	   {3, FATE_DELAYED, 30},
		{4, FATE_DELAYED, 40},	  {5, FATE_HELD, 50},	   {1, FATE_RELEASED, 60},
		{2, FATE_DROPPED, 70},	  {3, FATE_DELIVERED, 80}, {4, FATE_LOST, 90},
		{5, FATE_DUPLICATED, 95}, {5, FATE_RELEASED, 96},
	};
	static const struct fact written[] = {
		{1, FATE_RELEASED, 60}, {2, FATE_DROPPED, 20},	  {3, FATE_DELIVERED, 80},
		{4, FATE_LOST, 40},	{5, FATE_DUPLICATED, 95}, {5, FATE_RELEASED, 96},
	};

	(void)unused;
	play(events, COUNT(events));
	assert_file(written, COUNT(written));
}

/* Closed before their fate is known: the newest copy of each, in the order of sending. */
static void test_left(void **unused)
{
	static const struct fact events[] = {
		{1, FATE_HELD, 10},    {4097, FATE_HELD, 20}, {9, FATE_DELAYED, 30},
		{1, FATE_DELAYED, 40}, {8193, FATE_HELD, 50}, {4097, FATE_RELEASED, 60},
		{7, FATE_DELAYED, 50},
	};
	static const struct fact written[] = {
		{4097, FATE_RELEASED, 60}, {9, FATE_DELAYED, 30}, {1, FATE_DELAYED, 40},
		{7, FATE_DELAYED, 50},	   {8193, FATE_HELD, 50},
	};

	(void)unused;
	play(events, COUNT(events));
	assert_file(written, COUNT(written));
}

/* The router's answers are packets too; all else is none. */
static void test_other_kinds(void **unused)
{
	uint8_t answer[sizeof(raw)] = {0x45, [4] = 300 >> 8, [5] = 300 & 255};
	struct event icmp = {.kind = EVENT_ICMP, .side = SIDE_NONE, .t = 20};
	struct event note = {.kind = EVENT_LINK, .side = SIDE_NONE, .t = 21};
	struct event other = {.kind = EVENT_COMMAND}, empty = segment(1, FATE_DELIVERED, 1);
	struct capture_file *capture;
	struct pcap_pkthdr *header;
	char message[PCAP_ERRBUF_SIZE];
	const unsigned char *data;
	struct err err = {0};
	pcap_t *pcap;

	(void)unused;
	capture = capture_file_new(file, &err);
	assert_non_null(capture);
	empty.segment.raw = NULL;
	capture_file_add(capture, &other, EPOCH);
	capture_file_add(capture, &empty, EPOCH);
	capture_file_add(capture, &icmp, EPOCH);
	capture_file_add(capture, &note, EPOCH);
	icmp.icmp.raw = answer;
	icmp.icmp.raw_len = sizeof(answer);
	capture_file_add(capture, &icmp, EPOCH);
	note.note.raw = answer; /* a fragment, a datagram, nonsense */
	note.note.raw_len = 20;
	note.note.raw_full = 1500;
	capture_file_add(capture, &note, EPOCH);
	answer[2] = 4; /* of which only the beginning was kept */
	capture_file_add(capture, &icmp, EPOCH);
	assert_int_equal(capture_file_free(capture, &err), 0);
	pcap = pcap_open_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, message);
	assert_non_null(pcap);
	assert_int_equal(pcap_next_ex(pcap, &header, &data), 1);
	assert_int_equal(header->ts.tv_usec, (EPOCH + 20) % NS_PER_S);
	assert_int_equal(header->caplen, sizeof(answer));
	assert_int_equal(header->len, sizeof(answer));
	assert_memory_equal(data, answer, 2);
	assert_int_equal(pcap_next_ex(pcap, &header, &data), 1);
	assert_int_equal(header->ts.tv_usec, (EPOCH + 21) % NS_PER_S);
	assert_int_equal(header->caplen, 20);
	assert_int_equal(header->len, 1500);
	assert_int_equal(pcap_next_ex(pcap, &header, &data), 1);
	assert_int_equal(header->caplen, sizeof(answer));
	assert_int_equal(header->len, 1024);
	assert_memory_equal(data, answer, sizeof(answer));
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
		struct event event = segment((uint32_t)i, FATE_DELIVERED, i);

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
		cmocka_unit_test_teardown(test_at_once, remove_file),
		cmocka_unit_test_teardown(test_on_their_way, remove_file),
		cmocka_unit_test_teardown(test_left, remove_file),
		cmocka_unit_test_teardown(test_other_kinds, remove_file),
		cmocka_unit_test_teardown(test_old_file, remove_file),
		cmocka_unit_test_teardown(test_full_disk, remove_file),
	};

	return cmocka_run_group_tests_name("capture_file", tests, make_dir, remove_dir);
}
