import { tenantApiKey, type Demo } from './demo.ts';
import type { PagesConfig } from './pages.ts';
import type { Ports } from './ports.ts';
import type { Settings } from './settings.ts';
import type { StackInfo } from './stack-file.ts';

/** Where everything is. */
export interface Addresses {
  supabase: string;
  functions: string;
  proxy: string;
  pages: string;
  simulator: string;
  /** Of every page that the stack serves, the proxy's support page among them. */
  origins: string[];
}

/** Addresses as people and pages use them; the functions' own stands behind the Supabase origin. */
export function addresses(ports: Ports): Addresses {
  const at = (port: number, host = 'localhost'): string => `http://${host}:${port}`;
  return {
    supabase: at(ports.supabase),
    functions: at(ports.functions, '127.0.0.1'),
    proxy: at(ports.proxy),
    pages: at(ports.pages),
    simulator: at(ports.simulator),
    origins: [ports.pages, ports.proxy].flatMap((port) => [at(port), at(port, '127.0.0.1')]),
  };
}

/** What is told of a running stack. */
export function describeStack(urls: Addresses, settings: Settings, demo: Demo): StackInfo {
  const fragment = `#interview=${demo.invitation}`;
  return {
    candidateUrl: `${urls.pages}/script-tag/${fragment}`,
    recruiterUrl: `${urls.pages}/recruiter/`,
    sdkUrl: `${urls.pages}/sdk/${fragment}`,
    reactUrl: `${urls.pages}/react/${fragment}`,
    vueUrl: `${urls.pages}/vue/${fragment}`,
    accountUrl: `${urls.pages}/account/${fragment}`,
    testUrl: `${urls.pages}/simple-webrtc-test`,
    statusUrl: `${urls.proxy}/`,
    pagesUrl: urls.pages,
    proxyUrl: urls.proxy,
    supabaseUrl: urls.supabase,
    simulatorUrl: settings.simulated ? urls.simulator : null,
    publishableKey: settings.keys.publishableKey,
    secretKey: settings.keys.secretKey,
    tenantApiKey,
    recruiter: demo.recruiter,
  };
}

/** What the pages are told of it. */
export function pagesConfig({ recruiter, ...info }: StackInfo): PagesConfig {
  return {
    supabaseUrl: info.supabaseUrl,
    publishableKey: info.publishableKey,
    startUrl: `${info.supabaseUrl}/functions/v1/interview-start`,
    proxyUrl: info.proxyUrl,
    candidatePage: `${info.pagesUrl}/script-tag/`,
    accountPage: `${info.pagesUrl}/account/`,
    recruiter,
  };
}
