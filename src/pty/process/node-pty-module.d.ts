/**
 * The API of node-pty that orch uses. The repackaged module declares its types under its own name, not under the
 * alias it is installed as (docs/decisions/0001-lydell-node-pty.md).
 */
declare module 'node-pty' {
  export interface Terminal {
    readonly pid: number;
    resize(cols: number, rows: number): void;
    onExit(listener: (status: { exitCode: number; signal?: number }) => void): void;
  }

  export function spawn(
    file: string,
    args: string[],
    options: {
      name?: string;
      cols: number;
      rows: number;
      cwd: string;
      env: Record<string, string>;
      encoding: string | null;
    },
  ): Terminal;
}
