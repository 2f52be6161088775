import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errors } from '../../core/errors.js';
import type { ExitStatus } from '../../core/exit-status.js';
import { nodeEnvironment } from '../../core/process/node-environment.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { type LedProgram, readLeaderLine } from './leader-lines.js';
import type { PtyProcess, PtyRead, PtySpawn } from './pty-process.js';

/**
 * Starts a process under a new pseudo-terminal whose session outlives it: a small program of orch's leads the session,
 * starts the process, and stays until {@link PtyProcess.close}, or until orch ends.
 */
export function spawnLed(options: PtySpawn, spawn: (options: PtySpawn) => PtyProcess): PtyProcess {
  return new LedProcess(options, spawn);
}

const LEADER = fileURLToPath(new URL('./session-leader.js', import.meta.url));
/** A socket's path holds about a hundred bytes, its terminating one included (unix(7): 108; macOS: 104). */
const LONGEST_FOLDER = 70;

class LedProcess implements PtyProcess {
  readonly #leader: PtyProcess;
  readonly #folder: string;
  readonly #server: Server;
  #connection: Socket | undefined;
  #pid: number | undefined;
  #status: ExitStatus | undefined;
  #onStart: () => void = () => undefined;
  #onExit: (status: ExitStatus) => void = () => undefined;

  constructor({ file, args, env, cwd, size }: PtySpawn, spawn: (options: PtySpawn) => PtyProcess) {
    // As node-pty would have it.
    const program: LedProgram = { file, args, env: { ...env, PWD: cwd, TERM: env['TERM'] ?? 'xterm' } };
    try {
      this.#folder = mkdtempSync(join(tmpdir().length > LONGEST_FOLDER ? '/tmp' : tmpdir(), 'orch-'));
    } catch (error) {
      throw errors.spawnFailed(file, error);
    }
    const path = join(this.#folder, 'leader');
    this.#server = createServer((connection) => {
      this.#talk(connection, program);
    });
    // Failures reach us by the leader, which reports that it cannot connect.
    this.#server.on('error', () => undefined);
    this.#server.listen(path);
    try {
      this.#leader = spawn({ file: process.execPath, args: [LEADER, path], env: nodeEnvironment(), cwd, size });
    } catch (error) {
      this.#hangUp();
      throw error;
    }
    this.#leader.onExit((status) => {
      this.#exit(status);
    });
  }

  /** The leader's pid until the process has been started. */
  get pid(): number {
    return this.#pid ?? this.#leader.pid;
  }

  get device(): string {
    return this.#leader.device;
  }

  onStart(listener: () => void): void {
    this.#onStart = listener;
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#leader.onBytes(listener);
  }

  onExit(listener: (status: ExitStatus) => void): void {
    this.#onExit = listener;
  }

  pausePushing(): void {
    this.#leader.pausePushing();
  }

  resumePushing(): void {
    this.#leader.resumePushing();
  }

  stopPushing(): void {
    this.#leader.stopPushing();
  }

  read(buffer: Uint8Array, start: number): PtyRead {
    return this.#leader.read(buffer, start);
  }

  write(bytes: Uint8Array): number {
    return this.#status === undefined ? this.#leader.write(bytes) : 0;
  }

  resize(size: TerminalSize): void {
    if (this.#status === undefined) this.#leader.resize(size);
  }

  kill(signal: NodeJS.Signals): void {
    this.#leader.kill(signal);
  }

  releaseSlave(): void {
    this.#leader.releaseSlave();
  }

  close(): void {
    this.#leader.close();
    this.#hangUp();
  }

  #talk(connection: Socket, program: LedProgram): void {
    this.#connection = connection;
    this.#forgetPath();
    connection.on('error', () => undefined); // The leader has been killed, which its exit reports.
    connection.setEncoding('utf8');
    let said = '';
    connection.on('data', (text) => {
      const lines = (said + String(text)).split('\n');
      said = lines.pop() ?? '';
      for (const line of lines) this.#hear(line);
    });
    connection.write(`${JSON.stringify(program)}\n`);
  }

  #hear(line: string): void {
    const heard = readLeaderLine(line);
    if (heard?.type === 'started') this.#start(heard.pid);
    else if (heard?.type === 'ended') this.#exit(heard.status);
  }

  #start(pid: number): void {
    if (this.#pid !== undefined) return;
    this.#pid = pid;
    this.#onStart();
  }

  /** Called with the status that the leader reports, or with its own where it was killed with the process. */
  #exit(status: ExitStatus): void {
    if (this.#status !== undefined) return;
    // Killed before it started the program, the leader takes the program's place.
    this.#start(this.pid);
    this.#status = status;
    this.#forgetPath();
    this.#onExit(status);
  }

  #hangUp(): void {
    this.#connection?.destroy();
    this.#forgetPath();
  }

  #forgetPath(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
