import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { anthropicMessages } from './anthropic-messages.js';
import { chatCompletions } from './chat-completions.js';
import { generateContent } from './generate-content.js';
import type { ModelRequest, Protocol } from './protocol.js';
import { responses } from './responses.js';
import { type Answer, answerTo, ERROR_MESSAGES } from './scenarios.js';

const PROTOCOLS: readonly Protocol[] = [anthropicMessages, ...chatCompletions, responses, generateContent];

/** Any answer but a slow one streams in well under a second, and still in many pieces. */
const PACE_MS = 4;

/** A model that answers from a script, on the loopback interface. Each server remembers what it was asked, and nothing else. */
export class ModelServer implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch((error: unknown) => {
      this.problems.push(error);
      response.destroy();
    });
  });
  /** Every request for an answer in which a scenario was named, in order. */
  readonly asked: ModelRequest[] = [];
  /** How many pieces of answers have been sent. */
  streamed = 0;
  /** Requests that could not be read. */
  readonly problems: unknown[] = [];
  #refusals = 0;

  private constructor() {}

  /** @throws where there is no loopback interface */
  static async start(): Promise<ModelServer> {
    const model = new ModelServer();
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    return model;
  }

  /** Where agents find it. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.url).pathname;
    const body = await buffer(request);
    if (path === `${anthropicMessages.path}/count_tokens`) {
      sendJson(response, 200, { input_tokens: 100 });
      return;
    }
    const protocol = PROTOCOLS.find((known) => known.path === path);
    if (protocol === undefined || request.method !== 'POST') {
      sendJson(response, 404, {});
      return;
    }
    const asked = protocol.read(JSON.parse(body.toString()));
    await this.#answer(protocol, asked, response);
  }

  async #answer(protocol: Protocol, asked: ModelRequest, response: ServerResponse): Promise<void> {
    const answer = this.#choose(asked);
    if (answer.type === 'error') {
      this.#refusals += 1;
      sendJson(response, answer.status, protocol.error(answer.status, ERROR_MESSAGES[answer.status]));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const paceMs = answer.type === 'text' ? answer.paceMs : undefined;
    for (const piece of protocol.stream(answer)) {
      if (response.destroyed) return;
      response.write(piece);
      this.streamed += 1;
      await delay(paceMs ?? PACE_MS);
    }
    if (answer.type === 'cut') response.destroy();
    else response.end();
  }

  /** What agents ask for themselves, such as a title, comes without tools, and is no part of the script. */
  #choose(asked: ModelRequest): Answer {
    const scripted = asked.tools.length === 0 ? undefined : answerTo({ ...asked, refusals: this.#refusals });
    if (scripted === undefined) return { type: 'text', text: 'A title' };
    this.asked.push(asked);
    return scripted;
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
