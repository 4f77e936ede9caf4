export function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

export function ms(ns: number): string {
  return `${number(ns / 1e6)} ms`;
}

export function rate(perSec: number): string {
  return perSec === Infinity ? 'unlimited' : `${number(perSec)}/s`;
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** Four digits, never in scientific notation. */
export function number(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
