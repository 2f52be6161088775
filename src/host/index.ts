export { OrchError } from '../core/errors.js';
export type { TerminalSize } from '../core/terminal/size.js';
export { attachToTask, connectToTask, type TaskOptions } from './connect-to-task.js';
export type { HostClient, HostClientEvents } from './host-client.js';
export type { Message } from './message.js';
export type { HostWord, PlacedBytes } from './messages.js';
export type { Sent, TaskConnection, TaskEvent } from './task-connection.js';
