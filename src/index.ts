export type { ExecOptions, ExecResult } from './pty/index.js';
export { ExecError, exec, OrchError } from './pty/index.js';
export type { AlternateScreen, Line, Link, RenderChunk } from './render/index.js';
export { cleanText, screenText } from './render/index.js';
export { Agent, type AgentOptions, type AgentResult } from './record/agent.js';
