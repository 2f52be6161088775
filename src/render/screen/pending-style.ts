import type { Resumable } from '../../core/resumable.js';
import type { EmulatorFeed } from '../emulator/emulator-feed.js';

/** SGR that the emulator gets with the next character: in front of a combining mark it would separate that from its character. */
export class PendingStyle implements Resumable<string> {
  /** The sequences, as they came. */
  bytes = '';
  readonly #feed: EmulatorFeed;
  readonly #styles: boolean;

  /** `styles`: it resumes the styles of a saved state; without, none are kept. */
  constructor(feed: EmulatorFeed, styles: boolean) {
    this.#feed = feed;
    this.#styles = styles;
  }

  save(): string {
    return this.bytes;
  }

  resume(bytes: string): void {
    this.bytes = this.#styles ? bytes : '';
  }

  add(bytes: string): void {
    if (this.bytes.length + bytes.length > MAX_STYLE_BYTES) this.apply();
    this.bytes += bytes;
  }

  apply(): void {
    const { bytes } = this;
    this.bytes = '';
    if (bytes !== '') this.#feed.sequence(bytes, undefined, 0, this.#feed.end);
  }
}

/** Colours in a row without text between them are put together up to here. */
const MAX_STYLE_BYTES = 1024;
