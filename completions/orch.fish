# TAB completion of orch for fish. To install: orch completion fish > ~/.config/fish/completions/orch.fish
function __orch_complete
    set -l words (commandline -opc)
    set -l raw (commandline -tc)
    # A quote may still be open.
    set -l current (string unescape -- $raw; or string unescape -- $raw\'; or string unescape -- $raw\")
    set -l answer (command orch complete fish $words[2..-1] "$current" 2>/dev/null)
    set -l head (string match -r -- '^--[^=]*=' "$raw")
    set -l path (string replace -r -- '^--[^=]*=' '' "$raw")
    switch "$answer[1]"
        case words
            string join \n -- $answer[2..-1]
        case files
            string replace -r -- '^' "$head" (complete -C "'' $path")
        case folders
            string replace -r -- '^' "$head" (complete -C "'' $path" | string match -r -- '^[^\t]*/(?:\t.*)?$')
        case 'command *'
            set -l at (math 1 + (string replace 'command ' '' $answer[1]))
            complete -C (string join ' ' -- (string escape -- $words[$at..-1]) $raw)
    end
end
complete -c orch -f -k -a '(__orch_complete)'
