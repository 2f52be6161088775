/** Why a case of a public suite gives something else here, by `suite/case`. docs/transcript.md says more. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {};
