import { Redactor, type RedactorOptions } from './redactor.js';

/** Masks whole texts, one after another, each in as many bytes as it has. */
export class TextRedactor {
  readonly #redactor: Redactor;

  constructor(options: RedactorOptions) {
    this.#redactor = new Redactor(options);
  }

  redact(text: string): string {
    const begun = this.#redactor.feed(Buffer.from(text));
    return Buffer.concat([begun, this.#redactor.end()]).toString();
  }
}
