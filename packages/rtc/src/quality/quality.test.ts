import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Quality } from '../events.ts';
import {
  coarse,
  rate,
  watchQuality,
  type QualityMessage,
  type Rated,
  type Sample,
} from './quality.ts';

const well: Sample = { roundTripMs: 50, jitterMs: 5, loss: 0, concealed: 0 };

describe('rate', () => {
  /** Overall rating after each sample. */
  const follow = (...samples: Partial<Sample>[]): number[] => {
    let rated: Rated = [];
    return samples.map((sample) => {
      rated = rate(rated, { ...well, ...sample });
      return Math.min(...rated.map(({ rating }) => rating));
    });
  };
  const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one);

  it('begins well, and follows bad news with the second sample', () => {
    expect(follow({}, { loss: 0.5 }, { loss: 0.5 })).toEqual([5, 5, 1]);
  });

  it('lets one bad sample pass', () => {
    expect(follow({ loss: 0.5 }, {}, { loss: 0.5 }, {}, { loss: 0.5 })).toEqual([5, 5, 5, 5, 5]);
  });

  it('goes no further than the mildest of the samples that it follows', () => {
    expect(follow({ roundTripMs: 900 }, { roundTripMs: 300 })).toEqual([5, 4]);
    const bad = { roundTripMs: 900 };
    const ratings = follow(bad, bad, {}, {}, { roundTripMs: 500 }, {}, {});
    expect(ratings).toEqual([5, 1, 1, 1, 1, 1, 3]);
  });

  it('follows good news only after five better samples in a row', () => {
    const bad = { loss: 0.5 };
    expect(follow(bad, bad, ...times(5, {}))).toEqual([5, 1, 1, 1, 1, 1, 5]);
    expect(follow(bad, bad, ...times(4, {}), bad, ...times(4, {})).at(-1)).toBe(1);
  });

  it('counts only samples that point the same way', () => {
    const fair = { loss: 0.05 };
    const bad = { loss: 0.5 };
    expect(follow(fair, fair, bad, {}, bad, {}, bad)).toEqual([5, 3, 3, 3, 3, 3, 3]);
  });

  it('keeps figures apart: a bad one is not made good by another', () => {
    const bad = { jitterMs: 200 };
    expect(follow(bad, { loss: 0.5 }, bad, { loss: 0.5 })).toEqual([5, 5, 5, 5]);
    expect(follow(bad, bad, { ...bad, loss: 0.5 }, { ...bad, loss: 0.5 })).toEqual([5, 1, 1, 1]);
  });

  it('leaves as it was what was not measured', () => {
    const bad = { concealed: 0.5 };
    expect(follow(bad, bad, ...times(9, { concealed: null })).at(-1)).toBe(1);
    expect(follow(bad, { concealed: null }, bad)).toEqual([5, 5, 1]);
  });

  it.each<[keyof Sample, number[]]>([
    ['roundTripMs', [200, 210, 410, 610, 810]],
    ['jitterMs', [15, 20, 35, 65, 125]],
    ['loss', [0.01, 0.02, 0.04, 0.09, 0.21]],
    ['concealed', [0.02, 0.03, 0.06, 0.11, 0.26]],
  ])('rates %s from 5 down to 1', (figure, values) => {
    const ratings = values.map((value) => follow({ [figure]: value }, { [figure]: value })[1]);
    expect(ratings).toEqual([5, 4, 3, 2, 1]);
  });
});

/** What a browser counts of a call. */
class Call {
  received = 0;
  lost = 0;
  concealed = 0;
  silent = 0;
  samples = 0;
  energy = 0;
  seconds = 0;
  roundTrip: number | undefined = 0.05;
  fractionLost: number | undefined = 0;
  jitter = 0.004;

  /** Two seconds in which the interviewer speaks and the candidate's room is quiet. */
  go({ received = 100, lost = 0, concealed = 0, silent = 0, level = 0.001 } = {}): void {
    this.received += received;
    this.lost += lost;
    this.concealed += concealed + silent;
    this.silent += silent;
    this.samples += 96_000;
    this.energy += 2 * level ** 2;
    this.seconds += 2;
  }

  report(): RTCStatsReport {
    const stats: (Record<string, unknown> & { id: string })[] = [
      { id: 'P0', type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
      { id: 'P1', type: 'candidate-pair', nominated: true, currentRoundTripTime: this.roundTrip },
      { id: 'P2', type: 'candidate-pair', nominated: true, currentRoundTripTime: 7 },
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P1' },
      {
        id: 'I',
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived: this.received,
        packetsLost: this.lost,
        jitter: this.jitter,
        concealedSamples: this.concealed,
        silentConcealedSamples: this.silent,
        totalSamplesReceived: this.samples,
      },
      {
        id: 'R',
        type: 'remote-inbound-rtp',
        kind: 'audio',
        roundTripTime: 0.3,
        fractionLost: this.fractionLost,
      },
      {
        id: 'M',
        type: 'media-source',
        kind: 'audio',
        totalAudioEnergy: this.energy,
        totalSamplesDuration: this.seconds,
      },
    ];
    return asReport(stats);
  }
}

function asReport(stats: { id: string }[]): RTCStatsReport {
  return new Map(stats.map((stat) => [stat.id, stat]));
}

describe('watchQuality', () => {
  let call: Call;
  let abort: AbortController;
  let told: Quality[];
  let expected: boolean;
  let getStats: () => Promise<RTCStatsReport>;

  beforeEach(() => {
    vi.useFakeTimers();
    call = new Call();
    abort = new AbortController();
    told = [];
    expected = true;
    getStats = () => Promise.resolve(call.report());
  });
  afterEach(() => {
    abort.abort();
    vi.useRealTimers();
  });

  const watch = async (): Promise<void> => {
    watchQuality({
      getStats: () => getStats(),
      onQuality: (quality) => told.push(quality),
      voice: () => ({ expected }),
      signal: abort.signal,
    });
    await vi.advanceTimersByTimeAsync(0);
  };
  /** Lets `n` samples pass in which the same happens. */
  const pass = async (n: number, what?: Parameters<Call['go']>[0]): Promise<void> => {
    for (let i = 0; i < n; i++) {
      call.go(what);
      await vi.advanceTimersByTimeAsync(2_000);
    }
  };

  it('tells what the last two seconds were like, from the pair that is in use', async () => {
    await watch();
    expect(told).toEqual([]);
    await pass(1, { received: 90, lost: 10, concealed: 9_600 });
    expect(told).toEqual([
      { rating: 5, roundTripMs: 50, jitterMs: 5, loss: 0.1, concealed: 0.1, warnings: [] },
    ]);
  });

  it('warns of what is bad and says so no longer than it is', async () => {
    await watch();
    await pass(2, { received: 90, lost: 10, concealed: 9_600 });
    expect(told.at(-1)).toMatchObject({ rating: 2, warnings: ['loss', 'concealed'] });
    await pass(5);
    expect(told.at(-1)).toMatchObject({ rating: 5, loss: 0, concealed: 0, warnings: [] });
  });

  it('does not call it concealed when nothing is sent and silence fills the gap', async () => {
    await watch();
    await pass(3, { received: 0, silent: 96_000 });
    expect(told.at(-1)).toMatchObject({ rating: 5, concealed: 0, jitterMs: null });
  });

  it('does not judge loss by a handful of packets, and takes the worse of both directions', async () => {
    call.fractionLost = 0.05;
    await watch();
    await pass(1, { received: 5, lost: 5 });
    expect(told.at(-1)?.loss).toBe(0.05);
    await pass(1, { received: 80, lost: 20 });
    expect(told.at(-1)?.loss).toBe(0.2);
    await pass(1);
    expect(told.at(-1)?.loss).toBe(0.05);
  });

  it('takes duplicates, which the browser counts as packets found again, for no loss', async () => {
    await watch();
    await pass(1, { lost: -3 });
    expect(told.at(-1)?.loss).toBe(0);
  });

  it('asks the other side for the round trip where the pair has none', async () => {
    call.roundTrip = undefined;
    await watch();
    await pass(1);
    expect(told.at(-1)?.roundTripMs).toBe(300);
  });

  it('goes by the nominated pair where the browser has no entry of the transport', async () => {
    const all = call.report.bind(call);
    call.report = () => {
      const stats = [...all().values()] as { id: string }[];
      return asReport(stats.filter(({ id }) => id !== 'T' && id !== 'P2'));
    };
    await watch();
    await pass(1);
    expect(told.at(-1)?.roundTripMs).toBe(50);
  });

  it('survives a browser that tells nothing', async () => {
    call.report = () => asReport([]);
    await watch();
    await pass(30);
    const nothing = { roundTripMs: null, jitterMs: null, loss: null, concealed: null };
    expect(told[0]).toEqual({ rating: 5, ...nothing, warnings: [] });
    expect(told.every(({ warnings }) => warnings.length === 0)).toBe(true);
  });

  it('says no more while nothing changes, but does so again every 30 s', async () => {
    await watch();
    await pass(15);
    expect(told).toHaveLength(1);
    await pass(1);
    expect(told).toHaveLength(2);
    call.jitter = 0.0041;
    await pass(1);
    expect(told).toHaveLength(2);
    call.jitter = 0.009;
    await pass(1);
    expect(told).toHaveLength(3);
  });

  it('goes on when the browser refuses once, and compares only samples that follow each other', async () => {
    await watch();
    getStats = () => Promise.reject(new Error('closed'));
    await pass(1);
    getStats = () => Promise.resolve(call.report());
    await pass(1);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toHaveLength(1);
  });

  it('never asks twice at once', async () => {
    const asked = vi.fn(() => new Promise<RTCStatsReport>(() => undefined));
    getStats = asked;
    await watch();
    await pass(10);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['between two samples', false],
    ['while the browser counts', true],
  ])('tells nothing after its end %s, and leaves no timer', async (_, counting) => {
    const counted = Promise.withResolvers<RTCStatsReport>();
    await watch();
    if (counting) {
      getStats = () => counted.promise;
      await pass(1);
    }
    abort.abort();
    expect(vi.getTimerCount()).toBe(0);
    counted.resolve(call.report());
    await pass(5);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  describe('a microphone that gives nothing', () => {
    const dead = { level: 0 };
    const noVoice = (): boolean => told.at(-1)?.warnings.includes('no_voice') ?? false;

    it('is a warning after more than 20 s of the candidate’s turn, and no worse rating', async () => {
      await watch();
      await pass(10, dead);
      expect(noVoice()).toBe(false);
      await pass(1, dead);
      expect(told.at(-1)).toMatchObject({ rating: 5, warnings: ['no_voice'] });
    });

    it('is not one that is quiet because its owner thinks', async () => {
      await watch();
      await pass(30, { level: 0.0005 });
      expect(noVoice()).toBe(false);
    });

    it('is not looked for while no voice is expected', async () => {
      await watch();
      await pass(8, dead);
      expected = false;
      await pass(20, dead);
      expect(noVoice()).toBe(false);
      expected = true;
      await pass(2, dead);
      expect(noVoice()).toBe(false);
      await pass(1, dead);
      expect(noVoice()).toBe(true);
      expected = false;
      await pass(1, dead);
      expect(noVoice()).toBe(false);
    });

    it('is forgotten with the first sound', async () => {
      await watch();
      await pass(11, dead);
      await pass(1, { level: 0.01 });
      expect(noVoice()).toBe(false);
      await pass(10, dead);
      expect(noVoice()).toBe(false);
    });
  });
});

describe('coarse', () => {
  const quality: Quality = { ...well, rating: 5, warnings: [] };
  let sent: QualityMessage[];
  let tell: (quality: Quality) => void;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    tell = coarse((message) => sent.push(message));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('makes the message of the protocol, and leaves out what is not known', () => {
    tell({ ...quality, roundTripMs: null, rating: 3, warnings: ['loss'], loss: 0.05 });
    expect(JSON.parse(JSON.stringify(sent))).toEqual([
      { type: 'quality', jitter_ms: 5, loss: 0.05, concealed: 0, rating: 3, warnings: ['loss'] },
    ]);
  });

  it('sends at once what changed the rating or the warnings, else every 30 s', () => {
    tell(quality);
    tell({ ...quality, roundTripMs: 60 });
    expect(sent).toHaveLength(1);
    tell({ ...quality, warnings: ['no_voice'] });
    tell({ ...quality, rating: 4, warnings: ['no_voice'] });
    expect(sent).toHaveLength(3);
    vi.advanceTimersByTime(29_999);
    tell({ ...quality, rating: 4, warnings: ['no_voice'] });
    expect(sent).toHaveLength(3);
    vi.advanceTimersByTime(1);
    tell({ ...quality, rating: 4, warnings: ['no_voice'] });
    expect(sent).toHaveLength(4);
  });
});
