import { serverType } from '../../model/servers/registry.js';
import { withDefaults } from '../../schema/index.js';
import { rubyPolicy } from '../notation/versions.js';
import { type ScenarioText, scenarioSchema } from '../schema/index.js';

type Plain = Record<string, unknown>;

/** From a signal to the first instruction of the thread it wakes (measured: 2-core VM, Ruby 3.3.8, p50). */
const WAKE_ONE_CORE = '7us';
const WAKE_SEVERAL_CORES = '45us';
/**
 * The same for a thread that has slept for less than 200 us: hand-offs of two threads that take turns, one way. Measured on the same
 * machine: 2.28 us on one core; on two 20 to 34 us through a queue, 30 us between two threads with 8 us of work each.
 */
const WARM_WAKE_ONE_CORE = '2.28us';
const WARM_WAKE_SEVERAL_CORES = '30us';
/** By how much a sleep lasts longer (measured: 2-core VM, sleep of 5 ms, p50 of 101 us). */
const SLEEP_OVERSHOOT = '100us';
/** CPU time of a call that sleeps (measured: requests of 40 sleeps of 1 ms, Ruby 3.3.8 24 to 30 us, 3.1.2 43 to 55 us). */
const IO_CALL_UP_TO_3_2 = '50us';
const IO_CALL = '27us';

/**
 * A valid scenario with every default written out: those of the schema, and those that depend on other keys.
 *
 * @param written the plain value
 * @param parsed the same, parsed
 */
export function resolveDefaults(written: unknown, parsed: ScenarioText): Plain {
  const full = withDefaults(scenarioSchema(), written) as Plain;
  const resolved = {
    ...full,
    host: resolveHost(full.host as Plain, parsed),
    ...resolveLanguage(full, parsed),
    server: resolveServer(full.server as Plain, parsed),
    run: resolveRun(full.run as Plain, parsed),
  };
  return withDefaults(scenarioSchema(), resolved) as Plain; // once more, for the order of the keys
}

function resolveHost(host: Plain, { overheads, ruby, host: { cores } }: ScenarioText): Plain {
  if (overheads === 'none')
    return { ...host, wake_latency: '0s', warm_wake_latency: '0s', sleep_overshoot: '0s', io_call: '0s' };
  const isOld = ruby !== undefined && rubyPolicy(ruby.version) === 'barging-deadline';
  const wake = cores === 1 ? WAKE_ONE_CORE : WAKE_SEVERAL_CORES;
  return {
    ...host,
    wake_latency: host.wake_latency ?? wake,
    warm_wake_latency: host.warm_wake_latency ?? (cores === 1 ? WARM_WAKE_ONE_CORE : WARM_WAKE_SEVERAL_CORES),
    sleep_overshoot: host.sleep_overshoot ?? SLEEP_OVERSHOOT,
    io_call: host.io_call ?? (isOld ? IO_CALL_UP_TO_3_2 : IO_CALL),
  };
}

/** Without `ruby` and `python` it is what the server is written in. */
function resolveLanguage(full: Plain, { ruby, python, server: { kind } }: ScenarioText): Plain {
  const [first] = serverType(kind).languages;
  const language = ruby !== undefined ? 'ruby' : python !== undefined ? 'python' : first!;
  return { [language]: withDefaults(scenarioSchema().shape[language], full[language] ?? {}) };
}

function resolveServer(server: Plain, { server: { kind, value } }: ScenarioText): Plain {
  const { resolve } = serverType(kind);
  return resolve === undefined ? server : { [kind]: resolve(server[kind] as Plain, value) };
}

function resolveRun(run: Plain, { load, run: { requests, duration } }: ScenarioText): Plain {
  const hasEnd = load.kind === 'recorded' || load.kind === 'backlog';
  const isOpenEnded = requests === undefined && duration === undefined && !hasEnd;
  const hasSteps = load.kind === 'open' && Array.isArray(load.value.rate);
  const kind = run.kind ?? (hasSteps || load.kind === 'backlog' ? 'transient' : 'steady');
  const warmup = run.warmup ?? (hasEnd || kind === 'transient' ? '0s' : 'auto');
  return { ...run, kind, ...(isOpenEnded && { duration: '10min' }), warmup };
}
