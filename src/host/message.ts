/** A message of a client. */
export interface Message {
  readonly text: string;
  /** Names of keys, pressed behind the text. */
  readonly keys: readonly string[];
  readonly isAnswer: boolean;
  /** Of the client. */
  readonly name: string;
}
