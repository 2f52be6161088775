import { itemAt } from '../items/element-at.js';

/** A colour of the palette of 256, as 0xRRGGBB: xterm's defaults, its cube and its greys (ctlseqs, "88- or 256-color"). */
export function paletteColour(index: number): number {
  const named = NAMED_COLOURS[index];
  if (named !== undefined) return named;
  if (index >= 232) return 0x01_01_01 * (8 + (index - 232) * 10);
  const cube = index - 16;
  const steps = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return steps.reduce((value, step) => (value << 8) | itemAt(CUBE_STEPS, step), 0);
}

const NAMED_COLOURS = [
  ...[0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5],
  ...[0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff],
];
const CUBE_STEPS = [0, 95, 135, 175, 215, 255];
