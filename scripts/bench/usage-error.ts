/** What was asked for cannot be done; its message is the one line that is printed. */
export class UsageError extends Error {}
