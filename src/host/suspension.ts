import { lineSettings } from '../pty/input/line-settings.js';
import { wouldStop } from '../pty/process/stops-at-key.js';
import type { HostedClient } from './hosted-client.js';

/** The key that stops a program (termios(3), VSUSP). */
export const CTRL_Z = 0x1a;

/** An agent that can be stopped, and goes on later. */
export interface Suspendable {
  /** Its terminal, such as `/dev/pts/7`. */
  readonly device: string;
  /** Its process group. */
  readonly group: number;
  suspend(): void;
  goOn(): void;
}

/**
 * Ctrl-Z for an agent that leaves it to its terminal, as most commands do: the agent stops, and so does the client whose key that was, until
 * its shell has it go on. The kernel drops the signal of that key for a process group that no shell would continue; here the client does.
 */
export class Suspension {
  readonly #agent: Suspendable;
  #suspendedBy: HostedClient | undefined;
  #isAsking = false;

  constructor(agent: Suspendable) {
    this.#agent = agent;
  }

  /** The client that writes has typed the key. */
  async suspendBy(client: HostedClient): Promise<void> {
    if (this.#isAsking || this.#suspendedBy !== undefined) return;
    this.#isAsking = true;
    const { device, group } = this.#agent;
    const stops = (await lineSettings(device)).stopsAtCtrlZ && (await wouldStop(group));
    this.#isAsking = false;
    // Another run may have begun.
    if (!stops || client.hasGone || group !== this.#agent.group) return;
    this.#suspendedBy = client;
    this.#agent.suspend();
    client.say({ type: 'stopped' });
  }

  /** The agent goes on, where a key of that client has stopped it. */
  goOn(client: HostedClient): void {
    if (client !== this.#suspendedBy) return;
    this.#suspendedBy = undefined;
    this.#agent.goOn();
  }
}
