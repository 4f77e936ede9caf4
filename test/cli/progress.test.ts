import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressLine, showProgress } from '../../src/cli/progress.js';

const STATE = { finished: 12, total: 50, done: 12.5, requests: 240_000 };

function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  return { stream, written };
}

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells what is done, how fast, and how long it will take', () => {
    expect(progressLine(STATE, 10)).toBe('12/50 replications, 24,000 requests/s, about 30 s left');
    expect(progressLine({ ...STATE, finished: 0, done: 0, requests: 0 }, 0.2)).toBe('0/50 replications');
  });

  it('on a terminal is renewed ten times a second at most and removed at the end', () => {
    const { stream, written } = fakeStream(true);
    const progress = showProgress(
      stream,
      () => STATE,
      () => Date.now(),
      {},
    );
    vi.advanceTimersByTime(2_000);
    expect(written.length).toBe(20);
    for (const text of written) {
      expect(text.startsWith('\r\u001b[2K12/50')).toBe(true);
      expect(text).not.toContain('\n');
    }
    progress.stop();
    expect(written.at(-1)).toBe('\r\u001b[2K');
    vi.advanceTimersByTime(1_000);
    expect(written.length).toBe(21);
  });

  it('elsewhere, and in CI, is a line every 30 s', () => {
    for (const [isTTY, env] of [
      [false, {}],
      [true, { CI: 'true' }],
      [true, { TERM: 'dumb' }],
    ] as const) {
      const { stream, written } = fakeStream(isTTY);
      const progress = showProgress(
        stream,
        () => STATE,
        () => Date.now(),
        env,
      );
      vi.advanceTimersByTime(29_000);
      expect(written).toEqual([]);
      vi.advanceTimersByTime(32_000);
      progress.stop();
      expect(written.length).toBe(2);
      expect(written[0]).toMatch(/^gvlsim: 12\/50 replications.*\n$/);
    }
  });
});
