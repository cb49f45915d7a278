#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The line mode on a pipe: a session line by line, a lesson, mistakes, hostile bytes.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
export XDG_STATE_HOME="$dir/state"

plain() { # options and a word; standard input is played
	timeout 60 "$BOTHENDS" --plain "$@" >out 2>err
	echo $? >status
}
ended() { # exit status
	[ "$(cat status)" -eq "$1" ]
}
bytes_plain() { # no control character but the ends of lines
	! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" out
}

printf 'open\nclient close\nquit\nserver write "never"\n' | plain
ended 0 && grep -q '> open$' out && grep -q 'ESTABLISHED → CLOSE_WAIT\|ESTABLISHED.*CLOSE_WAIT' out &&
	! grep -q never out && [ ! -s err ]
verdict 'commands are played in order, until quit' out err

printf 'open\nclient write "last"' | plain
ended 0 && grep -q 'client  write(3, "last", 4) = 4' out
verdict 'a last line without its end counts, and all it does is seen' out err

printf 'open\r\nserver read\r\n\r\n' | plain
ended 0 && grep -q 'blocked in read' out && grep -q '^client, pid ' out
verdict 'an empty line shows both ends' out err

printf 'opne\nserver jump\n:walk\n' | plain
ended 0 && [ "$(grep -c '^error: ' out)" -eq 3 ] && grep -q 'open' out
verdict 'each mistake has one line, and the session goes on' out err

printf 'lesson 2\nnext\nnext\n' | plain
ended 0 && grep -q 'next. plays this step' out
verdict 'a lesson is opened by its number' out err

printf 'next\nnext\nnext\n2\nnext\n' | plain lesson 1
ended 0 && grep -q '^In which state is the server' out && grep -q '2) CLOSE_WAIT.* - as you said' out
verdict 'a question is answered with a digit, and judged' out err

for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do echo next; done | plain lesson 1
ended 0 && grep -q '^That was the lesson' out && grep -q '^documented' out
verdict 'next after next leads to the end of a lesson' out err

plain --pace 200ms lesson 1 </dev/null
ended 0 && grep -q 'goes on by itself every 0.2 s' out && grep -q '^That was the lesson' out
verdict 'a lesson goes on by itself to its end' out err

printf 'play 3600s\npause\npause\nplay\nnext\n' | plain lesson 1
ended 0 && [ "$(grep -c '^(goes on by itself every 3600 s' out)" -eq 2 ] &&
	[ "$(grep -c '^paused: .play. goes on' out)" -eq 2 ] && grep -q 'does not go on by itself now' out
verdict 'it is paused by a word, and by whatever else is asked' out err

printf 'open\nclient close\nexpect server state CLOSE_WAIT\nexpect server recvq 5\n' >session.lab
timeout 60 "$BOTHENDS" run --save session session.lab >saved 2>&1
printf 'next\nback\nback\nback\n\nopen\n?\nend\nnext\n' | plain replay session.jsonl
ended 0 && grep -q '> client close$' out && grep -q 'client  sends F. 1 ack 1' out &&
	grep -q '^event [0-9]* of [0-9]*:' out && grep -q '^nothing before this' out &&
	[ "$(grep -c '^error: a saved session' out)" -eq 2 ] &&
	[ "$(grep -c '^this is the end of the session' out)" -eq 2 ] && ! grep -q 'the past' out
verdict 'a saved session is told command by command, forth and back' saved out err

plain --pace 200ms replay session.jsonl </dev/null
ended 0 && [ "$(grep -c 'client  close(3) = 0' out)" -eq 1 ] && grep -q 'held: expect server state' out &&
	grep -q 'not held: expect server recvq 5: saw' out && grep -q '^this is the end' out
verdict 'a saved session goes on by itself to its end, each event told once' saved out err

echo lesson | plain
ended 0 && grep -q '^1   The write that should have failed' out && grep -q 'opens one' out
verdict 'the list of lessons' out err

printf 'open\nback\nback\nend\nhelp shutdown\n?\nnext\n' | plain
ended 0 && [ "$(grep -c '^the past, event' out)" -eq 2 ] && grep -q '^this is now' out &&
	grep -q 'end one direction' out && ! grep -q 'F[0-9]' out
verdict 'the past, help and the actions; no key is named that is not there' out err

printf 'open\nexplain rto\nhelp frobnicate\nexplain\nhelp\n' | plain
ended 0 && grep -q '^rto' out && grep -q '^error: .*frobnicate' out && grep -q '^An empty line shows both' out
verdict 'a number is explained, an unknown word is said' out err

{
	printf 'open\nserver write "\\033[31mred\\n"\nclient read\n'
	printf '\033]0;title\007\n\377\376\n\342\200\256turned\n'
	printf 'server write "'
	head -c 100000 /dev/zero | tr '\0' x
	printf '"\n\000\001\n'
	printf 'client close\n'
} | plain
ended 0 && bytes_plain && grep -q 'at most 4000 bytes' out && grep -q 'client  close(3) = 0' out
verdict 'nothing is printed that a terminal would obey; too long a line is refused, the next one played' out err

head -c 300000 /dev/urandom | LC_ALL=C tr -d 'q' | plain
ended 0 && bytes_plain
verdict 'noise' out err

printf 'open\nclient close\n' | LC_ALL=C plain
ended 0 && ! LC_ALL=C grep -q "$(printf '[\200-\377]')" out && grep -q 'CLOSE_WAIT' out
verdict 'in the C locale all is ASCII' out err

: | plain
ended 0 && [ ! -s err ]
verdict 'no input, no session' out err

plain <&-
ended 0 || ended 2
verdict 'no standard input' out err

# A reader that goes away, and one that never reads: the lab ends with the pipe.
yes 'server get error' | timeout 20 "$BOTHENDS" --plain 2>err | head -n 3 >out
[ "$(wc -l <out)" -eq 3 ]
verdict 'head' out err

echo open | timeout 20 "$BOTHENDS" --plain >/dev/full 2>err
[ $? -eq 3 ] && [ "$(cat err)" = 'bothends: cannot write standard output' ]
verdict 'what cannot be written is said, and is the exit status' err

timeout 20 "$BOTHENDS" </dev/null >out 2>err
status=$?
[ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q -e --plain err
verdict 'without a terminal, the screen says what needs none' out err

done_testing
