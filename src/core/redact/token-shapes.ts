/** An element of a token: literal characters, then at least `least` of a set. */
export interface ShapeElement {
  readonly literal: string;
  readonly body: ByteSet;
  readonly least: number;
}

/** What a kind of token looks like. */
export interface TokenShape {
  readonly name: string;
  readonly elements: readonly [ShapeElement, ...ShapeElement[]];
  /** It must begin where a word does, because its literal also occurs within words. */
  readonly atWord?: true;
  /** The last element has exactly its `least` characters; a longer run is no token. */
  readonly exact?: true;
  /** Characters of the last element up to which it goes on behind a line break; its `least` by default. */
  readonly usual?: number;
}

/** 256 entries; 1 for each byte in the set. */
type ByteSet = Uint8Array;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

const alphanumeric = setOf(LETTERS + DIGITS);
const upper = setOf(LETTERS.slice(0, 26) + DIGITS);
const hex = setOf(`${DIGITS}abcdef`);
const word = setOf(`${LETTERS}${DIGITS}_`);
const dashed = setOf(`${LETTERS}${DIGITS}-`);
/** Base64 as URLs have it. */
const url = setOf(`${LETTERS}${DIGITS}-_`);
/** Base64 and its padding; backslashes, because JSON writes a line break as `\n`. */
const armour = setOf(`${LETTERS}${DIGITS}+/=\\`);

function setOf(characters: string): ByteSet {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) set[byte] = 1;
  return set;
}

const token = (
  name: string,
  literals: readonly string[],
  body: ByteSet,
  least: number,
  more: Pick<TokenShape, 'atWord' | 'exact' | 'usual'> = {},
): TokenShape[] => literals.map((literal) => ({ name, elements: [{ literal, body, least }], ...more }));

/** A private key extends over all its lines. */
const WHOLE = { usual: Infinity } as const;

/** The documented shapes of keys and tokens; those without a prefix of their own cannot be recognised. */
export const TOKEN_SHAPES: readonly TokenShape[] = [
  ...token('an Anthropic key', ['sk-ant-'], url, 24, { usual: 101 }),
  ...token('an OpenAI key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], url, 40),
  ...token('an OpenRouter key', ['sk-or-v1-'], hex, 64),
  ...token('an API key', ['sk-'], alphanumeric, 32, { atWord: true }),
  ...token('a GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], alphanumeric, 36),
  ...token('a GitHub token', ['github_pat_'], word, 40, { usual: 82 }),
  ...token('a GitLab token', ['glpat-', 'gldt-', 'glptt-', 'glrt-', 'glcbt-'], url, 20),
  ...token('a Slack token', ['xoxb-', 'xoxa-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxe-', 'xapp-'], dashed, 20),
  ...token('an AWS access key', ['AKIA', 'ASIA'], upper, 16, { atWord: true, exact: true }),
  ...token('a Google API key', ['AIza'], url, 35, { atWord: true, exact: true }),
  ...token('a Google OAuth token', ['ya29.'], url, 30, { atWord: true }),
  ...token('a Google OAuth secret', ['GOCSPX-'], url, 28),
  ...token('an npm token', ['npm_'], alphanumeric, 36),
  ...token('a PyPI token', ['pypi-AgE'], url, 50),
  ...token('a Hugging Face token', ['hf_'], alphanumeric, 30, { atWord: true, usual: 34 }),
  ...token('a Stripe key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], alphanumeric, 24),
  ...token('a webhook secret', ['whsec_'], setOf(`${LETTERS}${DIGITS}+/=`), 32),
  ...token('a Groq key', ['gsk_'], alphanumeric, 48, { atWord: true, usual: 52 }),
  ...token('an xAI key', ['xai-'], alphanumeric, 64, { atWord: true, usual: 80 }),
  ...token('a DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], hex, 64),
  ...token('a Docker token', ['dckr_pat_'], url, 24),
  ...token('a Linear key', ['lin_api_'], alphanumeric, 32),
  ...token('a Shopify token', ['shpat_', 'shpss_', 'shpca_'], hex, 32),
  {
    name: 'a SendGrid key',
    atWord: true,
    elements: [
      { literal: 'SG.', body: url, least: 20 },
      { literal: '.', body: url, least: 40 },
    ],
  },
  {
    name: 'a JSON web token',
    elements: [
      { literal: 'eyJ', body: url, least: 10 },
      { literal: '.eyJ', body: url, least: 4 },
      { literal: '.', body: url, least: 40 },
    ],
  },
  ...token(
    'a private key',
    ['', 'RSA', 'EC', 'DSA', 'OPENSSH', 'ENCRYPTED'].map((kind) => `BEGIN${kind}PRIVATEKEY-----`),
    armour,
    64,
    WHOLE,
  ),
  ...token('a PGP private key', ['BEGINPGPPRIVATEKEYBLOCK-----'], armour, 64, WHOLE),
];
