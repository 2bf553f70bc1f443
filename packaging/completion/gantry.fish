# fish completion for gantry. It offers what `gantry … --help` says, so that it is never older than the program; names of
# routes are those that `gantry check` knows, or `gantry enable` and `gantry disable` list.

# Of the help that comes in, what a section lists, with what it says of each.
function __gantry_listed -a section
    sed -nE "/^$section:/,/^\$/s/^  (-[a-z],)?(-*[a-z][a-z-]*)(\$| .*)/\2\3/p" |
        sed -E 's/^([^ ]+)( [^ ]+)* {2,}/\1\t/;t;s/ .*//'
end

function __gantry_offers
    set -l words (commandline -opc)
    set -l gantry $words[1]
    set -l current (commandline -ct)
    set -l chosen
    set -l config
    set -l shipped
    set -l help ($gantry --help 2>/dev/null)
    for i in (seq 2 (count $words))
        if test "$words[$i]" = --config
            set config --config $words[(math $i + 1)]
        else if test "$words[$i]" = --shipped
            set shipped --shipped $words[(math $i + 1)]
        else if printf '%s\n' $help | __gantry_listed Subcommands | cut -f1 | grep -qxF -e "$words[$i]"
            set -a chosen $words[$i]
            set help ($gantry $chosen --help 2>/dev/null)
        end
    end

    set -l wanted
    if string match -q -- '--*' $words[-1]
        set wanted (printf '%s\n' $help | sed -nE "s/^  (-[a-z],)?$words[-1] ([A-Z][A-Z:]*).*/\2/p")
        test "$wanted" = NAME -a "$words[-1]" = --route; and set wanted ROUTE
    end
    set -l option_value $wanted
    test -n "$wanted"
    or set wanted (printf '%s\n' $help | sed -nE '/^Positionals:/,/^$/s/^  ([A-Z]+|[a-z]+ (FILE)).*/\2\1/p')
    if string match -q -- '-*' $current
        printf '%s\n' $help | __gantry_listed Options
    else if string match -qr '^(FILE|PATH)' -- $wanted
        __fish_complete_path $current
    else if test "$wanted" = ROUTE
        $gantry check $config 2>/dev/null | sed -n 's/^route //p'
    else if test "$wanted" = NAME -a -z "$option_value"
        switch "$chosen"
            case enable
                $gantry enable $config $shipped 2>/dev/null | sed -nE 's/: (not enabled|disabled,.*)$//p'
            case disable
                $gantry disable $config $shipped 2>/dev/null
        end
    else if test -z "$option_value"
        printf '%s\n' $help | __gantry_listed Subcommands
    end
end

complete -c gantry -f -a '(__gantry_offers)'
