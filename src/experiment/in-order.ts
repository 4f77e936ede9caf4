import type { Slots } from './slots.js';

export interface InOrderOptions<T> {
  readonly from: number;
  /** One past the last. */
  readonly to: number;
  /** Most jobs that are begun and not yet delivered. */
  readonly ahead: number;
  /** What the work of the jobs waits for. */
  readonly slots: Slots;
  readonly isStopped: () => boolean;
  /** Null: given up, because it was stopped. */
  readonly start: (index: number) => Promise<T | null>;
  readonly deliver: (index: number, result: T) => void;
}

/**
 * Runs jobs side by side and delivers their results in order. A job is begun when all work of the earlier ones is under
 * way, so that no slot stands idle at the end of a job; what is kept in memory is bounded by `ahead`, however many
 * jobs there are. Returns how many are delivered; less than all when stopped.
 *
 * @throws what a job throws, once all that were begun have ended
 */
export async function inOrder<T>(options: InOrderOptions<T>): Promise<number> {
  const { from, to, ahead, slots, isStopped, start, deliver } = options;
  const finished = new Map<number, T | null>();
  let next = from;
  let delivered = from;
  let underWay = 0;
  let failure: { readonly error: unknown } | null = null;
  let wake: () => void = () => {};
  slots.onChange(() => wake());
  const launch = (index: number): void => {
    underWay++;
    start(index)
      .then((result) => {
        finished.set(index, result);
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        underWay--;
        wake();
      });
  };
  for (;;) {
    const change = new Promise<void>((resolve) => {
      wake = resolve;
    });
    for (let result = finished.get(delivered); result !== undefined && result !== null; ) {
      finished.delete(delivered);
      deliver(delivered++, result);
      result = finished.get(delivered);
    }
    const mayStart = failure === null && !isStopped() && next < to;
    if (mayStart && next - delivered < ahead && (underWay === 0 || slots.hasRoom())) launch(next++);
    else if (underWay === 0) break;
    else await change;
  }
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
  return delivered - from;
}
