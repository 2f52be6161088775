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
    summary: 'what one agent or a hundred printed, live or afterwards',
    load: async () => (await import('./commands/logs.js')).logsCommand,
  },
  {
    name: 'replay',
    summary: 'play a recording in its own time, with keys to steer it',
    load: async () => (await import('./commands/replay.js')).replayCommand,
  },
  {
    name: 'render',
    summary: 'turn any raw log, typescript or asciicast into clean text',
    load: async () => (await import('./commands/render.js')).renderCommand,
  },
  {
    name: 'export',
    summary: 'make a task a file for other programs, or move it whole',
    load: async () => (await import('./commands/export.js')).exportCommand,
  },
  {
    name: 'import',
    summary: 'make a task of a recording, or of a task from elsewhere',
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
    summary: 'show what is known of a task',
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
    load: async () => (await import('./commands/wait.js')).waitCommand,
  },
  {
    name: 'stop',
    summary: 'end tasks that run, and agents whose orch was killed',
    load: async () => (await import('./commands/stop.js')).stopCommand,
  },
  {
    name: 'verify',
    summary: 'prove recordings whole, byte for byte',
    load: async () => (await import('./commands/verify.js')).verifyCommand,
  },
  {
    name: 'index',
    summary: 'make anew what lets views begin in the middle of a recording',
    load: async () => (await import('./commands/make-index.js')).indexCommand,
  },
  {
    name: 'prune',
    summary: 'remove old tasks, as flags or orch.yml say',
    load: async () => (await import('./commands/prune.js')).pruneCommand,
  },
  {
    name: 'completion',
    summary: 'print what makes TAB complete orch in your shell',
    load: async () => (await import('./commands/completion.js')).completionCommand,
  },
  {
    name: 'man',
    summary: 'show the manual, wherever orch is installed',
    load: async () => (await import('./commands/man.js')).manCommand,
  },
];
