/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_session_fuzz.c - saved sessions mutated in seeded ways: each is read or refused with one
 * line, and whatever was read can be looked at like any journal.
 *
 * Run it with SANITIZE=address,undefined. SESSION_FUZZ_ROUNDS=N for more than the usual. */
#include "core.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define ROUNDS 20000

static const char *const lines[] = {
	"{\"n\":1,\"t\":0.014221393,\"kind\":\"link\",\"text\":\"wire\",\"wire\":{\"hold\":"
	"[\"client\"],\"delay\":0.0010005,\"loss\":30,\"unreachable\":\"host\",\"next\":[\"drop\"]}"
	","
	"\"session\":{\"format\":1,\"version\":\"0.1.0\",\"epoch\":1700000000123456789,"
	"\"title\":\"A title\"}}\n",
	"{\"n\":2,\"t\":0.018889493,\"kind\":\"process\",\"side\":\"client\",\"pid\":18906,"
	"\"what\":\"started\"}\n",
	"{\"n\":3,\"t\":0.022834142,\"kind\":\"command\",\"text\":\"sysctl tcp_fin_timeout 900\","
	"\"line\":25,\"side\":\"server\",\"acts\":false}\n",
	"{\"n\":4,\"t\":0.029509984,\"kind\":\"call\",\"side\":\"server\",\"conn\":null,"
	"\"pid\":18907,\"call\":\"read\",\"args\":\"4, \\\"a\\\\n\\\", 3\",\"ret\":3,"
	"\"errno\":\"EPIPE\",\"us\":84,\"was_blocked\":true,\"data\":\"a\\\\n\\\\377\"}\n",
	"{\"n\":5,\"t\":0.03,\"kind\":\"blocked\",\"side\":\"child\",\"conn\":1,\"pid\":9,"
	"\"call\":\"read\",\"args\":\"4\"}\n",
	"{\"n\":6,\"t\":0.041532855,\"kind\":\"segment\",\"id\":1,\"conn\":1,\"from\":\"client\","
	"\"to\":\"server\",\"flags\":\"S.\",\"seq\":0,\"ack\":1,\"len\":3,\"win\":65495,"
	"\"fate\":\"held\",\"sent\":2,\"raw\":\"4500002800000000400600007f0000017f000001"
	"000700090000000000000000500200000000000061\",\"full\":99}\n",
	"{\"n\":7,\"t\":0.05,\"kind\":\"icmp\",\"from\":\"router\",\"to\":\"client\","
	"\"type\":\"host-unreachable\",\"conn\":1,\"raw\":\"45000020\"}\n",
	"{\"n\":8,\"t\":0.06,\"kind\":\"state\",\"side\":\"server\",\"conn\":1,\"old\":\"CLOSE\","
	"\"new\":\"LISTEN\",\"inferred\":true}\n",
	"{\"n\":9,\"t\":0.07,\"kind\":\"snapshot\",\"side\":\"client\",\"conn\":1,"
	"\"state\":\"ESTABLISHED\",\"gone\":false,\"channel\":\"tcp\",\"orphan\":true,"
	"\"port\":7001,\"peer_port\":99,\"recvq\":0,\"sendq\":4,\"timer\":{\"kind\":\"on\","
	"\"ms\":200,\"retransmits\":1,\"backoff\":1},\"tcp_info\":{\"state\":1,\"rto\":204000,"
	"\"snd_wscale\":7,\"rcv_wscale\":10,\"max_pacing_rate\":1.84467440737096e19},"
	"\"skmem\":{\"rmem_alloc\":1},\"poll\":[\"IN\",\"OUT\"],\"fds\":[{\"fd\":3,"
	"\"channel\":\"tcp\",\"state\":\"ESTABLISHED\",\"conn\":1}],\"last_fd\":3,"
	"\"options\":{\"SO_LINGER\":{\"l_onoff\":true,\"l_linger\":0},\"SO_RCVTIMEO\":1.5,"
	"\"TCP_USER_TIMEOUT\":1500},\"signals\":{\"SIGPIPE\":\"ignore\",\"SIGTERM\":\"catch\"}}\n",
	"{\"n\":10,\"t\":0.08,\"kind\":\"host\",\"text\":\"crash\",\"side\":\"server\","
	"\"change\":\"down\"}\n",
	"{\"n\":11,\"t\":0.09,\"kind\":\"expect\",\"text\":\"client gone\",\"line\":3,"
	"\"held\":false,\"saw\":\"CLOSE\"}\n",
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

/* Words that may get to the right place and mean another thing there. */
static const char *const words[] = {
	"null",
	"true",
	"-1",
	"0",
	"99999999999999999999",
	"1e308",
	"-0.5",
	"[]",
	"{}",
	"[[[[",
	"\"\"",
	"\"\\u001b[2J\"",
	"\"\\u202e\"",
	"\"\\u0000\"",
	"\"client\"",
	"\"child\"",
	"4294967296",
	"9007199254740993",
	"\n",
	"\xff",
	"\"SIG65\"",
	"\"E4095\"",
	"\"FIN_WAIT1\"",
	"1.5",
};

static size_t mutate(char *text, size_t len, size_t room, unsigned *seed)
{
	size_t at = len ? (size_t)rand_r(seed) % len : 0, cut;
	const char *word;

	switch (rand_r(seed) % 5) {
	case 0:
		text[at] = (char)rand_r(seed);
		return len;
	case 1: /* a digit, a letter: what stays JSON more often */
		text[at] = "0123456789abcdefIN\",:}"[rand_r(seed) % 22];
		return len;
	case 2: /* a value */
		while (at + 1 < len && text[at] != ':')
			at++;
		at++;
		cut = at + strcspn(text + at, ",}\n");
		word = words[(size_t)rand_r(seed) % (sizeof(words) / sizeof(words[0]))];
		if (cut > len || len + strlen(word) >= room)
			return len;
		memmove(text + at + strlen(word), text + cut, len - cut + 1);
		memcpy(text + at, word, strlen(word));
		return len - (cut - at) + strlen(word);
	case 3: /* the end is missing */
		text[at] = '\0';
		return at;
	default: /* a piece is missing */
		cut = at + (size_t)rand_r(seed) % 40;
		if (cut > len)
			cut = len;
		memmove(text + at, text + cut, len - cut + 1);
		return len - (cut - at);
	}
}

/* Nothing that a terminal would take for more than text. */
static void assert_printable(const char *text)
{
	for (; *text; text++)
		assert_true((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void look(const struct session *session)
{
	const struct journal *journal = session->journal;
	const uint64_t first = journal_first(journal), last = journal_last(journal);
	struct scene scene;
	char line[2000], *text = NULL;
	size_t len;
	FILE *out;

	for (uint64_t n = first; n <= last; n++) {
		const struct event *event = journal_at(journal, n);
		char *json = event_json(event);

		assert_true(event->n == n);
		assert_printable(json);
		free(json);
		assert_printable(event_format(event, n % 2, line, sizeof(line)));
		scene_at(journal, n, &scene);
	}
	/* What else is made of a journal. */
	out = open_memstream(&text, &len);
	transcript_write(journal, &session->about, out);
	program_write(journal, &session->about, out);
	fclose(out);
	for (size_t i = 0; i < len; i++)
		assert_true((unsigned char)text[i] >= 0x20 || strchr("\n\t", text[i]));
	free(text);
}

static void test_mutated(void **unused)
{
	const char *rounds = getenv("SESSION_FUZZ_ROUNDS");
	const int most = rounds ? atoi(rounds) : ROUNDS;
	int fd = memfd_create("session", MFD_CLOEXEC), opened = 0;
	unsigned seed = 1;
	char file[64];

	(void)unused;
	assert_true(fd >= 0);
	snprintf(file, sizeof(file), "/proc/self/fd/%d", fd);
	for (int round = 0; round < most; round++) {
		struct session *session = NULL;
		char text[16384];
		struct err err;
		size_t len = 0;

		for (size_t i = 0; i < LINES; i++)
			len += (size_t)sprintf(text + len, "%s", lines[i]);
		for (int i = rand_r(&seed) % 4; i > 0; i--)
			len = mutate(text, len, sizeof(text), &seed);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_true(pwrite(fd, text, len, 0) == (ssize_t)len);
		if (session_read(file, &session, &err)) {
			assert_null(session);
			assert_true(*err.text);
			assert_printable(err.text);
			continue;
		}
		opened++;
		look(session);
		session_free(session);
	}
	close(fd);
	/* Some stay whole, some are damaged. */
	assert_in_range(opened, most / 5, most - most / 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_mutated)};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("session fuzz", tests, NULL, NULL);
}
