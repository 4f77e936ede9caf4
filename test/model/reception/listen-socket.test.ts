import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
import { Rank } from '../../../src/kernel/ranks.js';
import { MILLISECOND, SECOND } from '../../../src/kernel/time.js';
import { synWaitsNs } from '../../../src/model/reception/connection-attempts.js';
import { kernelTimerNs } from '../../../src/model/reception/kernel-timer.js';
import { ListenSocket } from '../../../src/model/reception/listen-socket.js';
import { ms } from '../../support/phases.js';
import { world } from '../../support/worlds.js';

/** When each SYN is sent [s]; the last one is when the client gives up. */
const synTimesSec = (linear: number): number[] => {
  let sum = 0;
  return synWaitsNs(linear).map((ns) => (sum += ns) / SECOND);
};

describe('attempts to connect', () => {
  it('follow tcp_syn_linear_timeouts', () => {
    expect(synTimesSec(0)).toEqual([1, 3, 7, 15, 31, 63, 127]);
    expect(synTimesSec(4)).toEqual([1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131]);
  });
});

describe('timers of the kernel', () => {
  it('go off on a grid that is coarser the longer they are', () => {
    for (const [delayMs, gridMs] of [
      [4, 4],
      [200, 4],
      [1000, 32],
      [2000, 32],
      [4000, 256],
      [16_000, 256],
      [32_000, 2048],
    ] as const) {
      for (const nowMs of [0, 1, 17, 1234]) {
        const atNs = kernelTimerNs(ms(nowMs), ms(delayMs));
        expect(atNs % ms(gridMs)).toBe(0);
        expect(atNs).toBeGreaterThan(ms(nowMs + delayMs) - ms(4)); // the current jiffy counts as a whole one
        expect(atNs).toBeLessThanOrEqual(ms(nowMs + delayMs + gridMs));
      }
    }
  });

  it('as measured: retries after 1 s came 1.000 to 1.032 s later, further ones 1.024 s apart', () => {
    const first = kernelTimerNs(ms(1003), SECOND);
    expect(kernelTimerNs(first, SECOND) - first).toBe(1024 * MILLISECOND);
  });
});

/** A socket whose server accepts nothing until told to, on a host with overheads. */
function socket(backlog: number) {
  const kernel = new Kernel();
  const { host } = world({ server: { type: 'ideal', params: {} }, requests: [] });
  const refused: [number, number][] = [];
  const listener = {
    readable: () => {},
    refused: (request: number) => refused.push([request, kernel.nowNs() / SECOND]),
  };
  const listening = new ListenSocket(kernel, backlog, host, true, listener);
  const at = (seconds: number, does: () => void): void => {
    kernel.arm(kernel.timer(kernel.define('test', Rank.Release, does), 0), seconds * SECOND);
  };
  return { kernel, listening, refused, at };
}

describe('a burst of connection attempts', () => {
  it('is answered whole, and those that find no room at its end are half open', () => {
    const { kernel, listening, at } = socket(1);
    // Two fill the queue; three more are dropped and come back together.
    for (let request = 0; request < 5; request++) at(0.0001 * (request + 1), () => listening.connect(request));
    at(0.5, () => [listening.accept(), listening.accept()]);
    kernel.runUntil(1.1 * SECOND);
    expect(listening.size).toBe(2);
    // The third is half open: its client sends again 0.2 s later, and there is room for it as soon as one is accepted.
    at(1.15, () => listening.accept());
    kernel.runUntil(1.3 * SECOND);
    expect(listening.size).toBe(2);
  });

  it('a client whose handshake never ends is refused: forgotten after the sixth wait in vain, reset at its next packet', () => {
    const { kernel, listening, refused, at } = socket(1);
    for (let request = 0; request < 5; request++) at(0.0001 * (request + 1), () => listening.connect(request));
    at(0.5, () => [listening.accept(), listening.accept()]);
    kernel.runUntil(200 * SECOND);
    expect(refused.length).toBe(1);
    const [, seconds] = refused[0]!;
    // Half open from 1 s on; 1 + 2 + 4 + 8 + 16 + 32 s of the server, then the client's next packet: 0.2 s x 2^9 after the first ones.
    expect(seconds).toBeGreaterThan(1 + 63);
    expect(seconds).toBeLessThan(110);
  });

  it('a client of which the server knows nothing gives up after tcp_retries2, 924.6 s with the tail loss probe before', () => {
    const { kernel, listening, refused, at } = socket(0);
    // One fills the queue; four more are dropped, come back together when there is room for one, and three are half open.
    for (let request = 0; request < 5; request++) at(0.0001 * (request + 1), () => listening.connect(request));
    at(0.5, () => listening.accept());
    kernel.runUntil(3600 * SECOND);
    expect(refused.length).toBe(3);
    // 0.2 s, then 0.2 x 2^k up to 120 s: 0.2 + 0.2 x (2^10 - 1) + 6 x 120 s after the first packet, which came after 1 s, on a coarse grid.
    for (const [, seconds] of refused) {
      expect(seconds).toBeGreaterThan(1 + 0.2 + 204.6 + 720);
      expect(seconds).toBeLessThan(1.1 * (1 + 0.2 + 204.6 + 720) + 20);
    }
  });

  it('when nobody listens any more half-open connections are reset at their next packet', () => {
    const { kernel, listening, refused, at } = socket(1);
    for (let request = 0; request < 5; request++) at(0.0001 * (request + 1), () => listening.connect(request));
    at(0.5, () => [listening.accept(), listening.accept()]);
    at(1.1, () => {
      listening.closes();
      listening.opens();
    });
    kernel.runUntil(3 * SECOND);
    // Two that waited at once; the third 0.2 s after its first packet.
    expect(refused.map(([, seconds]) => Math.round(10 * seconds) / 10)).toEqual([1.1, 1.1, 1.2]);
  });
});
