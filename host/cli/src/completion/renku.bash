# Completion of renku for bash. Put into ~/.bashrc:
#   source <(renku completion bash)
# or install it for good, where the package `bash-completion` is there:
#   renku completion bash > ~/.local/share/bash-completion/completions/renku

_renku() {
    local words=() prefix line i word
    # bash splits words at `=` and `:`; renku wants them as they were typed.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && [[ $word == [=:]* || ${COMP_WORDS[i - 1]} == *[=:] ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
    done
    word=${words[${#words[@]} - 1]}
    prefix=${word%"${word##*[=:]}"}
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == :files ]]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${word#"$prefix"}")
        else
            line=${line%%$'\t'*}
            COMPREPLY+=("${line#"$prefix"}")
        fi
    done < <(renku __complete "${words[@]}" 2>/dev/null)
}
complete -F _renku renku
