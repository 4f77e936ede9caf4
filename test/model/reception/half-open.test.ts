import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
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
