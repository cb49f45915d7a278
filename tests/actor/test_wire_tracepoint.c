/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_wire_tracepoint.c - on the wire the journal has every state that the kernel's own tracepoint
 * sock:inet_sock_set_state tells of a host that is up, in its order, and none besides but what that
 * tracepoint cannot see (trace.h). And what is marked as inferred was passed in one delivery.
 *
 * test_wire_tracepoint [SEED [SECONDS]]: other walks than the usual ones, for longer.
 */
#include "core.h"
#include "trace.h"
#include "walk.h"

#include <glob.h>
#include <stdio.h>

#define LESSONS_MAX 64
#define WALKS 2
#define STEPS 64
#define ROUND 8 /* commands between two fresh connections */
#define SETTLED (60 * NS_PER_MS)
#define PATIENT (2 * NS_PER_MS)
#define GIVEN_UP (60 * NS_PER_MS) /* a call that blocks is known to by then */

static struct trace_change *changes;
static size_t nchanges;
static char where[96]; /* seed or lesson, for who reads a failure */

/* --------------------------------------------------------------- what the journal says */
enum host_is { HOST_IS_UP, HOST_IS_DOWN, HOST_IS_REPLACED };

/* How was this side's host at t (of the lab)? A reset first waits for the calls under way and then
 * ends the processes: what their ends do is of no interest any more. */
static enum host_is host_was(const struct journal *journal, enum side side, int64_t t)
{
	const struct event *event;
	enum host_is is = HOST_IS_UP;

	for (uint64_t n = journal_first(journal); (event = journal_at(journal, n)); n++) {
		if (event->t > t)
			break;
		if (event->kind == EVENT_HOST && event->side == side &&
		    event->note.change != HOST_SAID)
			is = event->note.change == HOST_DOWN ? HOST_IS_DOWN : HOST_IS_UP;
		if (event->kind == EVENT_COMMAND && is == HOST_IS_UP &&
		    (!strncmp(event->command.text, "reset", 5) ||
		     !strncmp(event->command.text, "link", 4)))
			is = HOST_IS_REPLACED;
		if (event->kind == EVENT_PROCESS && event->side == side &&
		    event->process.what == PROCESS_STARTED)
			is = HOST_IS_UP;
	}
	return is;
}

struct socket { /* what both have to say about one pair of ports at one end */
	struct play *p;
	enum side side;
	uint16_t ports[2];
	const struct event *journal[256];
	struct trace_change traced[256];
	unsigned njournal, ntraced;
};

static void socket_collect(struct socket *s)
{
	const struct journal *journal = lab_journal(s->p->lab);
	const struct event *event = journal_after(journal, EVENT_STATE, s->side, 0);
	uint16_t port = s->ports[s->side], peer = s->ports[!s->side];
	int64_t start = s->p->lab->start;

	for (; event; event = journal_after(journal, EVENT_STATE, s->side, event->n)) {
		const struct conn *conn = conn_at(s->p->lab, event->conn);

		if (conn && conn->channel == CHANNEL_TCP && conn->port[0] == s->ports[0] &&
		    conn->port[1] == s->ports[1] && s->njournal < 256)
			s->journal[s->njournal++] = event;
	}
	for (size_t i = 0; i < nchanges; i++) {
		struct trace_change *change = &changes[i];

		if (change->old != change->new && change->port == port &&
		    change->peer_port == peer && change->addr == link_addr(s->p->lab, s->side) &&
		    change->t >= start &&host_was(journal, s->side, change->t - start) !=
			    HOST_IS_DOWN &&
		    s->ntraced < 256)
			s->traced[s->ntraced++] = *change;
	}
}

static void socket_fail(const struct socket *s, const char *what)
{
	int64_t start = s->p->lab->start;

	play_dump(s->p);
	print_message("# %s: the %s, ports %u %u: %s\n", where, side_name(s->side), s->ports[0],
		      s->ports[1], what);
	for (unsigned i = 0; i < s->ntraced; i++)
		print_message("# tracepoint %9.6f  %s -> %s\n",
			      (double)(s->traced[i].t - start) / NS_PER_S,
			      state_name(s->traced[i].old), state_name(s->traced[i].new));
	for (unsigned i = 0; i < s->njournal; i++)
		print_message(
			"# journal    %9.6f  %s -> %s%s\n", (double)s->journal[i]->t / NS_PER_S,
			state_name(s->journal[i]->state.old), state_name(s->journal[i]->state.new),
			s->journal[i]->state.inferred ? ", inferred" : "");
	fflush(stdout);
	fail();
}

/* ------------------------------------------------------------------- the comparison */
static bool traceable(enum tcp_state state)
{
	return state == STATE_ESTABLISHED || state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 ||
	       state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK || state == STATE_CLOSING;
}

/* May the journal have this one although the tracepoint has not told it? `closed`: it has told the
 * socket's end, so a minisock may have gone on. */
static bool untold(const struct socket *s, const struct event *event, bool closed)
{
	enum tcp_state old = event->state.old, new = event->state.new;

	if (new == STATE_SYN_SENT || new == STATE_SYN_RECV || new == STATE_TIME_WAIT)
		return true;
	return new == STATE_CLOSE &&
	       (closed || old == STATE_SYN_SENT || old == STATE_SYN_RECV ||
		host_was(lab_journal(s->p->lab), s->side, event->t) != HOST_IS_UP);
}

/* All that was traced up to `end` is in the journal; all that the journal has was traced. */
static void socket_compare(const struct socket *s, int64_t end)
{
	bool closed = false, found;
	unsigned j = 0, k;

	for (unsigned i = 0; i < s->ntraced; i++) {
		const struct trace_change *change = &s->traced[i];
		bool replaced = host_was(lab_journal(s->p->lab), s->side,
					 change->t - s->p->lab->start) == HOST_IS_REPLACED;

		if (change->new == STATE_CLOSE) {
			/* The kernel hands a socket to its minisock with these words. */
			bool minisock = change->old == STATE_FIN_WAIT2 ||
					change->old == STATE_FIN_WAIT1 ||
					change->old == STATE_CLOSING;

			closed = true;
			if (!replaced && !minisock && j < s->njournal &&
			    s->journal[j]->state.new != STATE_CLOSE && change->t <= end &&
			    change->old != STATE_SYN_RECV && change->old != STATE_SYN_SENT)
				socket_fail(s, "the journal misses a CLOSE");
			continue;
		}
		if (!traceable(change->new))
			continue;
		k = j;
		while (k < s->njournal &&
		       s->journal[k]->state.new != change->new &&untold(s, s->journal[k], closed))
			k++;
		found = k < s->njournal && s->journal[k]->state.new == change->new;
		if (!found && replaced)
			continue;
		j = k;
		closed = false;
		if (j == s->njournal && change->t > end)
			return;
		if (!found) {
			char what[80];

			snprintf(what, sizeof(what), "the journal misses the %s of %.6f",
				 state_name(change->new),
				 (double)(change->t - s->p->lab->start) / NS_PER_S);
			socket_fail(s, what);
		}
		j++;
	}
	for (; j < s->njournal; j++)
		if (!untold(s, s->journal[j], closed)) {
			char what[80];

			snprintf(what, sizeof(what), "nobody has traced the %s of %.6f",
				 state_name(s->journal[j]->state.new),
				 (double)s->journal[j]->t / NS_PER_S);
			socket_fail(s, what);
		}
}

static bool delivers(const struct event *event, unsigned conn, enum side to)
{
	return event->kind == EVENT_SEGMENT && event->conn == conn && event->segment.to == to &&
	       (event->segment.fate == FATE_DELIVERED || event->segment.fate == FATE_RELEASED ||
		event->segment.fate == FATE_DUPLICATED);
}

/* Between the state before an inferred one and the one after it, one delivery to that end moved it
 * twice; what the end's own process did is seen. */
static void inferred_check(const struct socket *s, unsigned at)
{
	const struct journal *journal = lab_journal(s->p->lab);
	const struct event *inferred = s->journal[at], *event;
	uint64_t n = inferred->n;
	unsigned after = 0;
	bool one = false;

	if (at + 1 == s->njournal || s->journal[at + 1]->conn != inferred->conn) {
		socket_fail(s, "an inferred state is the last one");
		return;
	}
	for (; !one && (event = journal_at(journal, --n));) {
		if (at && event == s->journal[at - 1] && !event->state.inferred)
			break;
		one = delivers(event, inferred->conn, s->side);
	}
	for (n = inferred->n; n < s->journal[at + 1]->n; n++)
		after += delivers(journal_at(journal, n), inferred->conn, s->side);
	if (!one || after)
		socket_fail(s, "an inferred state that no one delivery explains");
}

static unsigned compared, inferred_count;

static void lab_compare(struct play *p, int64_t end)
{
	for (unsigned id = 1; id <= p->lab->nconns; id++) {
		const struct conn *conn = conn_at(p->lab, id);
		bool first = conn->channel == CHANNEL_TCP;

		for (unsigned i = 1; i < id && first; i++)
			first = conn_at(p->lab, i)->port[0] != conn->port[0] ||
				conn_at(p->lab, i)->port[1] != conn->port[1];
		for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER && first; side++) {
			struct socket s = {.p = p, .side = side};

			memcpy(s.ports, conn->port, sizeof(s.ports));
			socket_collect(&s);
			socket_compare(&s, end);
			for (unsigned i = 0; i < s.njournal; i++)
				if (s.journal[i]->state.inferred) {
					inferred_check(&s, i);
					inferred_count++;
				}
			compared += s.njournal;
		}
	}
}

/* ------------------------------------------------------------------------ what is played */
static struct play *traced_new(void)
{
	static unsigned labs;
	struct play *p = play_new();

	play_needs_apart(p, FEATURE_TUN, TRACE_SKIP);
	/* Ports that other labs on this machine have not, so that the traces can be told apart. */
	p->lab->port_next = (uint16_t)(8000 + ((unsigned)getpid() * 131 + labs++ * 64) % 22000);
	play(p, "link wire");
	nchanges = 0;
	return p;
}

static void traced_end(struct play *p)
{
	char why[200];
	int64_t end;

	trace_read(&changes, &nchanges);
	end = clock_ns();
	play_turns(p, SETTLED);
	lab_observe(p->lab, true);
	trace_read(&changes, &nchanges);
	lab_compare(p, end);
	if (!journal_sound(lab_journal(p->lab), why, sizeof(why))) {
		play_dump(p);
		for (size_t i = 0; i < nchanges; i++)
			print_message("# tracepoint %9.6f  %u %u %s -> %s\n",
				      (double)(changes[i].t - p->lab->start) / NS_PER_S,
				      changes[i].port, changes[i].peer_port,
				      state_name(changes[i].old), state_name(changes[i].new));
		print_message("# %s: %s\n", where, why);
		fail();
	}
	play_free(p);
}

static const char *const scripts[] = {
	/* CLOSING at both ends */
	("open\nwire hold\nclient close\nserver close\nwire release client\n"
	 "wire release server\nexpect client state CLOSING\nexpect server state CLOSING\n"
	 "wire mend\nexpect client state TIME_WAIT\nexpect server state TIME_WAIT"),
	/* all states between, one segment at a time */
	("wire hold\nopen\nexpect client state SYN_SENT\nwire release client\n"
	 "expect server state SYN_RECV\nwire release server\n"
	 "expect client state ESTABLISHED\nwire release client\n"
	 "expect server state ESTABLISHED\nclient close\nexpect client state FIN_WAIT1\n"
	 "wire release client\nexpect server state CLOSE_WAIT\nwire release server\n"
	 "expect client state FIN_WAIT2\nserver close\nexpect server state LAST_ACK\n"
	 "wire release server\nexpect client state TIME_WAIT\nwire release client\n"
	 "expect server gone"),
	/* a FIN that acknowledges ours: FIN_WAIT2 is passed */
	("open\nwire hold\nclient close\nwire release client\nserver close\n"
	 "wire drop server\nwire release server\nexpect client state TIME_WAIT\nwire mend\n"
	 "expect server gone"),
	("open\nserver crash\nclient write \"x\"\nserver reboot\nexpect client gone"),
	("open\nclient poweroff 0s\nexpect server state CLOSE_WAIT\nserver close\n"
	 "client reboot"),
	("client connect 1\nwire unreachable port\nclient connect 1"),
};

static void counts_print(void)
{
	print_message("# %s: %u changes of state, %u of them inferred\n", where, compared,
		      inferred_count);
}

static void traced_scripts(const void *unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct play *p = traced_new();

		snprintf(where, sizeof(where), "script %zu", i);
		play(p, scripts[i]);
		traced_end(p);
	}
	counts_print();
}

static void step_play(struct play *p, const struct script *script)
{
	struct player *player = player_new(p->lab, script);

	player_start(player);
	while (player_turn(player) == PLAYER_RUNNING)
		play_turns(p, NS_PER_MS);
	player_free(player);
}

static void traced_lesson(const void *with)
{
	const struct lesson *lesson = with;
	struct play *p = traced_new();

	snprintf(where, sizeof(where), "%.90s", strrchr(lesson->file, '/') + 1);
	for (size_t i = 0; i < lesson->nsteps; i++)
		step_play(p, &lesson->steps[i].script);
	traced_end(p);
	counts_print();
}

static void walk_one(unsigned seed)
{
	struct play *p = traced_new();
	struct walk walk = {WALK_STATES, seed, (unsigned)p->lab->port_next + 32};
	char line[200];

	snprintf(where, sizeof(where), "seed %u", seed);
	for (int i = 0; i < STEPS; i++) {
		struct err err = {0};

		walk_command(&walk, line, sizeof(line));
		if (i % ROUND == 0)
			snprintf(line, sizeof(line), "reset");
		if (walk_line(p, line, PATIENT, GIVEN_UP, &err) && !err.text[0])
			fail_msg("# seed %u: \"%s\" is refused without a word", seed, line);
	}
	traced_end(p);
}

static unsigned first = 1;
static int64_t seconds;

static void traced_walks(const void *unused)
{
	int64_t until = clock_ns() + seconds * NS_PER_S;
	unsigned from = first;

	(void)unused;
	do
		walk_one(from++);
	while (seconds ? clock_ns() < until : from < first + WALKS);
	snprintf(where, sizeof(where), "seeds %u to %u", first, from - 1);
	counts_print();
}

static void test_scripts(void **unused)
{
	(void)unused;
	trace_apart(traced_scripts);
}

/* A lesson waits more than it works: all at once. */
static void test_lessons(void **unused)
{
	struct lesson *lessons[LESSONS_MAX];
	pid_t pids[LESSONS_MAX];
	unsigned count = 0, failed = 0, skipped = 0;
	glob_t course;
	struct err err;

	(void)unused;
	assert_int_equal(glob(TEST_SOURCE "/lessons/[0-9]*.md", 0, NULL, &course), 0);
	for (size_t i = 0; i < course.gl_pathc && count < LESSONS_MAX; i++) {
		if (lesson_read(course.gl_pathv[i], &lessons[count], &err))
			fail_msg("%s", err.text);
		if (lessons[count]->link == LINK_WIRE)
			count++;
		else
			lesson_free(lessons[count]);
	}
	globfree(&course);
	for (unsigned i = 0; i < count; i++)
		pids[i] = trace_fork(traced_lesson, lessons[i]);
	for (unsigned i = 0; i < count; i++) {
		int status = trace_wait(pids[i]);

		skipped += status == TRACE_SKIP;
		failed += status && status != TRACE_SKIP;
		lesson_free(lessons[i]);
	}
	assert_int_equal(failed, 0);
	if (skipped || !count)
		skip();
}

static void test_walks(void **unused)
{
	(void)unused;
	trace_apart(traced_walks);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_lessons),
		cmocka_unit_test(test_walks),
	};

	if (argc > 1)
		first = (unsigned)atoi(argv[1]);
	if (argc > 2)
		seconds = atoi(argv[2]);
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
