/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_names.c - every name becomes its number and the number its name again. */
#include "language.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>

static void round_trips(void **state)
{
	const char *name;
	char text[64];

	(void)state;
	for (int i = 0; i < SIDE_COUNT; i++)
		assert_int_equal(side_from_name(side_name((enum side)i)), i);
	for (int i = STATE_ESTABLISHED; i < STATE_COUNT; i++)
		assert_int_equal(state_from_name(state_name((enum tcp_state)i)), i);
	for (int i = 0; i < CALL_COUNT; i++)
		assert_int_equal(call_from_name(call_name((enum call)i)), i);
	for (int i = 0; i < TIMER_COUNT; i++)
		assert_int_equal(timer_from_name(timer_name((enum timer_kind)i)), i);
	for (size_t i = 0; (name = errno_name_at(i)); i++)
		assert_string_equal(errno_name(errno_from_name(name)), name);
	for (size_t i = 0; (name = signal_name_at(i)); i++) {
		assert_string_equal(signal_name(signal_from_name(name)), name);
		assert_int_equal(signal_from_name(name + 3), signal_from_name(name));
	}
	for (size_t i = 0; (name = poll_name_at(i)); i++)
		assert_string_equal(poll_format((unsigned)poll_from_name(name), text, sizeof(text)),
				    name);
	for (int flags = 1; flags < 256; flags++)
		assert_int_equal(flags_from_name(flags_format((unsigned)flags, text, sizeof(text))),
				 flags);
	for (size_t i = 0; sockopt_at(i); i++)
		assert_ptr_equal(sockopt_find(sockopt_at(i)->name), sockopt_at(i));
	for (size_t i = 0; info_field_at(i); i++)
		assert_ptr_equal(info_field_find(info_field_at(i)->name), info_field_at(i));
}

/* The numbers are the kernel's. */
static void kernel_numbers(void **state)
{
	(void)state;
	assert_int_equal(STATE_ESTABLISHED, TCP_ESTABLISHED);
	assert_int_equal(STATE_SYN_SENT, TCP_SYN_SENT);
	assert_int_equal(STATE_SYN_RECV, TCP_SYN_RECV);
	assert_int_equal(STATE_FIN_WAIT1, TCP_FIN_WAIT1);
	assert_int_equal(STATE_FIN_WAIT2, TCP_FIN_WAIT2);
	assert_int_equal(STATE_TIME_WAIT, TCP_TIME_WAIT);
	assert_int_equal(STATE_CLOSE, TCP_CLOSE);
	assert_int_equal(STATE_CLOSE_WAIT, TCP_CLOSE_WAIT);
	assert_int_equal(STATE_LAST_ACK, TCP_LAST_ACK);
	assert_int_equal(STATE_LISTEN, TCP_LISTEN);
	assert_int_equal(STATE_CLOSING, TCP_CLOSING);
	assert_int_equal(errno_from_name("EWOULDBLOCK"), EAGAIN);
	assert_int_equal(signal_from_name("SIGPIPE"), SIGPIPE);
	assert_int_equal(poll_from_name("RDHUP"), POLLRDHUP);
	assert_int_equal(sockopt_find("linger")->option, SO_LINGER);
	assert_int_equal(info_field_find("rto")->offset, offsetof(struct tcp_info, tcpi_rto));
	assert_ptr_equal(info_field_find("tcpi_rto"), info_field_find("rto"));
}

static void short_sides(void **state)
{
	(void)state;
	assert_int_equal(side_from_name("c"), SIDE_CLIENT);
	assert_int_equal(side_from_name("s"), SIDE_SERVER);
	assert_int_equal(side_from_name("ch"), SIDE_CHILD);
	assert_string_equal(side_name(SIDE_NONE), "");
}

static void signals(void **state)
{
	(void)state;
	assert_int_equal(signal_from_name("sigpipe"), SIGPIPE);
	assert_int_equal(signal_from_name("pipe"), SIGPIPE);
	assert_int_equal(signal_from_name("9"), SIGKILL);
	assert_int_equal(signal_from_name("0"), -1);
	assert_int_equal(signal_from_name("32"), -1);
	assert_int_equal(signal_from_name("-9"), -1);
	assert_int_equal(signal_from_name("9x"), -1);
	assert_int_equal(signal_from_name("SIG"), -1);
	assert_int_equal(signal_from_name(""), -1);
}

static void unknown(void **state)
{
	static const char *const words[] = {"", "x", "CLIENT", "close_wait", "NONE", "epipe", "?"};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(side_from_name(words[i]), -1);
		assert_int_equal(state_from_name(words[i]), -1);
		assert_int_equal(call_from_name(words[i]), -1);
		assert_int_equal(errno_from_name(words[i]), -1);
		assert_int_equal(timer_from_name(words[i]), -1);
		assert_int_equal(poll_from_name(words[i]), -1);
		assert_int_equal(flags_from_name(words[i]), -1);
		assert_null(sockopt_find(words[i]));
		assert_null(info_field_find(words[i]));
	}
	assert_string_equal(state_name((enum tcp_state)99), "?");
	assert_string_equal(call_name(CALL_COUNT), "?");
	assert_string_equal(errno_name(999), "E999");
	assert_string_equal(signal_name(99), "SIG99");
	assert_int_equal(flags_from_name("SS"), -1);
	assert_int_equal(flags_from_name("S.x"), -1);
	assert_int_equal(flags_from_name("none"), 0);
	assert_string_equal(poll_format(0, text, sizeof(text)), "none");
	assert_string_equal(poll_format(POLLHUP | POLLIN | POLLRDHUP | POLLOUT, text, sizeof(text)),
			    "IN OUT RDHUP HUP");
	assert_string_equal(flags_format(TH_P | TH_A, text, sizeof(text)), "P.");
	assert_string_equal(flags_format(TH_S, text, sizeof(text)), "S");
}

/* An older kernel reports fewer fields: those it does not are not zero but unknown. */
static void older_kernel(void **state)
{
	const struct info_field *field = info_field_find("snd_wnd");
	struct snapshot shot = {.info_len = 104};
	int64_t value = -1;

	(void)state;
	assert_false(snapshot_info(&shot, field, &value));
	shot.info_len = field->offset + field->size - 1U;
	assert_false(snapshot_info(&shot, field, &value));
	assert_int_equal(value, -1);
	shot.info_len++;
	assert_true(snapshot_info(&shot, field, &value));
	assert_int_equal(value, 0);
	/* Two fields share a byte. */
	shot.info[info_field_find("snd_wscale")->offset] = 0xa7;
	assert_true(snapshot_info(&shot, info_field_find("snd_wscale"), &value));
	assert_int_equal(value, 7);
	assert_true(snapshot_info(&shot, info_field_find("rcv_wscale"), &value));
	assert_int_equal(value, 10);
	memset(shot.info + info_field_find("bytes_acked")->offset, 0x01, 8);
	assert_true(snapshot_info(&shot, info_field_find("bytes_acked"), &value));
	assert_int_equal(value, 0x0101010101010101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips), cmocka_unit_test(kernel_numbers),
		cmocka_unit_test(short_sides), cmocka_unit_test(signals),
		cmocka_unit_test(unknown),     cmocka_unit_test(older_kernel),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
