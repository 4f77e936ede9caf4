import { readDuration } from '../../schema/index.js';
import { quotedKey, splitPath } from '../source/override.js';

/** A number, or a text that is a number with a unit. */
export type Quantity = number | string;

/** Where the inputs are that nobody knows exactly. Switches, versions and limits are choices, not inputs. */
const UNCERTAIN = [
  /^app\.classes\.\d+\.(cpu|io|phases|allocations|malloc|weight)(\.|$)/,
  /^load\.(open|closed)\./,
  /^host\.(wake_latency|sleep_overshoot|io_call)$/,
];

/** Every number and every text that is a number with a unit, by its path with list items numbered. */
export function quantitiesOf(resolved: unknown): Map<string, Quantity> {
  const found = new Map<string, Quantity>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'number' && Number.isFinite(value)) found.set(path, value);
    else if (typeof value === 'string' && amountOf(value) !== null) found.set(path, value);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        visit(inner, path === '' ? quotedKey(key) : `${path}.${quotedKey(key)}`);
      }
    }
  };
  const { variants, ...rest } = resolved as Record<string, unknown>;
  visit(rest, '');
  // What the variants have in common is not written apart in a resolved file: the first one stands for all.
  if (variants !== undefined) visit(Object.values(variants as Record<string, unknown>)[0], '');
  return found;
}

/** A number and its unit as written; null where the text is none. */
export function amountOf(text: string): { readonly amount: number; readonly unit: string } | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z/µ]+)$/u.exec(text.trim());
  if (match !== null) return { amount: Number(match[1]), unit: match[2]! };
  const time = readDuration(text);
  return 'value' in time && /\d/.test(text) ? { amount: time.value, unit: 'ns' } : null;
}

/** `app.classes.page.cpu` with the number of the class instead of its name. */
export function indexed(path: string, resolved: unknown): string {
  const keys = splitPath(path) ?? [];
  let at: unknown = resolved;
  const { variants } = resolved as { variants?: Record<string, unknown> };
  if (variants !== undefined && !(keys[0]! in (resolved as object))) at = Object.values(variants)[0];
  return keys
    .map((key) => {
      const index = Array.isArray(at) && !/^\d+$/.test(key) ? at.findIndex((item) => item?.name === key) : key;
      at = (at as Record<string, unknown> | undefined)?.[index as string];
      return quotedKey(String(index));
    })
    .join('.');
}

/** What is varied where the file names nothing. */
export function defaultPaths(known: ReadonlyMap<string, Quantity>, resolved: unknown): { readonly path: string }[] {
  const { app, variants } = resolved as { app?: unknown; variants?: Record<string, { app?: unknown }> };
  const { classes = [] } = (app ?? Object.values(variants ?? {})[0]?.app ?? {}) as { classes?: { name: string }[] };
  return [...known]
    .filter(([path, value]) => UNCERTAIN.some((pattern) => pattern.test(path)) && !isZero(value))
    .filter(([path]) => classes.length > 1 || !path.endsWith('.weight'))
    .map(([path]) => ({
      path: path.replace(/^app\.classes\.(\d+)/, (_, k) => `app.classes.${quotedKey(classes[Number(k)]!.name)}`),
    }));
}

function isZero(value: Quantity): boolean {
  return typeof value === 'number' ? value === 0 : amountOf(value)!.amount === 0;
}
