import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { ConfigError, readConfig, type Config } from './config.ts';

/** How long a stop waits for what is being answered, milliseconds: as long as a provider is waited for. */
const IN_FLIGHT_MS = 15_000;
/**
 * When a stop is given up, milliseconds: what is in flight, then the last rows and leases of calls. Fly ends the
 * machine at `kill_timeout` (fly.toml), which is longer.
 */
const CLOSE_DELAY_MS = 25_000;

const config = configOrExit();
const app = await buildApp({ config });
closeWithGrace({ delay: CLOSE_DELAY_MS, logger: app.log }, async ({ err, signal }) => {
  if (err) app.log.error({ err }, 'stopping after a fault');
  else app.log.info({ signal }, 'stopping');
  app.drain.begin();
  if (!(await app.drain.idle(IN_FLIGHT_MS))) app.log.warn('stopping with requests unanswered');
  await app.close();
  app.log.info('stopped');
});
await app.listen({ port: config.port, host: config.host });

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
