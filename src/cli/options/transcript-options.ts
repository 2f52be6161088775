import type { AlternateScreen } from '../../render/model/line.js';
import type { OptionSpec, OptionValues } from './command.js';

/** Of what is shown as clean text: what becomes of full-screen programs. */
export const altOption: OptionSpec = {
  flags: '--alt <mode>',
  description: 'full-screen programs: their last frame, what scrolled by in them too, or nothing (default: final)',
  choices: ['final', 'diff', 'none'],
};

export function readAlt(options: OptionValues): AlternateScreen {
  const alt = options.text('alt');
  return alt === 'diff' || alt === 'none' ? alt : 'final';
}
