export { cleanText, screenText } from './clean-text.js';
export type { AlternateScreen, Line, RenderChunk } from './line.js';
export { SafeView } from './safe-view.js';
export type { Row } from './row.js';
export { type CursorPosition, Screen, type ScreenObserver } from './screen.js';
export { Transcript } from './transcript.js';
