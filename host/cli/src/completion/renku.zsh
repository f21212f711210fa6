#compdef renku
# Completion of renku for zsh. Put into ~/.zshrc, after `compinit`:
#   source <(renku completion zsh)
# or install it for good, into a folder of $fpath:
#   renku completion zsh > "${fpath[1]}/_renku"

_renku() {
    local line value
    local -a candidates
    local files=0
    while IFS= read -r line; do
        if [[ $line == :files ]]; then
            files=1
            continue
        fi
        # In what _describe gets, a colon ends the value.
        value=${${line%%$'\t'*}//:/\\:}
        if [[ $line == *$'\t'* ]]; then
            candidates+=("$value:${line#*$'\t'}")
        else
            candidates+=("$value")
        fi
    done < <(renku __complete "${(@)words[1,CURRENT]}" 2>/dev/null)
    (( $#candidates )) && _describe -V renku candidates
    if (( files )); then
        [[ $PREFIX == --*=* ]] && compset -P '*='
        _files
    fi
}

if [[ "$funcstack[1]" == _renku ]]; then
    _renku "$@"
else
    compdef _renku renku
fi
