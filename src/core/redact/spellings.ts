const BACKSLASH_SLASH = /\//g;
const NOT_ASCII = /[^\x00-\x7f]/g;
/** A shorter piece of Base64 occurs in other Base64 by chance. */
const MIN_BASE64_CHARACTERS = 10;

/**
 * How programs write a value: as it is, within JSON (once, and in JSON within JSON), in a URL or a form, and as Base64,
 * of its own or in the middle of more.
 */
export function spellings(value: string): readonly string[] {
  const json = inJson(value);
  const url = encodeURIComponent(wellFormed(value));
  return [
    ...new Set([
      value,
      ...json,
      ...json.flatMap(inJson),
      url,
      url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      url.replaceAll('%20', '+'),
      ...base64(value),
    ]),
  ];
}

function inJson(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [json, ascii, json.replace(BACKSLASH_SLASH, '\\/')];
}

/** encodeURIComponent refuses half of a surrogate pair. */
function wellFormed(value: string): string {
  return Buffer.from(value).toString();
}

/** The Base64 characters that every encoding of the value shares, for each offset in a group of three bytes. */
function base64(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const texts = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(before === 0 ? 0 : before + 1, whole);
  });
  return texts
    .filter((text) => text.length >= MIN_BASE64_CHARACTERS)
    .flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}
