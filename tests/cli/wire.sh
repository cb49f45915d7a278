#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The wire from the command line: with a TUN device, without, and as an ordinary user; what the
# save file has of it; what is left when a lab with a held wire is killed: nothing.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
program_copy
LC_ALL=C.UTF-8
export LC_ALL
chmod 777 .

user='setpriv --reuid 65534 --regid 65534 --clear-groups'
# with_tun MODE COMMAND...: with a /dev/net of the test's own, in a mount namespace of its own;
# MODE "none": no device in it.
cat >with_tun <<'END'
#!/bin/sh
mode=$1
shift
exec unshare -m --propagation private sh -c 'mount -t tmpfs none /dev/net &&
	{ [ "$1" = none ] || mknod -m "$1" /dev/net/tun c 10 200; } && shift && exec "$@"' \
	sh "$mode" "$@"
END
chmod +x with_tun
run() { # status wanted, words...
	wanted=$1
	shift
	timeout 60 "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$wanted" ] || {
		echo "exit status $status, not $wanted" >>err
		false
	}
}

cat >plain.lab <<'END'
open
client write "hello"
expect server recvq 5
client close
expect server state CLOSE_WAIT
END
{
	echo 'open'
	echo 'client write "x"'
	echo 'link wire'
} >within.lab
{
	echo 'link loopback'
	cat plain.lab
} >own.lab
cat >both.lab <<'END'
link wire
open
wire hold
client close
server close
expect client state FIN_WAIT1
expect server state FIN_WAIT1
wire release client
wire release server
expect client state CLOSING
expect server state CLOSING
wire mend
expect client state TIME_WAIT
expect server state TIME_WAIT
END
cat >wired.md <<'END'
# T

```lesson
link: wire
minutes: 1
level: test
source: none
```

## S

```lab
open
expect client state ESTABLISHED
```
END
sed 's/link: wire/link: loopback/; s/^open$/link wire\nopen/' wired.md >within.md

# ------------------------------------------------------------------------- without the device
# NAME, COMMAND that takes the device away...
lacking() {
	name=$1 reason=$2
	shift 2
	run 3 "$@" "$BOTHENDS" run --link wire plain.lab && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -q "^plain.lab: the wire is not to be had: .*$reason.*cure: sudo" err
	verdict "$name: --link wire: 3, the reason and the cure" out err
	run 3 "$@" "$BOTHENDS" run within.lab && [ ! -s out ] &&
		grep -q "^within.lab:3: the wire is not to be had: .*$reason" err
	verdict "$name: a script with link wire: 3 and its line, nothing of it executed" out err
	run 3 "$@" "$BOTHENDS" run wired.md && [ ! -s out ] && grep -q "^wired.md: .*$reason" err &&
		run 3 "$@" "$BOTHENDS" run within.md && [ ! -s out ] && grep -q "$reason" err
	verdict "$name: a lesson on the wire: 3" out err
	run 3 "$@" "$BOTHENDS" check wired.md within.md &&
		[ "$(grep -c "^ok.* # SKIP .*$reason" out)" -eq 2 ]
	verdict "$name: check skips it, with the reason" out err
	run 0 "$@" "$BOTHENDS" run plain.lab && run 0 "$@" "$BOTHENDS" run --link wire own.lab &&
		grep -q 'link *loopback' out
	verdict "$name: the loopback works; the script's own link wins" out err
	run 3 "$@" "$BOTHENDS" doctor && grep -q 'TUN devices *MISSING' out &&
		grep -q "$reason" out && grep -q ' cure *sudo' out && grep -q 'link loopback *ok' out &&
		grep -q 'link wire *MISSING' out && awk 'length > 80 { exit 1 }' out
	verdict "$name: the doctor has the reason, the cure and what works" out err
}
if [ "$(id -u)" -eq 0 ] && ./with_tun none true 2>/dev/null; then
	lacking "no device" ENOENT ./with_tun none
	# shellcheck disable=SC2086 # words
	lacking "a device for root only" EACCES ./with_tun 0600 $user
else
	skip "without the device" "needs root, to have a /dev of the test's own"
fi

# ---------------------------------------------------------------------------- with the device
usable() {
	"$@" "$BOTHENDS" run --link wire plain.lab >out 2>err </dev/null
	[ $? -ne 3 ]
}
# NAME, COMMAND that leads to where the wire is to be had...
working() {
	name=$1
	shift
	if ! usable "$@"; then
		skip "$name" "$(head -n 1 err)"
		return
	fi
	run 0 "$@" "$BOTHENDS" run --link wire plain.lab && grep -q '192\.0\.2\.2' out
	verdict "$name: --link wire" out err
	run 0 "$@" "$BOTHENDS" run within.lab && grep -q '127\.0\.0\.1' out
	verdict "$name: link wire within a script" out err
	run 0 "$@" "$BOTHENDS" run --link wire own.lab && ! grep -q '192\.0\.2' out
	verdict "$name: the script's own link wins" out err
	run 0 "$@" "$BOTHENDS" run --json both.lab && [ ! -s err ] &&
		jq -es '[.[] | select(.kind == "state" and .new == "CLOSING") | .inferred]
			== [false, false]' out >/dev/null
	verdict "$name: CLOSING on both sides, seen" out err
	run 0 "$@" "$BOTHENDS" check wired.md within.md && [ "$(grep -c '^ok [12]' out)" -eq 2 ] &&
		! grep -q SKIP out
	verdict "$name: lessons" out err
	run 0 "$@" "$BOTHENDS" doctor && grep -q 'link wire *ok' out
	verdict "$name: the doctor" out err
}
working "as we are"
if [ "$(id -u)" -eq 0 ] && ./with_tun 0666 true 2>/dev/null; then
	# shellcheck disable=SC2086 # words
	working "an ordinary user, the device open to all" ./with_tun 0666 $user
else
	skip "an ordinary user, the device open to all" "needs root, to have a /dev of the test's own"
fi
if ! usable; then
	done_testing
	exit
fi

# The same seed loses the same segments.
cat >loss.lab <<'END'
open
wire loss 40
client write "a"
client write "b"
client write "c"
expect server recvq 3 within 20s
END
fates() {
	jq -c 'select(.kind == "segment" and .from == "client" and .len > 0) | [.seq, .fate]' out |
		sort | uniq -c
}
run 0 "$BOTHENDS" run --json --link wire --seed 7 loss.lab && fates >one &&
	run 0 "$BOTHENDS" run --json --link wire --seed 7 loss.lab && fates >two && cmp -s one two
verdict "--seed: the same seed, the same losses" one two err

# The save file: each segment once, whole, with a right checksum.
cat >cross.lab <<'END'
open
client write "hello"
wire hold client
client write "held, then dropped"
wire drop client
wire mend
expect server recvq 23
wire unreachable host
client write "nobody answers"
expect icmp to client host-unreachable
wire hold client
wire unreachable off
expect segment from client P. within 5s
END
rm -f cross.pcap
run 0 "$BOTHENDS" run --json --pcap cross.pcap --link wire cross.lab
verdict "a run to look at" out err
jq -rs 'map(select(.kind == "segment"))
	| (map(select(.fate != "held" and .fate != "delayed"))
	  + (group_by(.id) | map(.[-1]) | map(select(.fate == "held" or .fate == "delayed"))))
	| length' out >segments
jq -s 'map(select(.kind == "icmp")) | length' out >icmps
tcpdump -nvvr cross.pcap >dump 2>dumped &&
	[ "$(grep -c '^[0-9:.]* IP .*proto TCP' dump)" -eq "$(cat segments)" ] &&
	[ "$(grep -c 'ICMP host' dump)" -eq "$(cat icmps)" ] && [ "$(cat icmps)" -ge 1 ]
verdict "tcpdump reads it: every segment once, the router's answers" dump dumped segments icmps out
! grep -Eq 'incorrect|truncated|bad (cksum|hdr|opt|len)|invalid|\[\|' dump
verdict "checksums are right, nothing is cut short" dump
if command -v tshark >/dev/null; then
	tshark -nr cross.pcap -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -V >dump 2>err &&
		! grep -Ei 'malformed|incorrect|bad checksum|cut short|size limited' dump >bad
	verdict "tshark has no complaint" bad err
else
	skip "tshark has no complaint" "tshark is not installed"
fi

# Killed, with segments in mid-wire: test_killed counts namespaces, here are those of this lab.
cat >held.lab <<'END'
open
wire hold
client write "held"
client close
server close
expect server state FIN_WAIT1
wait 60s
END
below() { # PID: its descendants
	for child in $(pgrep -P "$1"); do
		echo "$child"
		below "$child"
	done
}
networks() { # PID...
	for pid; do
		readlink "/proc/$pid/ns/net"
	done | sort -u
}
"$BOTHENDS" run --link wire held.lab >out 2>err </dev/null &
lab=$!
timeout 20 sh -c 'until grep -q "wait 60s" out 2>/dev/null; do :; done'
below $lab >pids
# shellcheck disable=SC2046 # words
networks $lab $(cat pids) >nets
kill -KILL $lab
wait $lab 2>/dev/null
: >left
while read -r pid; do
	timeout 5 tail --pid="$pid" -f /dev/null || echo "process $pid" >>left
done <pids
# Asked more than once: the number may be given to a network that another lab has just made.
for _ in $(seq 100); do
	find /proc/[0-9]*/ns -maxdepth 1 -name net -printf '%l\n' 2>/dev/null |
		grep -xFf nets >nets.left || break
	timeout 0.1 tail -f /dev/null
done
cat nets.left >>left
[ ! -s left ] && [ "$(wc -l <pids)" -ge 4 ] && [ "$(wc -l <nets)" -eq 3 ]
verdict "killed with a held wire: none of its processes and networks is left" left pids nets out
done_testing
