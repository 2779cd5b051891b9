import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { ConfigError, readConfig, type Config } from './config.ts';

/** Fly gives a machine this long to stop. */
const CLOSE_DELAY_MS = 10_000;

const config = configOrExit();
const app = await buildApp({ config });
closeWithGrace({ delay: CLOSE_DELAY_MS, logger: app.log }, async ({ err, signal }) => {
  if (err) app.log.error({ err }, 'stopping after a fault');
  else app.log.info({ signal }, 'stopping');
  await app.close();
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
