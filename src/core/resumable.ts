/**
 * Something whose state can be saved as a plain value, which JSON keeps: another of its class, made with the same options, goes on
 * from there exactly as it does. What was saved does not change afterwards.
 *
 * `tests/contracts/resumable.test.ts` holds every class that implements it to that, and each of its fields to be saved.
 */
export interface Resumable<State> {
  save(): State;
  /** Throws, or goes on otherwise, where `state` is none of this version's. */
  resume(state: State): void;
}

/** What has the state `States` together, by name. */
export type Resumables<States> = { readonly [Name in keyof States]: Resumable<States[Name]> };

export function saveAll<States extends object>(members: Resumables<States>): States {
  const states: Partial<States> = {};
  for (const name of namesOf(members)) states[name] = members[name].save();
  // There is one for each name now.
  return states as States;
}

/** In the order of `members`: one may look at those in front of it. */
export function resumeAll<States extends object>(members: Resumables<States>, states: NoInfer<States>): void {
  for (const name of namesOf(members)) members[name].resume(states[name]);
}

function namesOf<T extends object>(object: T): readonly (keyof T)[] {
  // An object made here of these very names has no others.
  return Object.keys(object) as (keyof T)[];
}
