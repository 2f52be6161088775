export type { Backend, Invocation } from './backend.js';
export type { Behaviour, Signs } from './behaviour.js';
export { COMMAND, commandBackend } from './command.js';
export { planInvocation } from './plan-invocation.js';
export { backends, findBackend } from './registry.js';
