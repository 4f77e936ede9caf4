import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
import { RequestTable } from '../../../src/model/entities/requests.js';
import { PARTS } from '../../../src/model/observations.js';

describe('request table', () => {
  it('a slot that is taken again knows nothing of the time of its last request', () => {
    const requests = new RequestTable(new Kernel(), 1);
    const first = requests.take(0);
    const parts = requests.partsNs.subarray(first * PARTS, (first + 1) * PARTS);
    parts.fill(7);
    requests.release(first);
    expect(requests.take(1)).toBe(first);
    expect([...parts]).toEqual(new Array(PARTS).fill(0));
  });
});
