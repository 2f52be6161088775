export type { Backend, Invocation, InvocationOptions } from './backend.js';
export { commandBackend } from './command.js';
export { planInvocation } from './plan-invocation.js';
export { backends, findBackend } from './registry.js';
