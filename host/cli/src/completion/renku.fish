# Completion of renku for fish. Install it with:
#   renku completion fish > ~/.config/fish/completions/renku.fish

function __renku_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    for line in (renku __complete $words "$current" 2>/dev/null)
        if test "$line" = :files
            set -l option (string match --regex '^--[^=]*=' -- "$current")
            for path in (__fish_complete_path (string replace -- "$option" '' "$current"))
                echo $option$path
            end
        else
            echo $line
        end
    end
end
complete --command renku --erase
complete --command renku --no-files --keep-order --arguments '(__renku_complete)'
