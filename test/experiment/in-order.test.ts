import { describe, expect, it } from 'vitest';
import { inOrder } from '../../src/experiment/in-order.js';
import { Slots } from '../../src/experiment/slots.js';

const turns = async (count: number): Promise<void> => {
  for (let k = 0; k < count; k++) await new Promise((resolve) => setImmediate(resolve));
};

/** Jobs of several pieces of work of uneven lengths; tells what happened. */
async function drive(more: { isStopped?: () => boolean; fails?: number; ahead?: number } = {}) {
  const slots = new Slots(3);
  const delivered: number[] = [];
  const seen = { working: 0, mostWorking: 0, open: 0, mostOpen: 0, begun: 0 };
  const count = inOrder<string>({
    from: 5,
    to: 45,
    ahead: more.ahead ?? 8,
    slots,
    isStopped: more.isStopped ?? (() => false),
    start: async (index) => {
      seen.begun++;
      seen.mostOpen = Math.max(seen.mostOpen, ++seen.open);
      const work = (piece: number) =>
        slots.use(async () => {
          seen.mostWorking = Math.max(seen.mostWorking, ++seen.working);
          await turns(1 + ((7 * index + 3 * piece) % 5));
          seen.working--;
          if (index === more.fails) throw new Error(`job ${index}`);
        });
      await Promise.all([work(0), work(1)]);
      return `job ${index}`;
    },
    deliver: (index, result) => {
      expect(result).toBe(`job ${index}`);
      seen.open--;
      delivered.push(index);
    },
  });
  return { count: await count.catch((error: Error) => error.message), delivered, seen };
}

describe('jobs side by side', () => {
  it('are delivered in order, fill all slots and never more', async () => {
    const { count, delivered, seen } = await drive();
    expect(count).toBe(40);
    expect(delivered).toEqual(Array.from({ length: 40 }, (_, k) => 5 + k));
    expect(seen.mostWorking).toBe(3);
  });

  it('are not begun far ahead of what is delivered', async () => {
    expect((await drive()).seen.mostOpen).toBeLessThanOrEqual(8);
    expect((await drive({ ahead: 2 })).seen.mostOpen).toBeLessThanOrEqual(2);
  });

  it('that were begun are delivered when stopped, and no others are begun', async () => {
    let asked = 0;
    const { count, delivered, seen } = await drive({ isStopped: () => ++asked > 20 });
    expect(count).toBe(delivered.length);
    expect(seen.begun).toBe(delivered.length);
    expect(delivered.length).toBeLessThan(40);
  });

  it('end with the first error, once the others are done', async () => {
    const { count, seen } = await drive({ fails: 9 });
    expect(count).toBe('job 9');
    expect(seen.working).toBe(0);
  });
});
