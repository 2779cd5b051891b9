import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import type { Upstreams } from '../sessions/services.ts';
import { ApiKeys } from './api-keys.ts';
import { openAiBeta } from './openai-beta.ts';
import { openAiRealtime } from './openai-realtime.ts';
import type { Upstream } from './port.ts';

/** The interviewers of this configuration: the provider where there is a key, and always the simulator. */
export function chooseUpstreams(
  config: Config,
  log: FastifyBaseLogger,
  send?: typeof fetch,
): Upstreams {
  const simulator = openAiRealtime({
    ...modelsOf(config),
    ...(send ? { fetch: send } : {}),
    name: 'simulator',
    keys: new ApiKeys(['simulated']),
    keyHeader: 'authorization',
    baseUrl: config.simulatorUrl,
    safetySalt: config.openai.safetySalt,
    supervised: true,
  });
  const provider = config.simulation ? simulator : providerOf(config, log, send);
  return {
    choose: (simulated) => (simulated ? simulator : provider),
    named: (name) => [provider, simulator].find((one) => one.name === name) ?? null,
  };
}

function providerOf(config: Config, log: FastifyBaseLogger, send?: typeof fetch): Upstream {
  const { api, apiKeys, baseUrl, sideband, safetySalt } = config.openai;
  const keys = new ApiKeys(apiKeys, ({ number, of }) => {
    log.error({ key: number, of, upstream: api }, 'the provider refused an API key: replace it');
  });
  const common = { ...modelsOf(config), ...(send ? { fetch: send } : {}), keys, baseUrl };
  switch (api) {
    case 'openai-beta':
      return openAiBeta({ ...common, name: api, keyHeader: 'authorization' });
    case 'azure':
      // The safety identifier is OpenAI's own.
      return openAiRealtime({
        ...common,
        name: api,
        keyHeader: 'api-key',
        safetySalt: null,
        supervised: sideband,
      });
    case 'openai':
      return openAiRealtime({
        ...common,
        name: api,
        keyHeader: 'authorization',
        safetySalt,
        supervised: sideband,
      });
  }
}

function modelsOf({ openai: { model, transcriptionModel, voice } }: Config) {
  return { model, transcriptionModel, voice };
}
