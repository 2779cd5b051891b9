import type { ClientMessage } from '@interview/protocol';
import type { Quality, QualityWarning } from '../events.ts';

/** Between two samples, milliseconds; our choice. */
const SAMPLE_MS = 2_000;
/** How long the candidate may be heard not at all before that is a warning, milliseconds. */
const NO_VOICE_MS = 20_000;
/**
 * Mean of the squared level, where 1 is full scale: an open microphone in a quiet room is above this (a level of 0.0003,
 * ten steps of 16 bits), one that is dead or off at its own switch is at 0; our choice.
 */
const SILENCE = 0.0003 ** 2;
/** Fewer packets than this in a sample say nothing about loss; our choice. */
const ENOUGH_PACKETS = 20;
/** A quality that stays as it is is told again after so many samples. */
const TELL_AGAIN = 15;
/** Between two reports to the proxy while the rating stays, milliseconds. */
const REPORT_MS = 30_000;
/** So many samples in a row must be worse, or better, before a rating follows; our choice. */
const WORSE = 2;
const BETTER = 5;

/** What one sample measured: milliseconds in steps of 10 (jitter: 5), shares in steps of 0.01; null where unknown. */
export type Sample = Pick<Quality, 'roundTripMs' | 'jitterMs' | 'loss' | 'concealed'>;

/**
 * Above the first limit a figure is rated 4, above the last 1; at 3 and below it is a warning. The second limit of round
 * trip, jitter and loss is where Twilio's Voice SDK warns (400 ms, 30 ms, an average of 3 %); a round trip of 800 ms is
 * twice the 400 ms one way that ITU-T G.114 says should not be exceeded. The others are our choice.
 */
const metrics: readonly [QualityWarning, keyof Sample, ...number[]][] = [
  ['round_trip', 'roundTripMs', 200, 400, 600, 800],
  ['jitter', 'jitterMs', 15, 30, 60, 120],
  ['loss', 'loss', 0.01, 0.03, 0.08, 0.2],
  ['concealed', 'concealed', 0.02, 0.05, 0.1, 0.25],
];

/** For each figure its rating and the ratings of the samples in a row that are about to change it. */
export type Rated = readonly { rating: number; run: readonly number[] }[];

/**
 * Follows bad news after two samples in a row and good news after five, and then no further than the mildest of them.
 * What was not measured stays as it was.
 *
 * @param former empty at the beginning, when everything is taken to be well
 */
export function rate(former: Rated, sample: Sample): Rated {
  return metrics.map(([, figure, ...limits], at) => {
    const held = former[at] ?? { rating: 5, run: [] };
    const { rating, run } = held;
    const value = sample[figure];
    if (value === null) return held;
    const now = 5 - limits.filter((limit) => value > limit).length;
    const worse = now < rating;
    const next = now === rating ? [] : [...run.filter((one) => one < rating === worse), now];
    if (next.length < (worse ? WORSE : BETTER)) return { rating, run: next };
    return { rating: worse ? Math.max(...next) : Math.min(...next), run: [] };
  });
}

/** What a watch needs. */
export interface QualityWatch {
  /** The figures of one call. */
  getStats: () => Promise<RTCStatsReport>;
  /** Told when numbers or rating changed enough to matter, at most once a sample, and every 30 s in any case. */
  onQuality: (quality: Quality) => void;
  /** `expected`: it is the candidate's turn, and the microphone is live and not muted. */
  voice: () => { expected: boolean };
  /** Ends the watch; nothing is told after it. */
  signal: AbortSignal;
}

/**
 * Samples the figures of one call every 2 s and rates them (the dictionary of statistics is W3C's webrtc-stats). A new
 * call takes a new watch.
 *
 * @example
 * watchQuality({ getStats: () => transport.getStats(), voice: () => ({ expected: true }), onQuality: show, signal });
 */
export function watchQuality({ getStats, onQuality, voice, signal }: QualityWatch): void {
  let timer: ReturnType<typeof setTimeout>;
  let former: Figures | null = null;
  let rated: Rated = [];
  let quietMs = 0;
  let told = '';
  let unchanged = 0;
  const take = ({ power, ...measured }: ReturnType<typeof compare>): void => {
    rated = rate(rated, measured);
    const { expected } = voice();
    // NaN, where the browser does not tell, is neither.
    if (power > SILENCE) quietMs = 0;
    else if (power <= SILENCE && expected) quietMs += SAMPLE_MS;
    const ratings = rated.map(({ rating }) => rating);
    const warnings = metrics.flatMap(([warning], at) => ((ratings[at] ?? 5) <= 3 ? warning : []));
    if (expected && quietMs > NO_VOICE_MS) warnings.push('no_voice');
    const quality = { ...measured, rating: Math.min(...ratings) as Quality['rating'], warnings };
    const key = JSON.stringify(quality);
    unchanged = key === told ? unchanged + 1 : 0;
    told = key;
    if (unchanged % TELL_AGAIN === 0) onQuality(quality);
  };
  const sample = async (): Promise<void> => {
    const now = await getStats()
      .then(read)
      .catch(() => null);
    if (signal.aborted) return;
    timer = setTimeout(() => void sample(), SAMPLE_MS);
    if (now && former) take(compare(now, former));
    former = now;
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  void sample();
}

/** What the proxy is told of a connection. */
export type QualityMessage = Extract<ClientMessage, { type: 'quality' }>;

/**
 * Turns qualities, whose numbers are coarse already, into what the proxy needs to know: a message at once when the rating
 * or the warnings changed, else one every 30 s.
 *
 * @returns to be given each quality that is told
 */
export function coarse(send: (message: QualityMessage) => void): (quality: Quality) => void {
  let sent = '';
  let at = 0;
  return ({ roundTripMs, jitterMs, loss, concealed, rating, warnings }) => {
    const key = [rating, ...warnings].join();
    const now = performance.now();
    if (key === sent && now - at < REPORT_MS) return;
    sent = key;
    at = now;
    send({
      type: 'quality',
      rtt_ms: roundTripMs ?? undefined,
      jitter_ms: jitterMs ?? undefined,
      loss: loss ?? undefined,
      concealed: concealed ?? undefined,
      rating,
      warnings: [...warnings],
    });
  };
}

/** An entry of the report. Browsers leave out what they don't have: sums of it are NaN. */
type Stat = Record<'type' | 'id' | 'kind' | 'nominated' | 'selectedCandidatePairId', unknown> &
  Record<
    | `${'packets' | 'totalSamples'}Received`
    | 'packetsLost'
    | 'fractionLost'
    | 'jitter'
    | 'concealedSamples'
    | 'silentConcealedSamples'
    | 'currentRoundTripTime'
    | 'roundTripTime'
    | 'totalAudioEnergy'
    | 'totalSamplesDuration',
    number
  >;

/** What is as it is now, and what counts from the beginning. */
interface Figures {
  now: Omit<Sample, 'concealed'>;
  counts: [
    received: number,
    lost: number,
    madeUp: number,
    played: number,
    energy: number,
    seconds: number,
  ];
}

/** Rounded to `1 / steps`; null for what is not a number. */
function known(value: number, steps: number): number | null {
  return Number.isFinite(value) ? Math.round(value * steps) / steps : null;
}

function read(report: RTCStatsReport): Figures {
  const stats = [...report.values()] as Stat[];
  const find = (type: string, key: keyof Stat = 'kind', value: unknown = 'audio'): Stat =>
    stats.findLast((stat) => stat.type === type && stat[key] === value) ?? ({} as Stat);
  const selected = stats.map((stat) => stat.selectedCandidatePairId).find(Boolean);
  // Firefox has no entry of the transport.
  const pair = find('candidate-pair', selected ? 'id' : 'nominated', selected ?? true);
  const voice = find('inbound-rtp');
  const remote = find('remote-inbound-rtp');
  const microphone = find('media-source');
  return {
    now: {
      roundTripMs: known(
        1000 * ((pair.currentRoundTripTime as number | undefined) ?? remote.roundTripTime),
        0.1,
      ),
      jitterMs: known(1000 * voice.jitter, 0.2),
      loss: known(remote.fractionLost, 100),
    },
    counts: [
      voice.packetsReceived,
      voice.packetsLost,
      // The jitter buffer makes up silence while nothing is sent; nobody hears that.
      voice.concealedSamples - voice.silentConcealedSamples,
      voice.totalSamplesReceived,
      microphone.totalAudioEnergy,
      microphone.totalSamplesDuration,
    ],
  };
}

/** `power`: of the candidate's voice, 0 to 1; NaN where the browser does not tell. */
function compare({ now, counts }: Figures, former: Figures): Sample & { power: number } {
  const [received, lost, madeUp, played, energy, seconds] = counts.map(
    (count, at) => count - (former.counts[at] ?? NaN),
  ) as Figures['counts'];
  return {
    ...now,
    jitterMs: received > 0 ? now.jitterMs : null,
    loss:
      received + lost >= ENOUGH_PACKETS
        ? // A packet that came twice takes one off: less than 0 is none.
          known(Math.max(lost / (received + lost), now.loss ?? 0), 100)
        : now.loss,
    concealed: known(Math.max(0, madeUp) / played, 100),
    power: energy / (seconds || 1),
  };
}
