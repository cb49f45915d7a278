#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion: each shell loads its file and offers what the tables have.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
mkdir 'a dir'
touch one.lab two.md three.jsonl four.c 'five six.lab'

cat >ask.bash <<'END'
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_bothends
printf '%s\n' "${COMPREPLY[@]}"
END
ask_bash() {
	bash --norc ask.bash "$O/bothends.bash" "$@"
}
ask_fish() {
	line=$1
	shift
	for word; do line="$line $word"; done
	HOME=$dir fish --no-config -c "source $O/bothends.fish; complete -C '$line'" | cut -f 1
}
# zsh tells what it would offer only to one who looks: a shell in a pty of its own, in which what is
# handed to compadd is printed.
cat >ask.zsh <<'END'
zmodload zsh/zpty || exit 1
line=$2
zpty z zsh -f -i
zpty -w z "PROMPT=; fpath=($PWD/functions \$fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-grouped no"
zpty -w z 'compadd() { local -a hits; local -i i; if (( ${@[(I)-[OAD]]} )); then builtin compadd "$@"; return; fi; builtin compadd -A hits "$@"; for i in {1..$#hits}; do print -r -- "OFFER:$hits[i]"; done; builtin compadd "$@" }'
zpty -w z 'finish() { print DONE:; exit }; zle -C offer list-choices _main_complete; show() { zle offer; finish }; zle -N show; bindkey "^T" show; print REA""DY:'
while zpty -r z out; do [[ $out == *READY:* ]] && break; done
zpty -w -n z "$line"$'\C-T'
while zpty -r z out; do
	[[ $out == *OFFER:* ]] && print -r -- "${${out##*OFFER:}%%[[:space:]]#}"
	[[ $out == *DONE:* ]] && break
done
zpty -d z
END
mkdir functions
cp "$O/bothends.zsh" functions/_bothends
ask_zsh() {
	line=$1
	shift
	for word; do line="$line $word"; done
	HOME=$dir timeout 30 zsh -f ask.zsh "" "$line" | tr -d '\r\134'
}

offers() { # WANTED (words, in order of the alphabet), the line's words
	wanted=$1
	shift
	"ask_$shell" "$@" 2>err | sed '/^$/d' | LC_ALL=C sort -u >out
	printf '%s\n' "$wanted" | tr ' ' '\n' | LC_ALL=C sort >wanted
	while read -r word; do
		grep -qxF -e "$word" out || return 1
	done <wanted
}
lacks() { # WORD: the last answer does not have it
	! grep -qxF -e "$1" out
}

for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null; then
		skip "$shell" "$shell is not installed"
		continue
	fi
	offers "check doctor help lesson replay run shell" bothends ''
	verdict "$shell: the words of the command line" out err
	offers "--json --link --pcap --save --save! --seed" bothends run --
	verdict "$shell: the options of run" out err
	lacks --theme
	verdict "$shell: and only those" out err
	offers "loopback wire" bothends run --link ''
	verdict "$shell: the links" out err
	offers "contrast dark light mono" bothends --theme ''
	verdict "$shell: the themes" out err
	offers "1 38 A" bothends lesson ''
	verdict "$shell: the lessons by number" out err
	offers the-orphan bothends lesson the-o
	verdict "$shell: a lesson by name" out err
	offers "linger write state" bothends help ''
	verdict "$shell: what help knows" out err
	offers "client server child" bothends shell ''
	verdict "$shell: the sides" out err
	offers "one.lab two.md" bothends run '' && lacks four.c && lacks three.jsonl
	verdict "$shell: files to run" out err
	offers three.jsonl bothends replay '' && lacks one.lab
	verdict "$shell: sessions to replay" out err
done
done_testing
