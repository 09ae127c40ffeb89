# SPDX-License-Identifier: LGPL-2.1-or-later
# Usage: zsh -f tests/package/capture.zsh FOLDER DUMP LINE
#
# What zsh offers for LINE with the completions in FOLDER, one a line: completion
# runs in the line editor only, so a zsh in a terminal of its own is asked. The file
# DUMP keeps what it found, for the next time.
zmodload zsh/zpty
zpty shell zsh -f -i
send() { zpty -w shell "$1" }
send "PS1= PROMPT_EOL_MARK=; unsetopt zle_bracketed_paste; stty -echo"
send "fpath=(${1:a} \$fpath); autoload -Uz compinit; compinit -u -d ${2:a}"
# Each match that is added is written out too; those that are only counted are not.
send 'compadd() { local -a hits; if (( ! ${@[(I)-[OAD]]} )); then builtin compadd -O hits "$@"; print -l -- "<"$^hits">"; fi; builtin compadd "$@"; }'
send 'offer() { _main_complete; print "<end>"; zle -I }; zle -C offer .complete-word offer; bindkey "^I" offer'
# Not as it is echoed.
send 'print rea""dy'
while zpty -r shell line && [[ $line != *ready* ]]; do :; done
zpty -w -n shell "$3"$'\t'
while zpty -r shell line && [[ $line != *"<end>"* ]]; do
	[[ $line != *"<"*">"* ]] || print -r -- ${${line##*<}%%>*}
done
zpty -d shell
