/** A pattern that is invalid (without a `fix`), or that cannot be matched in linear time. */
export class PatternRefused extends Error {
  override readonly name = 'PatternRefused';
  readonly fix: string | undefined;

  constructor(why: string, fix?: string) {
    super(why);
    this.fix = fix;
  }
}
