/** Why a case of a public suite gives something else here, by `suite/case`. docs/transcript.md says more. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'alacritty-ref/decaln_reset': 'DECALN brings the cursor home (VT510, xterm); the suite expects it to stay',
  'alacritty-ref/saved_cursor': 'DEC line drawing has a blank at 5F; the emulator keeps the underscore',
  'alacritty-ref/saved_cursor_alt':
    'DEC line drawing has a blank at 5F, and the suite saves one cursor for each screen with its character set',
  'alacritty-ref/selective_erasure':
    'DECSCA and DECSED are obeyed (VT510, xterm); the suite expects them to be ignored',
  'buildkite-fixtures/huge-line.sh': 'the suite breaks lines at 32,000 columns; here a line is whole',
  'buildkite-fixtures/pwsh.sh': 'the suite has a screen without a bottom, so CSI n;1H means another row',
  'buildkite-fixtures/unit-26-allows_clearing_the_entire_window_with_E':
    'a cleared screen was read, so it is told (T2)',
  'buildkite-fixtures/unit-27-allows_clearing_the_entire_scrollback_bu':
    'a cleared screen was read, so it is told (T2)',
  'buildkite-fixtures/unit-35-escapes_HTML_in_color_codes':
    'the rest of a malformed sequence is swallowed as on a terminal; the suite shows it',
  'buildkite-fixtures/unit-42-ignores_broken_escape_characters_strippi':
    'the rest of a malformed sequence is swallowed as on a terminal; the suite shows it',
  'tmux-regress/malformed-malformed-utf8':
    'one U+FFFD for each maximal part (WHATWG Encoding, Unicode 3.9); the suite has one for each lead byte',
  'xterm-escape/t0055-EL': 'erasing keeps the wrap that is due, as in tmux; the suite has xterm, which forgets it',
  'xterm-escape/t0084-CBT': 'the emulator does not tab back where a wrap is due',
  'xterm-escape/t0103-reverse_wrap': 'reverse wraparound (mode 45) goes back over wrapped rows only, as in xterm.js',
  'xterm-escape/t0504-vim':
    'recorded with 24 rows and expected with 25: the margins of the recording end a row too early',
};
