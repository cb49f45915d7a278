/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_snapshot.c - one end at one moment as a JSON object, and back.
 *
 *   {"state":"FIN_WAIT2","recvq":0,...,"timer":{...},"tcp_info":{...},"options":{...}}
 *
 * What is mostly the same is left out: see each `if`, and what snapshot_read takes for granted. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* SK_MEMINFO_*, as ss(8) and include/uapi/linux/sock_diag.h call them. */
static const char *const skmem_names[] = {"rmem_alloc", "rcvbuf",    "wmem_alloc",
					  "sndbuf",	"fwd_alloc", "wmem_queued",
					  "optmem",	"backlog",   "drops"};
static const char *const channel_names[] = {"none", "tcp", "listener", "socketpair", "pipe"};
static const char *const disposition_names[] = {"default", "ignore", "catch", "catch restart"};

/* The kernel's names and units; a SO_RCVTIMEO or SO_SNDTIMEO in seconds, 0 where there is none. */
static const struct option {
	const char *name;
	enum { AS_BOOL, AS_INT, AS_SECONDS, AS_MS } as;
	size_t offset;
} options[] = {
#define O(name, as, member)                                            \
	{                                                              \
		name, AS_##as, offsetof(struct socket_options, member) \
	}
	O("SO_KEEPALIVE", BOOL, keepalive),
	O("TCP_KEEPIDLE", INT, keepidle),
	O("TCP_KEEPINTVL", INT, keepintvl),
	O("TCP_KEEPCNT", INT, keepcnt),
	O("SO_RCVTIMEO", SECONDS, rcvtimeo),
	O("SO_SNDTIMEO", SECONDS, sndtimeo),
	O("TCP_USER_TIMEOUT", MS, user_timeout),
	O("TCP_NODELAY", BOOL, nodelay),
	O("TCP_CORK", BOOL, cork),
	O("O_NONBLOCK", BOOL, nonblock),
	O("SO_RCVBUF", INT, rcvbuf),
	O("SO_SNDBUF", INT, sndbuf),
	O("TCP_LINGER2", INT, linger2),
	O("SO_REUSEADDR", BOOL, reuseaddr),
#undef O
};

static int channel_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT(channel_names); i++)
		if (!strcmp(channel_names[i], name))
			return (int)i;
	return -1;
}

static int disposition_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT(disposition_names); i++)
		if (!strcmp(disposition_names[i], name))
			return (int)i;
	return -1;
}

/* What a snapshot is of where nothing is said. */
static enum channel channel_usual(enum tcp_state state)
{
	return state == STATE_NONE ? CHANNEL_NONE : CHANNEL_TCP;
}

/* ----------------------------------------------------------------- writing */
static json_t *json_info(const struct snapshot *snapshot)
{
	const struct info_field *field;
	json_t *out;

	if (!snapshot->info_len)
		return json_null();
	out = json_object();
	for (size_t i = 0; (field = info_field_at(i)); i++) {
		int64_t value;

		if (!snapshot_info(snapshot, field, &value))
			continue;
		/* The kernel's "no limit" is ~0, past what a signed number holds. */
		json_put(out, field->name,
			 value < 0 ? json_real((double)(uint64_t)value) : json_integer(value));
	}
	return out;
}

static json_t *json_skmem(const struct snapshot *snapshot)
{
	json_t *out;

	if (!snapshot->skmem_known)
		return json_null();
	out = json_object();
	for (size_t i = 0; i < COUNT(skmem_names); i++)
		json_put(out, skmem_names[i], json_integer(snapshot->skmem[i]));
	return out;
}

static json_t *json_poll(const struct snapshot *snapshot)
{
	const char *name;
	json_t *out;

	if (!snapshot->poll_known)
		return json_null();
	out = json_array();
	for (size_t i = 0; (name = poll_name_at(i)); i++)
		if (snapshot->poll & (unsigned)poll_from_name(name))
			json_array_append_new(out, json_string_nocheck(name));
	return out;
}

static json_t *json_channel(enum channel channel)
{
	return json_string_nocheck(channel_names[channel <= CHANNEL_PIPE ? channel : 0]);
}

static json_t *json_fds(const struct snapshot *snapshot)
{
	json_t *out = json_array();

	for (unsigned i = 0; i < snapshot->nfds && i < SNAPSHOT_FDS; i++) {
		const struct fd_info *fd = &snapshot->fds[i];
		json_t *one = json_object();

		json_put(one, "fd", json_integer(fd->fd));
		json_put(one, "channel", json_channel(fd->channel));
		json_put(one, "state", json_state(fd->state));
		json_put(one, "conn", json_number(fd->conn, fd->conn));
		json_array_append_new(out, one);
	}
	return out;
}

static json_t *json_option(const struct option *option, const struct socket_options *of)
{
	const void *at = (const char *)of + option->offset;

	switch (option->as) {
	case AS_BOOL:
		return json_boolean(*(const bool *)at);
	case AS_INT:
		return json_integer(*(const int *)at);
	case AS_SECONDS:
		return json_seconds(*(const int64_t *)at);
	case AS_MS:
		break;
	}
	return json_integer(*(const int64_t *)at / NS_PER_MS);
}

static json_t *json_options(const struct socket_options *of)
{
	json_t *out, *linger;

	if (!of->known)
		return json_null();
	linger = json_object();
	json_put(linger, "l_onoff", json_boolean(of->linger_on));
	json_put(linger, "l_linger", json_integer(of->linger));
	out = json_object();
	json_put(out, "SO_LINGER", linger);
	for (size_t i = 0; i < COUNT(options); i++)
		json_put(out, options[i].name, json_option(&options[i], of));
	return out;
}

/* SIGPIPE is always told, it decides whether a write kills; others only where they were set. */
static json_t *json_signals(const struct snapshot *snapshot)
{
	const int pipe_number = signal_from_name("SIGPIPE");
	json_t *out = json_object();

	for (int i = 1; i < (int)sizeof(snapshot->signals); i++) {
		unsigned disposition = snapshot->signals[i];

		if (i == pipe_number || disposition != DISP_DEFAULT)
			json_put(out, signal_name(i),
				 json_string_nocheck(disposition_names[disposition & 3]));
	}
	return out;
}

static json_t *json_timer(const struct snapshot *snapshot)
{
	json_t *out;

	if (!snapshot->observed)
		return json_null();
	out = json_object();
	json_put(out, "kind", json_string_nocheck(timer_name(snapshot->timer)));
	json_put(out, "ms", json_integer(snapshot->timer_ns / NS_PER_MS));
	if (snapshot->timer_ns % NS_PER_MS)
		json_put(out, "ns", json_integer(snapshot->timer_ns));
	json_put(out, "retransmits", json_integer(snapshot->retransmits));
	if (snapshot->backoff)
		json_put(out, "backoff", json_integer(snapshot->backoff));
	return out;
}

void json_snapshot(json_t *out, const struct snapshot *snapshot)
{
	json_put(out, "state", json_state(snapshot->state));
	json_put(out, "gone", json_boolean(snapshot->gone));
	if (snapshot->channel != channel_usual(snapshot->state))
		json_put(out, "channel", json_channel(snapshot->channel));
	if (snapshot->orphan)
		json_put(out, "orphan", json_true());
	if (snapshot->accepted)
		json_put(out, "accepted", json_true());
	if (snapshot->port)
		json_put(out, "port", json_integer(snapshot->port));
	if (snapshot->peer_port)
		json_put(out, "peer_port", json_integer(snapshot->peer_port));
	json_put(out, "recvq", json_number(snapshot->recvq, snapshot->queues_known));
	json_put(out, "sendq", json_number(snapshot->sendq, snapshot->queues_known));
	json_put(out, "timer", json_timer(snapshot));
	json_put(out, "tcp_info", json_info(snapshot));
	json_put(out, "skmem", json_skmem(snapshot));
	json_put(out, "poll", json_poll(snapshot));
	json_put(out, "fds", json_fds(snapshot));
	if (snapshot->last_fd >= 0)
		json_put(out, "last_fd", json_integer(snapshot->last_fd));
	json_put(out, "options", json_options(&snapshot->options));
	json_put(out, "signals", json_signals(snapshot));
}

/* ----------------------------------------------------------------- reading */
static void info_store(struct reading *reading, const json_t *info, const struct info_field *field,
		       struct snapshot *snapshot)
{
	const json_t *value = json_object_get(info, field->name);
	const unsigned end = (unsigned)field->offset + field->size;
	unsigned char *at = snapshot->info + field->offset;
	const int64_t most = field->bits	? (1LL << field->bits) - 1
			     : field->size == 8 ? INT64_MAX
						: (1LL << (field->size * 8)) - 1;
	uint64_t number;

	if (!value || end > SNAPSHOT_INFO)
		return;
	/* What a signed number does not hold is "no limit". */
	if (json_is_real(value) && field->size == 8 && json_real_value(value) >= 0x1p63)
		number = UINT64_MAX;
	else
		number = (uint64_t)read_number(reading, info, field->name, 0, most, READ_NEEDED);
	if (field->bits)
		*at |= (unsigned char)(number << field->shift);
	else if (field->size == 1)
		*at = (unsigned char)number;
	else if (field->size == 4)
		memcpy(at, &(uint32_t){(uint32_t)number}, 4);
	else
		memcpy(at, &number, 8);
	if (snapshot->info_len < end)
		snapshot->info_len = end;
}

static void read_info(struct reading *reading, const json_t *object, struct snapshot *snapshot)
{
	const json_t *info = read_object(reading, object, "tcp_info");
	const struct info_field *field;

	for (size_t i = 0; info && (field = info_field_at(i)); i++)
		info_store(reading, info, field, snapshot);
}

static void read_skmem(struct reading *reading, const json_t *object, struct snapshot *snapshot)
{
	const json_t *skmem = read_object(reading, object, "skmem");

	snapshot->skmem_known = skmem != NULL;
	for (size_t i = 0; skmem && i < COUNT(skmem_names); i++)
		snapshot->skmem[i] =
			(uint32_t)read_number(reading, skmem, skmem_names[i], 0, UINT32_MAX, 0);
}

static void read_poll(struct reading *reading, const json_t *object, struct snapshot *snapshot)
{
	const json_t *poll = read_array(reading, object, "poll");

	snapshot->poll_known = poll != NULL;
	for (size_t i = 0; poll && i < json_array_size(poll); i++) {
		const char *name = json_string_value(json_array_get(poll, i));
		int bit = name ? poll_from_name(name) : -1;

		if (bit < 0) {
			reading_fault(reading, "\"poll\": events of poll(2) are expected, as "
					       "\"IN\", \"OUT\", \"RDHUP\"");
			return;
		}
		snapshot->poll |= (unsigned)bit;
	}
}

static void read_fds(struct reading *reading, const json_t *object, struct snapshot *snapshot)
{
	const json_t *fds = read_array(reading, object, "fds");
	const size_t count = fds ? json_array_size(fds) : 0;

	if (count > SNAPSHOT_FDS) {
		reading_fault(reading, "\"fds\": at most %d are expected", SNAPSHOT_FDS);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_array_get(fds, i);
		struct fd_info *fd = &snapshot->fds[i];

		fd->fd = (int)read_number(reading, one, "fd", 0, INT32_MAX, READ_NEEDED);
		fd->channel = (enum channel)read_name(reading, one, "channel", channel_from_name,
						      CHANNEL_NONE);
		fd->state = (enum tcp_state)read_name(reading, one, "state", state_from_name,
						      STATE_NONE);
		fd->conn = (unsigned)read_number(reading, one, "conn", 0, INT32_MAX, 0);
	}
	snapshot->nfds = (unsigned)count;
}

static void read_option(struct reading *reading, const json_t *from, const struct option *option,
			struct socket_options *to)
{
	void *at = (char *)to + option->offset;

	switch (option->as) {
	case AS_BOOL:
		*(bool *)at = read_flag(reading, from, option->name, false);
		break;
	case AS_INT:
		*(int *)at = (int)read_number(reading, from, option->name, INT32_MIN, INT32_MAX, 0);
		break;
	case AS_SECONDS:
		*(int64_t *)at = read_seconds(reading, from, option->name, 0);
		break;
	case AS_MS:
		*(int64_t *)at =
			read_number(reading, from, option->name, 0, UINT32_MAX, 0) * NS_PER_MS;
		break;
	}
}

static void read_options(struct reading *reading, const json_t *object, struct socket_options *to)
{
	const json_t *from = read_object(reading, object, "options");
	const json_t *linger = from ? read_object(reading, from, "SO_LINGER") : NULL;

	to->known = from != NULL;
	if (linger) {
		to->linger_on = read_flag(reading, linger, "l_onoff", false);
		to->linger = (int)read_number(reading, linger, "l_linger", INT32_MIN, INT32_MAX, 0);
	}
	for (size_t i = 0; from && i < COUNT(options); i++)
		read_option(reading, from, &options[i], to);
}

static void read_signals(struct reading *reading, const json_t *object, struct snapshot *snapshot)
{
	json_t *signals = read_object(reading, object, "signals");
	const char *name;
	json_t *value;

	json_object_foreach(signals, name, value)
	{
		const int number = read_signal(name);
		const char *word = json_string_value(value);
		const int disposition = word ? disposition_from_name(word) : -1;

		if (disposition < 0 || number < 1 || number >= (int)sizeof(snapshot->signals)) {
			reading_fault(reading, "\"signals\": each is expected to be \"default\", "
					       "\"ignore\", \"catch\" or \"catch restart\"");
			return;
		}
		snapshot->signals[number] = (unsigned char)disposition;
	}
}

static void read_timer(struct reading *reading, const json_t *object, struct snapshot *snapshot)
{
	const json_t *timer = read_object(reading, object, "timer");
	int64_t ms;

	snapshot->observed = timer != NULL;
	if (!timer)
		return;
	snapshot->timer =
		(enum timer_kind)read_name(reading, timer, "kind", timer_from_name, READ_NEEDED);
	ms = read_number(reading, timer, "ms", 0, UINT32_MAX, 0);
	snapshot->timer_ns = read_number(reading, timer, "ns", 0, (UINT32_MAX + 1LL) * NS_PER_MS,
					 ms * NS_PER_MS);
	snapshot->retransmits =
		(unsigned)read_number(reading, timer, "retransmits", 0, UINT32_MAX, 0);
	snapshot->backoff = (unsigned)read_number(reading, timer, "backoff", 0, UINT32_MAX, 0);
}

void snapshot_read(struct reading *reading, json_t *object, struct snapshot *snapshot)
{
	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->state =
		(enum tcp_state)read_name(reading, object, "state", state_from_name, STATE_NONE);
	snapshot->gone = read_flag(reading, object, "gone", false);
	snapshot->channel = (enum channel)read_name(reading, object, "channel", channel_from_name,
						    channel_usual(snapshot->state));
	snapshot->orphan = read_flag(reading, object, "orphan", false);
	snapshot->accepted = read_flag(reading, object, "accepted", false);
	snapshot->port = (uint16_t)read_number(reading, object, "port", 0, UINT16_MAX, 0);
	snapshot->peer_port = (uint16_t)read_number(reading, object, "peer_port", 0, UINT16_MAX, 0);
	snapshot->queues_known =
		!json_is_null(json_object_get(object, "recvq")) && json_object_get(object, "recvq");
	snapshot->recvq = (uint32_t)read_number(reading, object, "recvq", 0, UINT32_MAX, 0);
	snapshot->sendq = (uint32_t)read_number(reading, object, "sendq", 0, UINT32_MAX, 0);
	read_timer(reading, object, snapshot);
	read_info(reading, object, snapshot);
	read_skmem(reading, object, snapshot);
	read_poll(reading, object, snapshot);
	read_fds(reading, object, snapshot);
	snapshot->last_fd = (int)read_number(reading, object, "last_fd", 0, INT32_MAX, -1);
	read_options(reading, object, &snapshot->options);
	read_signals(reading, object, snapshot);
}
