#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bothends run: what it prints, how it ends, what it leaves. And help, --version, the list.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
LC_ALL=C.UTF-8
export LC_ALL

run() { # status wanted, words...
	wanted=$1
	shift
	timeout 30 "$BOTHENDS" "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$wanted" ] || {
		echo "exit status $status, not $wanted" >>err
		false
	}
}
# Every line of standard input is a line of `out`, in this order; without times, any pid is PID.
in_order() {
	sed 's/^ *[0-9][0-9]*\.[0-9]*  //; s/pid [0-9]*/pid PID/' out >lines
	while IFS= read -r line; do
		grep -nxF -- "$line" lines >found || {
			echo "no line: $line"
			return 1
		}
		at=$(cut -d: -f1 found | head -n 1)
		sed "1,${at}d" lines >rest && mv rest lines
	done
}
# A process that a test has begun ends within a second or so, with this status.
ends() { # pid, status wanted
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		kill -0 "$1" 2>/dev/null || break
		timeout 0.1 tail -f /dev/null
	done
	! kill -0 "$1" 2>/dev/null || {
		kill -KILL "$1"
		return 1
	}
	wait "$1"
	[ $? -eq "$2" ]
}
no_child() { # pid
	! pgrep -P "$1" >/dev/null
}

cat >first.lab <<'END'
open
client close
expect client state FIN_WAIT2
server write "123"
server signal SIGPIPE ignore
expect server gone
server write "A"
expect server write fails EPIPE
END
run 0 run first.lab && in_order >why <<'END'
> open
server  CLOSE → LISTEN
> client close
client  close(3) = 0
client  FIN_WAIT1 → FIN_WAIT2
✔ expect client state FIN_WAIT2
> server write "123"
server  write(4, "123", 3) = 3
server  CLOSE_WAIT → CLOSE
✔ expect server gone
server  write(4, "A", 1) = -1 EPIPE (Broken pipe)
✔ expect server write fails EPIPE
END
verdict "the journal as text" why out err
! grep -q snapshot out && ! grep -q '> expect' out
verdict "no snapshots, each expectation once" out
LC_ALL=C run 0 run first.lab && ! grep -q '[^ -~]' out && grep -q 'CLOSE_WAIT -> CLOSE' out
verdict "ASCII where the locale has no UTF-8" out err

run 0 run --json first.lab && ! grep -v '^{"n":[0-9]*,"t":[0-9]*\.[0-9]\{9\},"kind":".*}$' out >why
verdict "--json: an object a line" why err
cp out one
timeout 30 "$BOTHENDS" run --json - <first.lab >out 2>err
[ "$(grep -c '"kind":"call"' out)" -eq "$(grep -c '"kind":"call"' one)" ]
verdict "the same from standard input" out err

printf 'open\nexpect server recvq 7 within 50ms\nclient close\nexpect not client gone for 1ms\n' >missed.lab
run 1 run missed.lab && in_order >why <<'END'
✘ expect server recvq 7 within 50ms: saw Recv-Q 0
> client close
END
verdict "an expectation that fails is told, and the rest is played: 1" why out err

printf 'open\nclient read\nclient write "x"\nclient close\n' >blocked.lab
run 1 run blocked.lab && grep -q '^blocked.lab:3: .*read' err && [ "$(wc -l <err)" -eq 1 ]
verdict "a command for a blocked side: FILE:LINE: message, and 1" out err
printf 'open\nchild write "x"\n' >nobody.lab
run 1 run nobody.lab && grep -q '^nobody.lab:2: ' err
verdict "a command for a side that is not there: 1" out err

echo mine >old.pcap
run 2 run --pcap old.pcap first.lab && [ "$(cat old.pcap)" = mine ] && [ ! -s out ]
verdict "a save file that exists is left alone: 2" out err
run 0 run --json --save kept first.lab && cmp -s out kept.jsonl && [ -s kept.pcap ]
verdict "--save keeps what --json prints, and the segments" out err
cp kept.jsonl kept.was
run 2 run --save kept first.lab && cmp -s kept.was kept.jsonl && [ ! -s out ]
verdict "a session that was saved is left alone: 2" out err
timeout 30 "$BOTHENDS" run first.lab 2>err >&-
[ $? -eq 3 ] && [ "$(wc -l <err)" -eq 1 ]
verdict "standard output is closed: said, and 3" err

# Events come as they happen, not at the end.
printf 'open\nwait 60s\n' >slow.lab
mkfifo pipe
"$BOTHENDS" run --json slow.lab >pipe 2>err </dev/null &
pid=$!
timeout 20 grep -m 1 -q '"new":"ESTABLISHED"' <pipe
verdict "events are written as the journal grows" err
ends $pid 141 && no_child $pid
verdict "a reader that leaves ends it, and all its processes" err
for signal in INT TERM HUP; do
	case $signal in INT) wanted=130 ;; TERM) wanted=143 ;; *) wanted=129 ;; esac
	rm -f out
	# A shell's background job ignores SIGINT, and nothing can undo that but exec'ing afresh.
	env --default-signal=INT "$BOTHENDS" run slow.lab >out 2>err </dev/null &
	pid=$!
	timeout 20 sh -c 'until grep -q "wait 60s" out 2>/dev/null; do :; done'
	kill -s $signal $pid
	ends $pid $wanted && no_child $pid && [ ! -s err ]
	verdict "SIG$signal ends it in order" out err
done

# A reader that does not read cannot hold it either.
{
	echo open
	yes 'client write "x"' | head -n 3000
} >much.lab
sh -c 'exec 3<pipe; exec timeout 60 tail -f /dev/null' &
holder=$!
"$BOTHENDS" run --json much.lab >pipe 2>err </dev/null &
pid=$!
timeout 20 sh -c "until [ \$(wc -l </proc/$pid/task/$pid/children 2>/dev/null || echo 0) ] &&
	pgrep -P $pid server >/dev/null; do :; done"
kill -TERM $pid
ends $pid 143 && no_child $pid
verdict "SIGTERM ends it while its output is stuck" err
kill $holder

# Lessons.
cat >lesson.md <<'END'
# Half a close

```lesson
link: loopback
minutes: 1
level: test
source: none
```

## A connection

```predict What has arrived?
nothing :: server recvq 0
a byte :: server recvq 1
```

```lab
open
expect server state ESTABLISHED
```

## The client closes

```predict Where is the server's end?
in CLOSE, as both are :: server state CLOSE
in CLOSE_WAIT :: server state CLOSE_WAIT
```

```lab
client close
expect server state CLOSE_WAIT
```

```claim "the receiver waits" — RFC 9293
server state CLOSE_WAIT
```

```claim "both are closed" — nobody
server state CLOSE
differs: only one direction is
```
END
run 0 run lesson.md && in_order >why <<'END'
1. A connection
✔ expect server state ESTABLISHED
? What has arrived?
  ✔ nothing
  ✘ a byte
2. The client closes
> client close
  ✔ in CLOSE_WAIT
✔ claim: the receiver waits (RFC 9293)
✔ claim differs: both are closed (nobody)
That was the lesson: 2 expectations held, 0 failed, 0 unavailable.
  1. What has arrived?
     nothing
     in CLOSE_WAIT
  the same  "the receiver waits" - RFC 9293
  differs   "both are closed" - nobody
            measured: CLOSE_WAIT; only one direction is
END
verdict "a lesson: its steps, predictions and claims, and all in short" why out err
grep -Eq '^Documented, and measured on Linux [0-9.]*: 1 the same, 1 differs$' out
verdict "... with the kernel's number" out
run 0 run --json lesson.md && ! grep -qv '^{.*}$' out
verdict "a lesson with --json: nothing but events" out err
sed 's/server recvq 0$/server recvq 2/' lesson.md >wrong.md
run 1 run --json wrong.md && grep -q '^wrong.md:12: no choice is true: What' err &&
	sed 's|^server state CLOSE_WAIT$|server gone|' lesson.md >wrong.md && run 1 run wrong.md &&
	grep -q '^wrong.md:34: a claim was not true: the receiver' err
verdict "a lesson that is wrong: FILE:LINE: message, and 1" err
{
	sed '/^open$/q' lesson.md
	printf 'wait 300s\n```\n'
} >endless.md
"$BOTHENDS" run endless.md >out 2>err </dev/null &
pid=$!
timeout 20 sh -c "until grep -q 'wait 300s' out; do :; done"
kill -ALRM $pid # as the clock would after half an hour
wait $pid
[ $? -eq 1 ] && grep -qx 'endless.md:19: not done after 1800 s' err
verdict "a lesson that takes too long is ended: FILE:LINE: message, and 1" err out
run 2 run "$SOURCE"/lessons/A-*.md && grep -q 'read, not played' err
verdict "a page is not played: 2" out err

run 0 --version && grep -qx 'bothends [0-9.]*' out
verdict "--version" out err
run 0 --help && grep -q 'bothends run' out && awk 'length > 80 { exit 1 }' out
verdict "--help" out err
run 0 help write && grep -q 'write(2)' out
verdict "help COMMAND" out err
run 0 help && grep -q 'SIDE shutdown' out
verdict "help" out err
run 2 help shutdwon && [ ! -s out ] && grep -q shutdown err
verdict "help for a word that is none names the nearest" out err
run 0 lesson && grep -q '^01 .*The write that should have failed' out
verdict "the list of lessons" out err
run 2 lesson no-such-lesson && [ "$(wc -l <err)" -eq 1 ]
verdict "no such lesson" out err
run 2 --ascii lesson no-such-lesson && grep -q no-such-lesson err && [ ! -s out ]
verdict "an option before the word is the word's own" out err

done_testing
