import { SECOND } from '../../kernel/time.js';
import {
  count,
  duration,
  flag,
  list,
  oneKey,
  optional,
  preset,
  record,
  type Schema,
  type ValueOf,
} from '../../schema/index.js';
import type { OperationSpec } from '../operations-spec.js';

const at = duration({ doc: 'When it begins, after the start of the run.' });
const within = preset(duration({ doc: 'A process that has not ended after this time is killed.', min: SECOND }), '30s');
const host = preset(count({ doc: 'Number of the host behind the load balancer, from 0.' }), 0);

const operation = oneKey('Something that is done to the running system.', {
  phased_restart: record('Every worker in its turn is drained and replaced; the others serve meanwhile.', {
    at,
    within,
  }),
  reload: record(
    'All workers are drained at the same time; each is replaced as soon as it has ended, and the master stays (HUP of gunicorn and Unicorn).',
    { at, within },
  ),
  full_restart: record(
    'All workers are drained at the same time; when the last one has gone the server starts again. Connections wait in the listen queue meanwhile.',
    {
      at,
      quiet: preset(
        duration({
          doc: 'Sidekiq: from telling the processes to take no more jobs (TSTP) to asking them to end (TERM). 0s: at once.',
        }),
        '0s',
      ),
      within,
    },
  ),
  rolling_restart: record('Hosts behind the load balancer are taken out, restarted and put in again.', {
    at,
    at_a_time: preset(count({ doc: 'Hosts that are missing at the same time.', min: 1 }), 1),
    grace: preset(
      duration({
        doc: 'From the moment at which a host gets no new requests to that at which its processes are asked to end.',
      }),
      '5s',
    ),
    within,
  }),
  worker_loss: record('A worker is killed; its master forks another one.', {
    at,
    host,
    worker: preset(count({ doc: 'Number of the worker on its host, from 0.' }), 0),
  }),
  host_loss: record('Everything on a host is gone at once.', {
    at,
    host,
    silent: preset(
      flag(
        'The host answers nothing any more: clients and proxy notice by their timeouts only. false: connections to it are reset and refused.',
      ),
      false,
    ),
    back_after: optional(
      duration({
        doc: 'When it starts again, after its loss; it takes part when all processes have booted. Default: never.',
      }),
    ),
    noticed_after: preset(
      duration({ doc: 'When the load balancer stops sending requests to it (health check).' }),
      '10s',
    ),
  }),
});

function inBaseUnits(one: ValueOf<typeof operation>): OperationSpec {
  switch (one.kind) {
    case 'phased_restart':
      return { kind: 'phased-restart', atNs: one.value.at, withinNs: one.value.within };
    case 'reload':
      return { kind: 'reload', atNs: one.value.at, withinNs: one.value.within };
    case 'full_restart':
      return {
        kind: 'full-restart',
        atNs: one.value.at,
        quietNs: one.value.quiet,
        withinNs: one.value.within,
      };
    case 'rolling_restart': {
      const { at_a_time, grace, within: withinNs } = one.value;
      return { kind: 'rolling-restart', atNs: one.value.at, atATime: at_a_time, graceNs: grace, withinNs };
    }
    case 'worker_loss':
      return { kind: 'worker-loss', atNs: one.value.at, host: one.value.host, worker: one.value.worker };
    case 'host_loss': {
      const { back_after, noticed_after, silent } = one.value;
      return {
        kind: 'host-loss',
        atNs: one.value.at,
        host: one.value.host,
        isSilent: silent,
        backAfterNs: back_after ?? Number.POSITIVE_INFINITY,
        noticedAfterNs: noticed_after,
      };
    }
  }
}

/** The key `operations`. */
export const operationsParams: Schema<readonly OperationSpec[]> = list(
  operation,
  'Deploys and losses at stated times of the run.',
).transform((operations) => operations.map(inBaseUnits));
