# TAB completion of orch for bash. To install: orch completion bash >> ~/.bashrc
_orch() {
  local kind line at
  COMPREPLY=()
  case ${COMP_WORDS[COMP_CWORD-1]} in
    *[\<\>]) return ;; # a file to read or write
  esac
  {
    IFS= read -r kind
    while IFS= read -r line; do COMPREPLY+=("$line"); done
  } < <(command orch complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
  case $kind in
    files) return ;;
    folders) compopt +o default -o dirnames 2>/dev/null ;;
    command*)
      for ((at = 1; at < COMP_CWORD; at++)); do
        [[ ${COMP_WORDS[at]} == -- ]] && break
      done
      if declare -F _comp_command_offset >/dev/null; then _comp_command_offset $((at + 1))
      elif declare -F _command_offset >/dev/null; then _command_offset $((at + 1))
      elif ((COMP_CWORD == at + 1)) && [[ $2 != */* ]]; then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$2")
      fi ;;
    *)
      # An older bash, such as that of macOS, has not all of these; there files are offered where nothing else is.
      compopt +o default 2>/dev/null
      compopt -o nosort 2>/dev/null ;;
  esac
}
complete -o default -F _orch orch
