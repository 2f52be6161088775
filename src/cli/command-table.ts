import type { CommandEntry } from './options/command.js';

/** Every command, in the order of `orch --help`. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'run an agent, show it live and record every byte',
    load: async () => (await import('./commands/run.js')).runCommand,
  },
  {
    name: 'logs',
    summary: 'print what agents printed, live or afterwards',
    load: async () => (await import('./commands/logs.js')).logsCommand,
  },
  {
    name: 'replay',
    summary: 'play a recording at its own pace, with keys to steer it',
    load: async () => (await import('./commands/replay.js')).replayCommand,
  },
  {
    name: 'render',
    summary: 'turn any raw log, typescript or asciicast into clean text',
    load: async () => (await import('./commands/render.js')).renderCommand,
  },
  {
    name: 'export',
    summary: 'write a task as a file, for other programs or machines',
    load: async () => (await import('./commands/export.js')).exportCommand,
  },
  {
    name: 'import',
    summary: 'create a task from a recording, or from another machine',
    load: async () => (await import('./commands/import.js')).importCommand,
  },
  {
    name: 'backends',
    summary: 'list the agents orch knows, and which are installed',
    load: async () => (await import('./commands/backends.js')).backendsCommand,
  },
  {
    name: 'ls',
    summary: 'list the recorded tasks and how they ended',
    load: async () => (await import('./commands/ls.js')).lsCommand,
  },
  {
    name: 'show',
    summary: 'show details of a task',
    load: async () => (await import('./commands/show.js')).showCommand,
  },
  {
    name: 'search',
    summary: 'find lines in the clean text of all tasks',
    load: async () => (await import('./commands/search.js')).searchCommand,
  },
  {
    name: 'wait',
    summary: 'wait until tasks are done, idle, or wait for you',
    load: async () => (await import('./commands/live/wait.js')).waitCommand,
  },
  {
    name: 'attach',
    summary: 'show a running task on this terminal, and type to it',
    load: async () => (await import('./commands/live/attach.js')).attachCommand,
  },
  {
    name: 'detach',
    summary: 'have every terminal leave a task, which goes on',
    load: async () => (await import('./commands/live/detach.js')).detachCommand,
  },
  {
    name: 'send',
    summary: 'type a text, or keys, to a running task',
    load: async () => (await import('./commands/live/send.js')).sendCommand,
  },
  {
    name: 'stop',
    summary: 'end running tasks, and agents whose orch was killed',
    load: async () => (await import('./commands/live/stop.js')).stopCommand,
  },
  {
    name: 'resume',
    summary: "go on with an agent's session, as a new task",
    load: async () => (await import('./commands/resume.js')).resumeCommand,
  },
  {
    name: 'rm',
    summary: 'remove tasks that have ended, with their recordings',
    load: async () => (await import('./commands/rm.js')).rmCommand,
  },
  {
    name: 'verify',
    summary: 'check that recordings are complete, byte for byte',
    load: async () => (await import('./commands/verify.js')).verifyCommand,
  },
  {
    name: 'index',
    summary: 'rebuild keyframes, and the time index if damaged',
    load: async () => (await import('./commands/make-index.js')).indexCommand,
  },
  {
    name: 'prune',
    summary: 'remove old tasks, as flags or orch.yml say',
    load: async () => (await import('./commands/prune.js')).pruneCommand,
  },
  {
    name: 'mcp',
    summary: 'let another agent read tasks, as an MCP server',
    load: async () => (await import('./commands/mcp.js')).mcpCommand,
  },
  {
    name: 'completion',
    summary: 'print the completion script for your shell',
    load: async () => (await import('./commands/completion.js')).completionCommand,
  },
  {
    name: 'man',
    summary: 'show the manual, wherever orch is installed',
    load: async () => (await import('./commands/man.js')).manCommand,
  },
];
