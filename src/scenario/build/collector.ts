import type { GcSpec } from '../../model/spec.js';
import { isAtLeast } from '../notation/versions.js';
import type { ScenarioText } from '../schema/index.js';
import type { RubyEnvText } from '../schema/ruby-env.js';
import type { BuildContext } from './context.js';

type RubyText = NonNullable<ScenarioText['ruby']>;

/** When garbage is collected. */
export function buildCollector(scenario: ScenarioText, context: BuildContext): GcSpec {
  const { gc, version, env, warmup, out_of_band_gc } = scenario.ruby!;
  if (gc !== 'on') {
    checkUnused(scenario.ruby!, context);
    return gc === 'off' ? { kind: 'off' } : buildExplicit(gc, context);
  }
  if (warmup === 'Process.warmup' && !isAtLeast(version, 3, 3)) {
    const message = `Process.warmup exists since Ruby 3.3, not in ${version}`;
    context.findings.problem(['ruby', 'warmup'], { code: 'SCN_COMBINATION', message, hint: 'GC.compact comes close' });
  }
  return {
    kind: 'allocation',
    settings: buildSettings(env ?? {}, version, context),
    warmUp: warmup,
    outOfBandRequests: out_of_band_gc?.requests ?? 0,
    speed: scenario.host.gc_speed,
  };
}

function buildExplicit(gc: Exclude<RubyText['gc'], string>, context: BuildContext): GcSpec {
  const pause = context.distribution(gc.pause, ['ruby', 'gc', 'pause']);
  const { every } = gc;
  const majors = gc.major_every === undefined ? {} : { majorEvery: gc.major_every };
  return typeof every === 'number'
    ? { kind: 'explicit', everyRunNs: every, everyRequests: 0, pause, ...majors }
    : { kind: 'explicit', everyRunNs: 0, everyRequests: every.requests, pause, ...majors };
}

function checkUnused(ruby: RubyText, { findings }: BuildContext): void {
  const isSet = {
    env: ruby.env !== undefined,
    out_of_band_gc: ruby.out_of_band_gc !== undefined,
    warmup: ruby.warmup !== 'none',
  };
  for (const [key, written] of Object.entries(isSet)) {
    if (!written) continue;
    const message = `has no effect: it needs gc: on, which follows the Ruby heap`;
    findings.warning(['ruby', key], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
}

/** What is set, by name; slots, bytes and ratios as numbers. */
function buildSettings(env: Partial<RubyEnvText>, version: string, { findings }: BuildContext): Record<string, number> {
  const settings = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as Record<
    string,
    number
  >;
  const hasPools = isAtLeast(version, 3, 3);
  for (const name of Object.keys(settings)) {
    const isOfPools = /^RUBY_GC_HEAP_\d_/.test(name);
    if (!name.endsWith('_INIT_SLOTS') || isOfPools === hasPools) continue;
    const message = `Ruby ${version} does not read it`;
    const hint = hasPools
      ? 'RUBY_GC_HEAP_0_INIT_SLOTS to _4_ exist since Ruby 3.3'
      : 'RUBY_GC_HEAP_INIT_SLOTS up to Ruby 3.2';
    findings.warning(['ruby', 'env', name], { code: 'SCN_COMBINATION', message, hint, at: 'key' });
  }
  checkOrder(settings, findings);
  return settings;
}

/** The three shares of free slots and both pairs of limits are in ascending order, with Ruby's defaults where not set. */
function checkOrder(settings: Readonly<Record<string, number>>, findings: BuildContext['findings']): void {
  const MIB = 1024 * 1024;
  const orders: readonly (readonly (readonly [string, number])[])[] = [
    [
      ['RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO', 0.2],
      ['RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO', 0.4],
      ['RUBY_GC_HEAP_FREE_SLOTS_MAX_RATIO', 0.65],
    ],
    [
      ['RUBY_GC_MALLOC_LIMIT', 16 * MIB],
      ['RUBY_GC_MALLOC_LIMIT_MAX', 32 * MIB],
    ],
    [
      ['RUBY_GC_OLDMALLOC_LIMIT', 16 * MIB],
      ['RUBY_GC_OLDMALLOC_LIMIT_MAX', 128 * MIB],
    ],
  ];
  for (const order of orders) {
    order.slice(1).forEach(([upper, upperDefault], k) => {
      const [lower, lowerDefault] = order[k]!;
      if ((settings[lower] ?? lowerDefault) <= (settings[upper] ?? upperDefault)) return;
      const at = settings[lower] === undefined ? upper : lower;
      findings.problem(['ruby', 'env', at], {
        code: 'SCN_RANGE',
        message: `${lower} (${settings[lower] ?? lowerDefault}) must not be greater than ${upper} (${settings[upper] ?? upperDefault})`,
      });
    });
  }
}
