export type { Backend, Invocation } from './backend.js';
export type { Behaviour } from './behaviour.js';
export { COMMAND, commandBackend } from './command.js';
export { type CustomBackend, customBackend } from './custom.js';
export { planInvocation } from './plan-invocation.js';
export { backends, DEFAULT_BACKEND, findBackend } from './registry.js';
export { PLACEHOLDERS, placeholdersIn, RESUME_PLACEHOLDERS } from './template.js';
