import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import type { Drain } from '../drain.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Upstreams } from '../sessions/services.ts';
import { ApiKeys } from './api-keys.ts';
import { openAiBeta } from './openai-beta.ts';
import { openAiRealtime } from './openai-realtime.ts';
import type { Upstream } from './port.ts';

/** What interviewers are asked with, who hears of refused keys, and what a stop waits for. */
interface Means {
  log: FastifyBaseLogger;
  meter: Pick<Meter, 'keyRefused'>;
  fetch: typeof fetch;
  drain: Pick<Drain, 'during'>;
}

/** The interviewers of this configuration: the provider where there is a key, and always the simulator. */
export function chooseUpstreams(config: Config, means: Means): Upstreams {
  const simulator = openAiRealtime({
    ...modelsOf(config),
    ...waysOf(means),
    name: 'simulator',
    keys: new ApiKeys(['simulated']),
    keyHeader: 'authorization',
    baseUrl: config.simulatorUrl,
    safetySalt: config.openai.safetySalt,
    supervised: true,
  });
  const provider = config.simulation ? simulator : providerOf(config, means);
  return {
    choose: (simulated) => (simulated ? simulator : provider),
    named: (name) => [provider, simulator].find((one) => one.name === name) ?? null,
  };
}

function providerOf(config: Config, means: Means): Upstream {
  const { log, meter } = means;
  const { api, apiKeys, baseUrl, sideband, safetySalt } = config.openai;
  const keys = new ApiKeys(apiKeys, ({ number, of }) => {
    meter.keyRefused(api);
    log.error({ key: number, of, upstream: api }, 'the provider refused an API key: replace it');
  });
  const common = { ...modelsOf(config), ...waysOf(means), keys, baseUrl };
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

function waysOf({ log, fetch, drain }: Means) {
  return {
    fetch,
    behind: (work: () => Promise<void>) => {
      drain.during(work).catch((error: unknown) => {
        log.warn({ err: error }, 'a call of no use was not hung up');
      });
    },
  };
}

function modelsOf({ openai: { model, transcriptionModel, voice } }: Config) {
  return { model, transcriptionModel, voice };
}
