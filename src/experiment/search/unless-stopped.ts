import { Stopped } from '../run-experiment.js';

/**
 * All of them; null if one was stopped before it was begun. Waits for what is under way even then; any other error ends
 * it at once.
 */
export async function unlessStopped<T>(asked: readonly Promise<T>[]): Promise<T[] | null> {
  const given = await Promise.all(asked.map(orNull));
  const results = given.filter((one) => one !== null);
  return results.length === given.length ? results.map(({ value }) => value) : null;
}

async function orNull<T>(one: Promise<T>): Promise<{ readonly value: T } | null> {
  try {
    return { value: await one };
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  }
}
