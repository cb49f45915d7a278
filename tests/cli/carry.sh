#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A session as a C program: of every lesson on loopback, and of scripts with what they lack, the
# program compiles without a warning, makes the same calls, and they return the same, twice at once, for
# an ordinary user. One on the wire says so, compiles and ends.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

WARN="-Wall -Wextra -Wpedantic -Wshadow -Werror"

# What the processes do, without what differs from run to run.
deeds() {
	sed -nE 's/^ *[0-9]+\.[0-9]+  //
		s/   after .*//
		s/htons\([0-9]+\)/htons(PORT)/
		s/pid [0-9]+/pid PID/
		s/(drain\([0-9]+)[:,][^)]*/\1/
		s/= [0-9]{7,}$/= MANY/
		s/^(server  fork\(\)) = [0-9]+/\1 = PID/
		/pid PID started/d
		/^(client|server|child ) +[a-z]+\(/p
		/^(client|server|child ) +pid PID/p'
}
user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}
carry() { # NAME, FILE
	timeout 60 "$BOTHENDS" run --save "$1" "$2" >"$1.run" 2>"$1.why" || return 1
	deeds <"$1.run" >"$1.wanted"
	# shellcheck disable=SC2086
	"${CC:-cc}" -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $WARN -o "$1.x" "$1.c" 2>"$1.why" || return 1
	for turn in 1 2; do
		run "$1" $turn &
	done
	wait
	for turn in 1 2; do
		cat "$1.why$turn" >>"$1.why"
		[ -e "$1.same$turn" ] || return 1
	done
}
run() { # NAME, TURN
	user timeout -k 1 60 "./$1.x" >"$1.out$2" 2>"$1.why$2" </dev/null || {
		echo "run $2: exit status $?" >>"$1.why$2"
		return 1
	}
	deeds <"$1.out$2" >"$1.got$2"
	if ! diff "$1.wanted" "$1.got$2" >>"$1.why$2"; then
		echo "run $2: other calls" >>"$1.why$2"
		return 1
	fi
	: >"$1.same$2"
}

mkdir scripts
cat >scripts/calls.lab <<'END'
open
client poll in rdhup 100ms
client set linger 0
client set keepalive idle 1s interval 1s count 3
client set rcvtimeo 200ms
client set nonblock on
client get nonblock
client set nonblock off
client get info
client get linger
client get rcvtimeo
client read
server signal PIPE ignore
server signal USR1 catch restart
server kill USR1
server fork
child dup
child close
server read
server interrupt
client write 64k
server read
server drain 1k
client send "x" oob
client write "a??/b*/\n\001\0001\377\"\\ %s"
server read
client write "0123456789012345678901234567890123456789 and more \x41 than a line of the journal shows"
server recv peek
server stop
server cont
child exit 3
server kill KILL
client read
client connect 9
END
cat >scripts/channels.lab <<'END'
open socketpair
client write "abc"
server read
server write "def"
client read
client close
server read
open pipe
client write "abc"
server read
server close
client signal PIPE ignore
client write "abc"
END
cat >scripts/blocked.lab <<'END'
server listen
server accept
client connect
client read
server dup
server read
client interrupt
server interrupt
client write "1"
server read
client read
server signal USR1 catch
server set rcvtimeo 300ms
server read
server poll in out
server poll in
client kill
expect server poll = 1
reset
client read
server exit 2
expect client read = 0
client close
reset
client read
reset
END
cat >scripts/several.lab <<'END'
server listen backlog 2
client connect
client connect
client connect nonblock
server accept
server accept
server accept
client close
server read
client get error
client write "2"
server close
server read
server close listen
client connect
END
cat >scripts/time.lab <<'END'
open
client set cork on
client write "abc"
wait 300ms
server recv dontwait
client set cork off
server set linger2 1s
server close
client read
wait until server gone within 5s
client write "late"
client get error
END
cat >scripts/bulk.lab <<'END'
open
client write 3M
server drain 3M
client set nonblock on
client write 64M
server drain 100k
client close
server drain
END

# Two at a time: FILE as NAME, its verdict in NAME.verdict.
both() {
	while read -r name file; do
		carry "$name" "$file" && echo ok >"$name.verdict"
		: >"$name.done"
	done
}
for file in "$SOURCE"/lessons/[0-9]*.md scripts/*.lab; do
	grep -q '^link: wire' "$file" && continue
	name=${file##*/}
	echo "${name%.*} $file"
done >all
chmod 755 "$dir"
awk 'NR % 2' all | both &
awk 'NR % 2 == 0' all | both
wait

while read -r name file; do
	test -e "$name.verdict"
	verdict "the same calls return the same: ${file##*/}" "$name.why" "$name.out1" "$name.out2"
done <all

# The shortest and the longest for the other compiler, and for one without any option.
if command -v clang >where; then
	# shellcheck disable=SC2086
	clang -O2 $WARN -o other calls.c 2>why && clang -O0 $WARN -o other blocked.c 2>>why
	verdict "another compiler takes it without a warning" why
else
	skip "another compiler takes it without a warning" "there is no clang"
fi
cc -o plain calls.c 2>why && [ ! -s why ]
verdict "a plain cc takes it without a warning" why

user ./plain | head -3 >out
[ "$(wc -l <out)" -eq 3 ]
verdict "a reader that goes away ends it" out

# A signal that is ignored and a descriptor that is open where it is started are none of its.
(
	trap '' PIPE
	exec ./02-the-second-write.x 5</dev/null
) >out 2>why
verdict "it starts with default signals and free descriptors" why out

if timeout 60 "$BOTHENDS" run --save wire "$SOURCE"/lessons/19-*.md >out 2>why; then
	# shellcheck disable=SC2086
	grep -q "The session was on the lab's wire" wire.c &&
		grep -q 'only in the lab: wire hold' wire.c &&
		"${CC:-cc}" $WARN -o wire.x wire.c 2>why && user timeout -k 1 60 ./wire.x >out 2>>why
	verdict "one on the wire says so, and ends" why out
else
	skip "one on the wire says so, and ends" "no wire"
fi
done_testing
