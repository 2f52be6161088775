import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { GEMINI_MODEL } from './generate-content.js';

/** Agents look at no key they were not told to accept. */
const KEY = 'scripted-key';

/** Of each request that fails, claude makes so many more; its own ten take three minutes. */
const CLAUDE_RETRIES = 2;

/** A user's home, in which the agents know one model, and a project of theirs. Removed at the end of its scope. */
export interface AgentHome extends Disposable {
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
}

/** `bin`: where the agents are. `modelUrl`: the model they are to talk to. */
export function agentHome(bin: string, modelUrl: string): AgentHome {
  const home = temporaryFolder();
  const project = join(home.path, 'project');
  mkdirSync(project);
  write(join(home.path, '.claude.json'), {
    hasCompletedOnboarding: true,
    customApiKeyResponses: { approved: [KEY], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: true } },
  });
  write(join(home.path, '.config/opencode/opencode.json'), {
    model: 'scripted/model',
    small_model: 'scripted/model',
    autoupdate: false,
    permission: { webfetch: 'ask' },
    provider: {
      scripted: {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${modelUrl}/v1`, apiKey: KEY },
        models: { model: { tool_call: true, limit: { context: 2_000_000, output: 8_000 } } },
      },
    },
  });
  const codex = join(home.path, '.codex');
  mkdirSync(codex);
  writeFileSync(join(codex, 'config.toml'), codexSettings(`${modelUrl}/v1`));
  write(join(home.path, '.gemini/settings.json'), {
    security: { auth: { selectedType: 'gemini-api-key' } },
    privacy: { usageStatisticsEnabled: false },
    general: { enableAutoUpdate: false },
  });
  write(join(home.path, '.qwen/settings.json'), {
    security: { auth: { selectedType: 'openai', apiKey: KEY, baseUrl: `${modelUrl}/qwen/v1` } },
    model: { name: 'scripted', generationConfig: { contextWindowSize: 2_000_000 } },
    privacy: { usageStatisticsEnabled: false },
    general: { enableAutoUpdate: false },
  });
  write(join(home.path, '.pi/agent/models.json'), {
    providers: {
      scripted: {
        baseUrl: `${modelUrl}/pi/v1`,
        api: 'openai-completions',
        apiKey: KEY,
        models: [{ id: 'scripted', contextWindow: 2_000_000, maxTokens: 8_000 }],
      },
    },
  });
  write(join(home.path, '.pi/agent/settings.json'), { defaultProvider: 'scripted', defaultModel: 'scripted' });
  return {
    project,
    env: {
      CODEX_HOME: codex,
      SCRIPTED_KEY: KEY,
      GEMINI_API_KEY: KEY,
      GEMINI_MODEL,
      GOOGLE_GEMINI_BASE_URL: modelUrl,
      HOME: home.path,
      COPILOT_PROVIDER_BASE_URL: `${modelUrl}/copilot/v1`,
      COPILOT_PROVIDER_API_KEY: KEY,
      COPILOT_PROVIDER_MAX_PROMPT_TOKENS: '2000000',
      COPILOT_MODEL: 'scripted',
      COPILOT_OFFLINE: 'true',
      PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: KEY,
      CLAUDE_CODE_MAX_RETRIES: `${CLAUDE_RETRIES}`,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // It runs commands unasked as root in a sandbox only; this is one.
      IS_SANDBOX: '1',
    },
    [Symbol.dispose]: home[Symbol.dispose],
  };
}

function codexSettings(baseUrl: string): string {
  return [
    'model = "scripted"',
    'model_provider = "scripted"',
    '[model_providers.scripted]',
    'name = "Scripted"',
    `base_url = "${baseUrl}"`,
    'env_key = "SCRIPTED_KEY"',
    'wire_api = "responses"',
    'request_max_retries = 2',
    'stream_max_retries = 2',
    '',
  ].join('\n');
}

function write(path: string, settings: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(settings));
}
