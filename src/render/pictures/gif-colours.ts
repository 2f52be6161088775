/**
 * Pixels (0xAABBGGRR; 0: none) as indices into a palette of 0xRRGGBB whose length is a power of two. Index 0 is for none. The
 * 255 most frequent colours stay what they are, without dithering; any other becomes the one nearest to it.
 */
export function indexColours(pixels: Uint32Array): { readonly indices: Uint8Array; readonly palette: number[] } {
  const counts = new Map<number, number>();
  for (const pixel of pixels) if (pixel !== 0) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([pixel]) => pixel);
  const colours = frequent.slice(0, MAX_COLOURS);
  const index = new Map(colours.map((pixel, at) => [pixel, at + 1] as const));
  for (const pixel of frequent.slice(MAX_COLOURS)) index.set(pixel, nearest(pixel, colours) + 1);
  const palette = [0, ...colours.map(rgbOf)];
  while (palette.length < 2 || (palette.length & (palette.length - 1)) !== 0) palette.push(0);
  const indices = Uint8Array.from(pixels, (pixel) => index.get(pixel) ?? NONE);
  return { indices, palette };
}

function nearest(pixel: number, colours: readonly number[]): number {
  let best = 0;
  let least = Infinity;
  for (const [at, colour] of colours.entries()) {
    const distance = [0, 8, 16].reduce(
      (sum, shift) => sum + (((pixel >> shift) & 0xff) - ((colour >> shift) & 0xff)) ** 2,
      0,
    );
    if (distance < least) [best, least] = [at, distance];
  }
  return best;
}

function rgbOf(pixel: number): number {
  return ((pixel & 0xff) << 16) | (pixel & 0xff00) | ((pixel >> 16) & 0xff);
}

/** The index of what is not drawn. */
const NONE = 0;
/** The format's 256, without the one for none. */
const MAX_COLOURS = 255;
