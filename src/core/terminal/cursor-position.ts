/** One-based, as the cursor position report has it (ECMA-48 CPR). */
export interface CursorPosition {
  readonly row: number;
  readonly col: number;
}
