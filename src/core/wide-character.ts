/**
 * What a terminal gives two cells, by its first character: East Asian Wide and Fullwidth (Unicode Standard Annex #11), and
 * what is shown as a picture.
 */
export const WIDE_CHARACTER =
  /^(?:[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;
