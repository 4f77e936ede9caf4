/** Measured cases in which timeouts, clients, a proxy or the listen queue decide what becomes of a request. */
import { experimentOf, measuredCases, type Requests, readRun, replay } from './measured.js';

const CASES = ['web/G01', 'web/H01', 'web/H02', 'web/H03', 'web/I05'];

/** Draws of a case with several processes. */
const DRAWS = 20;

export interface EdgeReplays {
  readonly name: string;
  readonly real: Requests;
  readonly draws: readonly Requests[];
}

/** The first run of each case and its replays. */
export function edgeReplays(draws: number = DRAWS): EdgeReplays[] {
  return measuredCases()
    .filter(({ id }) => CASES.some((start) => id.startsWith(start)))
    .map((measured) => {
      const experiment = experimentOf(measured, 1);
      const replays = measured.processes > 1 ? draws : 1;
      return {
        name: measured.name,
        real: readRun(measured, 1),
        draws: Array.from({ length: replays }, (_, draw) => replay(experiment, draw)),
      };
    });
}

/**
 * Replays of the case whose master looks at drawn times (G01) in which it killed when the real one did, within 25 ms.
 *
 * @param from first draw to look at, and how many
 */
export function killedWhenMeasured(from: number, count: number): EdgeReplays {
  const measured = measuredCases().find(({ id }) => id.startsWith('web/G01'))!;
  const experiment = experimentOf(measured, 1);
  const real = readRun(measured, 1);
  const killedMs = (run: Requests): number[] =>
    run.ids.flatMap((_, k) => (run.status[k] === 'ok' ? [] : [run.latencyMs[k]!]));
  const inReality = killedMs(real);
  const draws: Requests[] = [];
  for (let draw = from; draw < from + count; draw++) {
    const run = replay(experiment, draw);
    const killed = killedMs(run);
    if (killed.length === inReality.length && killed.every((ms, k) => Math.abs(ms - inReality[k]!) < 25))
      draws.push(run);
  }
  return { name: `${measured.name}, killed when measured`, real, draws };
}

/** Requests that got no answer. */
export interface Agreement {
  readonly measured: number;
  readonly simulated: number;
  /** In the measurement and in the replay. */
  readonly both: number;
}

export function agreementOf(real: Requests, simulated: Requests): Agreement {
  const unanswered = ({ ids, status }: Requests): Set<string> => new Set(ids.filter((_, k) => status[k] !== 'ok'));
  const [measured, replayed] = [unanswered(real), unanswered(simulated)];
  return {
    measured: measured.size,
    simulated: replayed.size,
    both: [...measured].filter((id) => replayed.has(id)).length,
  };
}
