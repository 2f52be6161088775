import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../../core/package-file.js';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { escapeMarkup } from '../../render/pictures/paint.js';

export interface Page {
  /** Of its script and style, which scripts/build.mjs makes of src/page. */
  readonly name: string;
  readonly title: string;
  /** Markup; asked for when all that is packed has been written. */
  readonly body: () => readonly string[];
  /** Any bytes, by the id of the element they are packed into. */
  readonly packed: Readonly<Record<string, Iterable<Uint8Array> | AsyncIterable<Uint8Array>>>;
}

/**
 * A page that holds all it needs. Its policy lets no script run and no style hold but its own two, and has nothing loaded from
 * anywhere; what is packed is Base64, in which no markup can be.
 */
export async function* pageOf({ name, title, body, packed }: Page): AsyncGenerator<Uint8Array, void, void> {
  const [script, style, licences] = [`${name}.js`, `${name}.css`, 'LICENCES.txt'].map(pageFile) as [
    string,
    string,
    string,
  ];
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const head = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="generator" content="orch export">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<noscript>This page needs JavaScript to show the recording that is in it.</noscript>',
    '',
  ];
  yield Buffer.from(head.join('\n'));
  for (const [id, bytes] of Object.entries(packed)) {
    yield Buffer.from(`<script type="application/gzip" id="${id}">`);
    yield* base64(Readable.from(bytes).pipe(createGzip({ level: 9 })));
    yield Buffer.from('</script>\n');
  }
  yield Buffer.from(`${body().join('\n')}\n`);
  yield Buffer.from(`<script type="text/plain" id="licences">\n${licences}</script>\n`);
  yield Buffer.from(`<script type="module">${script}</script>\n</body>\n</html>\n`);
}

async function* base64(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    // Three bytes are four characters; what is over goes with the next.
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    if (whole > 0) yield Buffer.from(bytes.toString('base64', 0, whole));
  }
  yield Buffer.from(rest.toString('base64'));
}

function pageFile(name: string): string {
  return readFileSync(packageFile(`dist/pages/${name}`), 'utf8');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
