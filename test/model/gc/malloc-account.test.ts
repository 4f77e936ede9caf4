import { describe, expect, it } from 'vitest';
import { MallocAccount } from '../../../src/model/gc/malloc-account.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import { allocate, smallHeap } from './small-heap.js';

const MIB = 1024 * 1024;

describe('malloc limit', () => {
  it("grows to 1.4 times what was malloc'ed by a collection that it caused, up to 32 MiB", () => {
    const account = new MallocAccount(1, RUBY_GC_DEFAULTS);
    const limits = [1, 2, 3].map(() => {
      account.add(0, account.limit[0]!, 0);
      account.startMinor(0);
      return account.limit[0];
    });
    expect(limits).toEqual([23_488_102, 32_883_342, 32 * MIB]);
  });

  it('shrinks to 0.98 of itself by every other collection, down to 16 MiB', () => {
    const account = new MallocAccount(1, RUBY_GC_DEFAULTS);
    account.add(0, 16 * MIB, 0);
    account.startMinor(0);
    const limits = Array.from({ length: 18 }, () => {
      account.add(0, MIB, 0);
      account.startMinor(0);
      return account.limit[0]!;
    });
    expect(limits.slice(0, 2)).toEqual([23_018_339, 22_557_972]);
    expect(limits.at(-1)).toBe(16 * MIB);
  });

  it('stops a burst when it is reached, however many slots are free', () => {
    const heap = smallHeap('3.1', 'young object');
    const { at, pausesNs } = allocate(heap, 0, 1_000, 20 * MIB);
    expect(pausesNs).toHaveLength(1);
    // 16 of 20 MiB; cut at a whole ns, 1/100 of an object.
    expect(at[0]).toBe(800);
  });
});

describe('old malloc limit', () => {
  it('asks for a major collection, grows by 1.2 and shrinks by 1.02 when a major one had another cause', () => {
    const account = new MallocAccount(1, RUBY_GC_DEFAULTS);
    account.add(0, 17 * MIB, 0);
    expect(account.startMinor(0)).toBe(true);
    expect(account.oldLimit[0]).toBe(Math.floor(16 * MIB * 1.2));
    account.startMajor(0);
    expect(account.oldLimit[0]).toBe(Math.floor(16 * MIB * 1.2));
    expect(account.oldIncrease[0]).toBe(0);
    account.startMajor(0);
    expect(account.oldLimit[0]).toBe(Math.floor(Math.floor(16 * MIB * 1.2) / 1.02));
  });

  it('counts what is freed, never below zero', () => {
    const account = new MallocAccount(1, RUBY_GC_DEFAULTS);
    account.add(0, 10, 30);
    expect(account.oldIncrease[0]).toBe(0);
    account.add(0, 12 * MIB, 2 * MIB);
    expect(account.startMinor(0)).toBe(false);
    expect(account.oldIncrease[0]).toBe(10 * MIB);
    expect(account.increase[0]).toBe(0);
  });
});
