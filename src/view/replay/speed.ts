/** Recorded time by the time it takes to show it. */
export const MIN_SPEED = 0.5;
export const MAX_SPEED = 100;
