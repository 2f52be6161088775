# TAB completion of orch for bash. To install: orch completion bash >> ~/.bashrc
_orch() {
  local answer line at
  COMPREPLY=()
  case ${COMP_WORDS[COMP_CWORD-1]} in
    *[\<\>]) return ;; # a file to read or write
  esac
  IFS= read -r -d '' answer < <(command orch complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
  case $answer in
    files*) return ;;
    folders*) compopt +o default -o dirnames 2>/dev/null; return ;;
    command*)
      for ((at = 1; at < COMP_CWORD; at++)); do
        [[ ${COMP_WORDS[at]} == -- ]] && break
      done
      if declare -F _comp_command_offset >/dev/null; then _comp_command_offset $((at + 1))
      elif declare -F _command_offset >/dev/null; then _command_offset $((at + 1))
      elif ((COMP_CWORD == at + 1)) && [[ $2 != */* ]]; then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$2")
      fi
      return ;;
  esac
  compopt +o default -o nosort 2>/dev/null
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(printf %s "${answer#*$'\n'}")
}
complete -o default -F _orch orch
