#compdef orch
# TAB completion of orch for zsh. To install: orch completion zsh >> ~/.zshrc
_orch() {
  local -a answer
  local at
  answer=("${(@f)$(command orch complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  [[ $PREFIX == --*=* && $answer[1] == (files|folders) ]] && compset -P 1 '*='
  case $answer[1] in
    files) _files ;;
    folders) _path_files -/ ;;
    command*) at=${answer[1]#* }; shift $at words; ((CURRENT -= at)); _normal ;;
    *) shift answer; _describe -V orch answer ;;
  esac
}
if [[ $funcstack[1] == _orch ]]; then
  _orch "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _orch orch
fi
