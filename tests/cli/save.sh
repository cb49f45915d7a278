#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad days of saving: what is in the way, no room, no permission. One line says it, what was there
# before is there still, and nothing half written is left.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
LC_ALL=C.UTF-8
export LC_ALL

run() { # STATUS ARGUMENTS...
	want=$1
	shift
	timeout 30 "$BOTHENDS" "$@" >out 2>err
	is=$?
	[ $is -eq "$want" ] || echo "# exit status $is instead of $want" >>err
	[ $is -eq "$want" ]
}
one_line() {
	[ "$(wc -l <err)" -eq 1 ]
}
# Nothing but these files in a directory: names, hidden ones too.
holds() { # DIRECTORY NAMES...
	from=$1
	shift
	[ "$(find "$from" -mindepth 1 -printf '%f\n' | LC_ALL=C sort)" = "$(printf '%s\n' "$@")" ]
}

printf 'open\nclient write "abc"\nserver read\nclient close\n' >one.lab
printf 'open\nexpect server state CLOSE_WAIT within 50ms\n' >two.lab

mkdir new
run 0 run --save new/s one.lab && holds new s.c s.jsonl s.md s.pcap && [ ! -s err ]
verdict "four files, and nothing beside them" out err
run 1 run --save new/t two.lab && [ -s new/t.md ] && grep -q '✘ `expect server state' new/t.md
verdict "saved whatever became of the expectations" out err
# A listener that is closed with its process leaves the connection what it is.
printf 'open\nserver kill\nexpect server state FIN_WAIT2 within 2s\nclient read\n' >three.lab
run 0 run --save new/u three.lab && grep -q ' LISTEN → CLOSE$' new/u.md &&
	grep -q ' client  ESTABLISHED .* ESTABLISHED  server$' new/u.md &&
	grep -q ' client  CLOSE_WAIT .* FIN_WAIT2  server$' new/u.md
verdict "over a part stands how both ends were at its command" out err
rm -f new/[tu].*
mkdir odd
run 0 run --save 'odd/a b 日本' one.lab && [ -s 'odd/a b 日本.pcap' ] &&
	(cd odd && run 0 run --save=-x ../one.lab && [ -s ./-x.c ])
verdict "a name with blanks, one with a dash" out err

# What is there is left alone, before anything is played.
for ending in jsonl pcap md c; do
	mkdir "old.$ending"
	echo mine >"old.$ending/s.$ending"
	run 2 run --save "old.$ending/s" one.lab && [ ! -s out ] && one_line &&
		grep -q "s.$ending exists.*--save! old.$ending/s" err &&
		holds "old.$ending" "s.$ending" && [ "$(cat "old.$ending/s.$ending")" = mine ]
	verdict "NAME.$ending exists: told how to write over it" out err
	run 0 run --save! "old.$ending/s" one.lab && holds "old.$ending" s.c s.jsonl s.md s.pcap &&
		! grep -q mine "old.$ending/s.$ending"
	verdict "... and written over" out err
done
cp new/s.jsonl before
run 0 run --save! new/s one.lab && ! cmp -s before new/s.jsonl &&
	[ -z "$(find new -name '.*')" ]
verdict "all four written over" out err

esc=$(printf '\033')
: >"a${esc}[31m
b.md"
run 2 run --save "a${esc}[31m
b" one.lab && one_line && ! grep -q "$esc" err && grep -q 'exists: --save!' err
verdict "a name that would be more than text on a terminal" out err

# What is no regular file is never written over, nor what a link leads to.
echo mine >target
mkdir way way/d.md
ln -s ../target way/l.c
mkfifo way/f.pcap
for name in d l f; do
	run 2 run --save! way/$name one.lab && one_line && grep -q 'another name, please' err &&
		[ "$(cat target)" = mine ] && [ ! -e way/$name.jsonl ]
	verdict "not over a $name" out err
done

run 2 run --save new/ one.lab && one_line && grep -q 'no name of a file' err
verdict "a name that ends with a slash" out err
run 2 run --save '' one.lab && one_line && grep -q 'no name of a file' err
verdict "an empty name" out err
long=$(printf '%0300d' 0)
run 2 run --save "new/$long" one.lab && one_line && grep -q 'File name too long' err && [ ! -s out ]
verdict "a name of 300 bytes" out err
long=$(printf '%0250d' 0)
mkdir long
run 2 run --save "long/$long" one.lab && one_line && [ -z "$(ls -A long)" ]
verdict "a name that is too long with its ending" out err
run 2 run --save none/s one.lab && one_line && grep -q 'none/s.*No such file or directory' err &&
	[ ! -s out ]
verdict "a directory that is not there" out err
mkdir gone
(
	cd gone && cp ../one.lab /tmp/bothends-gone.$$ && rmdir ../gone &&
		! timeout 30 "$BOTHENDS" run --save s /tmp/bothends-gone.$$ >"$dir/out" 2>"$dir/err"
) && one_line && grep -q 'cannot create s' err
verdict "a directory that has gone" out err
rm -f "/tmp/bothends-gone.$$"

mkdir both
run 2 run --pcap both/s.pcap --save both/s one.lab && one_line && [ -z "$(ls -A both)" ]
verdict "--pcap that names the file of --save" out err

# The file size limit of the shell counts in blocks of 512 or 1024 bytes.
mkdir limit
echo mine >limit/s.jsonl
(ulimit -f 4 && run 3 run --save! limit/s one.lab) && grep -q 'cannot write limit/s.jsonl: File too large' err &&
	holds limit s.jsonl && [ "$(cat limit/s.jsonl)" = mine ]
verdict "files may not grow: what was there is there still" out err

# A disk of 24 KiB and one that is read-only, in a mount namespace of this test's own.
mkdir disk
cat >disk.sh <<'EOF'
mount -t tmpfs -o "size=$1,mode=755" none disk || exit 77
if [ "$2" = ro ]; then
	mount -o remount,ro disk || exit 77
else
	for ending in jsonl pcap md c; do echo mine >disk/s.$ending; done
fi
"$BOTHENDS" run $3 disk/s one.lab >out 2>err
status=$?
for file in disk/* disk/.[!.]*; do [ -f "$file" ] && echo "$file $(cat "$file")"; done >held
exit $status
EOF
export BOTHENDS
[ "$(id -u)" -eq 0 ] && space='unshare -m' || space='unshare -rm'
disk() { # SIZE rw|ro OPTION
	# shellcheck disable=SC2086 # words
	timeout 30 $space sh disk.sh "$@" 2>disk.err
}
disk 24k rw --save!
case $? in
77 | 1) skip "a full disk" "no mount namespace here" ;;
*)
	grep -q 'cannot write disk/s[.].*No space left on device' err && one_line &&
		[ "$(cat held)" = "$(printf 'disk/s.%s mine\n' c jsonl md pcap)" ]
	verdict "a full disk: what was there is there still" out err held
	;;
esac
disk 1m ro --save
case $? in
77 | 1) skip "a disk that is read-only" "no mount namespace here" ;;
*)
	grep -q 'cannot create disk/s[.].*Read-only file system' err && one_line && [ ! -s out ]
	verdict "a disk that is read-only: refused before anything is played" out err
	;;
esac

# Two at once with one name: one has it, the other is told.
mkdir race
for i in 1 2 3 4; do
	timeout 30 "$BOTHENDS" run --save race/s one.lab >/dev/null 2>"race.$i" &
done
wait
holds race s.c s.jsonl s.md s.pcap && [ "$(cat race.[1-4] | wc -l)" -eq 3 ]
verdict "four at once with one name: one has it" race.1 race.2 race.3 race.4

done_testing
