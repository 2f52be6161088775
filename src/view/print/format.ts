import { itemAt } from '../../core/items/element-at.js';
import { isYetToCome } from '../../core/clock.js';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `999 B`, `1.2 kB`, `688.9 kB`: decimal units, one digit after the point. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.95 and more would be shown as 1000.0 of the smaller unit.
  while (value >= (unit === 0 ? 1000 : 999.95) && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${itemAt(UNITS, unit)}`;
}

/** `0.4s`, `12s`, `3m 04s`, `2h 05m`, `3d 04h`: two units at most, cut off, never rounded up. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 10) return `${(Math.floor(Math.max(0, ms) / 100) / 10).toFixed(1)}s`;
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours}h ${two(minutes % 60)}m` : `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** `0:07`, `12:34`, `1:02:03`: as a player shows where it is. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${two(minutes % 60)}:${two(seconds % 60)}`;
  return minutes < 60 ? clock.replace(/^0(?=\d)/, '') : `${Math.floor(minutes / 60)}:${clock}`;
}

/** `just now`, `40s ago`, `3m ago`, `2h ago`, `4d ago`; `in the future` for a time of a wrong clock. */
export function formatAge(ms: number): string {
  if (isYetToCome(-ms, 0)) return 'in the future';
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h ago` : `${Math.floor(seconds / 86_400)}d ago`;
}

/** `20 seconds old`, `1 minute old`, `5 hours old`, `3 days old`: cut off, never rounded up. */
export function formatOld(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const [count, unit] =
    seconds < 60
      ? [seconds, 'second']
      : seconds < 3600
        ? [Math.floor(seconds / 60), 'minute']
        : seconds < 86_400
          ? [Math.floor(seconds / 3600), 'hour']
          : [Math.floor(seconds / 86_400), 'day'];
  return `${counted(count, unit)} old`;
}

/** `1 task`, `3 tasks` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A command as one line that a POSIX shell would read as the same words. */
export function formatCommand(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}
