export type { Invocation } from './backend.js';
export { commandBackend } from './command.js';
export { planInvocation } from './plan-invocation.js';
export { backends, findBackend } from './registry.js';
