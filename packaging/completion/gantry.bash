# bash completion for gantry. It offers what `gantry … --help` says, so that it is never older than the program; names of
# routes are those that `gantry check` knows, or `gantry enable` and `gantry disable` list.

# Of the help in $1, what section $2 lists.
_gantry_listed() {
  sed -nE "/^$2:/,/^\$/s/^  (-[a-z],)?(-*[a-z][a-z-]*).*/\2/p" <<<"$1"
}

# What kind of value the option $2 takes, by the help in $1: FILE, NAME …; nothing for a flag.
_gantry_value_of() {
  sed -nE "s/^  (-[a-z],)?$2 ([A-Z][A-Z:]*).*/\2/p" <<<"$1"
}

_gantry() {
  local gantry=${1/#\~/$HOME} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  # readline makes three words of --config=FILE.
  if [ "$word" = = ]; then
    word=""
  elif [ "$before" = = ]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi

  local -a chosen=() config=() shipped=()
  local help one offers i
  help=$("$gantry" --help 2>/dev/null)
  for ((i = 1; i < COMP_CWORD; ++i)); do
    one=${COMP_WORDS[i]}
    if [ "$one" = --config ] || [ "$one" = --shipped ]; then
      ((++i))
      [ "${COMP_WORDS[i]}" != = ] || ((++i))
      local -n given=${one#--}
      given=("$one" "${COMP_WORDS[i]/#\~/$HOME}")
    elif grep -qxF -e "$one" <<<"$(_gantry_listed "$help" Subcommands)"; then
      chosen+=("$one")
      help=$("$gantry" "${chosen[@]}" --help 2>/dev/null)
    fi
  done

  local wanted=""
  case $before in --*) wanted=$(_gantry_value_of "$help" "$before") ;; esac
  case $wanted,$before in
    ,*)
      wanted=$(sed -nE '/^Positionals:/,/^$/s/^  ([A-Z]+|[a-z]+ (FILE)).*/\2\1/p' <<<"$help") ;;
    NAME,--route) wanted=ROUTE ;;
    *) wanted+=" of an option" ;;
  esac
  case $word,$wanted in
    -*,*) mapfile -t COMPREPLY < <(compgen -W "$(_gantry_listed "$help" Options)" -- "$word") ;;
    *,FILE* | *,PATH*)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    *,ROUTE*)
      mapfile -t COMPREPLY < <(compgen -W "$("$gantry" check "${config[@]}" 2>/dev/null | sed -n 's/^route //p')" -- "$word") ;;
    *,*' of an option') COMPREPLY=() ;;
    *,NAME)
      offers=""
      case ${chosen[*]} in
        enable) offers=$("$gantry" enable "${config[@]}" "${shipped[@]}" 2>/dev/null | sed -nE 's/: (not enabled|disabled,.*)$//p') ;;
        disable) offers=$("$gantry" disable "${config[@]}" "${shipped[@]}" 2>/dev/null) ;;
      esac
      mapfile -t COMPREPLY < <(compgen -W "$offers" -- "$word") ;;
    *)
      offers=$(_gantry_listed "$help" Subcommands)
      mapfile -t COMPREPLY < <(compgen -W "${offers:-$(_gantry_listed "$help" Options)}" -- "$word") ;;
  esac
}

complete -F _gantry gantry
