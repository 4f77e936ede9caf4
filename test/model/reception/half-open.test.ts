import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
import { Rank } from '../../../src/kernel/ranks.js';
import { SECOND } from '../../../src/kernel/time.js';
import { HalfOpen } from '../../../src/model/reception/half-open.js';

/** A connection for which there is never room; `backlog`: of how many the server keeps a record. */
function hopeless(backlog: number): { readonly sentNs: number[]; readonly endNs: number } {
  const kernel = new Kernel();
  const sentNs: number[] = [];
  let endNs = Number.NaN;
  const halfOpen = new HalfOpen(kernel, backlog, {
    completes: () => {
      sentNs.push(kernel.nowNs());
      return false;
    },
    reset: () => {
      endNs = kernel.nowNs();
    },
  });
  halfOpen.add(0);
  expect(kernel.runUntil(Number.POSITIVE_INFINITY)).toBe('no events');
  return { sentNs, endNs };
}

describe('a half-open connection for which there is never room', () => {
  it('of which the server keeps no record is given up by the client after 15 retries', () => {
    const { sentNs, endNs } = hopeless(0);
    expect(sentNs).toHaveLength(1 + 15);
    // Waits of 0.2 s for the tail loss probe; 0.2, 0.4 ... 102.4 s, then 120 s each: 924.6 s (Linux ip-sysctl.rst, tcp_retries2).
    // A timer of the kernel is late by an eighth at most.
    expect(endNs).toBeGreaterThan((0.2 + 924.6) * SECOND);
    expect(endNs).toBeLessThan((0.2 + 924.6) * 1.125 * SECOND);
    const waits = sentNs.slice(1).map((ns, k) => ns - sentNs[k]!);
    expect(Math.max(...waits)).toBeLessThan(120 * 1.125 * SECOND);
  });

  it('that the server forgets is reset when the client sends again', () => {
    const { endNs } = hopeless(8);
    // The server waits 1 + 2 + 4 + 8 + 16 + 32 s; the client sends at 51.2 s and, after the record is gone, at 102.4 s.
    expect(endNs).toBeGreaterThan(63 * SECOND);
    expect(endNs).toBeLessThan(102.6 * 1.125 * SECOND);
  });
});

describe('half-open connections of a host that can no longer be reached', () => {
  const cutOff = (untilNs: number) => {
    const kernel = new Kernel();
    const resetNs: number[] = [];
    const reset = () => resetNs.push(kernel.nowNs());
    const halfOpen = new HalfOpen(kernel, 8, { completes: () => false, reset });
    halfOpen.add(0);
    const at = (ns: number, does: () => void): void => {
      kernel.arm(kernel.timer(kernel.define('test', Rank.Release, does), 0), ns);
    };
    at(SECOND, () => {
      halfOpen.cutOff(true);
      halfOpen.closes();
    });
    at(untilNs, () => halfOpen.cutOff(false));
    kernel.runUntil(2_000 * SECOND);
    return resetNs.map((ns) => ns / SECOND);
  };

  it('are reset by the first packet that reaches it when it is back', () => {
    // Sent after 0.2, 0.4, 0.8, 1.6, 3.2 and 6.4 s; a timer of the kernel is late by an eighth at most.
    const resets = cutOff(5 * SECOND);
    expect(resets).toHaveLength(1);
    expect(resets[0]).toBeGreaterThan(6.4);
    expect(resets[0]).toBeLessThan(6.4 * 1.125);
  });

  it('are given up by the client after 15 retries if it stays away', () => {
    const resets = cutOff(1_999 * SECOND);
    expect(resets).toHaveLength(1);
    expect(resets[0]).toBeGreaterThan(924.8);
    expect(resets[0]).toBeLessThan(924.8 * 1.125);
  });
});
