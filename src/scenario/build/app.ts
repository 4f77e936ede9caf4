import type { Bodies } from '../../model/gc/object-sizes.js';
import type { AppSpec, ServiceSpec } from '../../model/spec.js';
import { readDemands } from '../csv/recorded.js';
import type { AppText } from '../schema/app/index.js';
import { buildClasses, type Transfers } from './classes.js';
import type { BuildContext } from './context.js';
import { buildObjectSizes } from './object-sizes.js';

/** Rails' default of global_executor_concurrency. */
const DEFAULT_ASYNC_THREADS = 4;
const SERVICE_NAME = /^[a-z][a-z0-9_]*$/;
/** Connections that a thread holds are a set of bits, services of groups of calls a number below ASYNC_GROUP. */
const MOST_SERVICES = 31;

/** What the requests need. @param bodies of the objects that they allocate */
export function buildApp(app: AppText, bodies: Bodies, transfers: Transfers, context: BuildContext): AppSpec {
  const { findings } = context;
  if ((app.classes === undefined) === (app.recorded === undefined)) {
    const received = app.classes === undefined ? 'none' : 'both';
    findings.problem(['app'], {
      code: 'SCN_COMBINATION',
      message: `expected classes or recorded; received ${received}`,
      at: 'key',
    });
  }
  const heap = {
    residentObjects: app.resident_objects,
    bootFreeRatio: app.boot_free_slots,
    ...buildObjectSizes(app),
    ...(bodies.bytes > 0 && { bodyBytesPerObject: bodies.bytes }),
  };
  if (app.recorded !== undefined) {
    const { file, order, repeat } = app.recorded;
    const read = context.fromFile(['app', 'recorded', 'file'], file, (table) => readDemands(table, order, repeat));
    const classes = (read?.classNames ?? []).map((name) => ({
      name,
      weight: 1,
      phases: [],
      allocatedObjects: 0,
      mallocBytes: 0,
    }));
    return { ...heap, classes, recorded: read?.demands ?? null, ...rackTimeoutOf(app) };
  }
  const services = buildServices(app, context);
  const mutexes: string[] = [];
  const names = { services: services.map(({ name }) => name), mutexes };
  const classes = buildClasses(app.classes ?? [], ['app', 'classes'], context, names, bodies, transfers);
  return {
    ...heap,
    classes,
    recorded: null,
    services,
    mutexes,
    asyncThreads: app.async_threads ?? DEFAULT_ASYNC_THREADS,
    ...rackTimeoutOf(app),
  };
}

function rackTimeoutOf({ rack_timeout }: AppText): Pick<AppSpec, 'rackTimeout'> {
  if (rack_timeout === undefined) return {};
  const { service_timeout, breaks_connections, term_on_timeout } = rack_timeout;
  return {
    rackTimeout: {
      serviceTimeoutNs: service_timeout,
      breaksConnections: breaks_connections,
      termOnTimeout: term_on_timeout ?? Number.POSITIVE_INFINITY,
    },
  };
}

function buildServices({ services = {} }: AppText, { findings }: BuildContext): ServiceSpec[] {
  const names = Object.keys(services);
  if (names.length > MOST_SERVICES) {
    findings.problem(['app', 'services'], { code: 'SCN_RANGE', message: `at most ${MOST_SERVICES} services` });
  }
  return names.map((name) => {
    if (!SERVICE_NAME.test(name)) {
      const message = 'expected a name of lower-case letters, digits and underscores: it becomes part of columns';
      findings.problem(['app', 'services', name], { code: 'SCN_NAME', message, at: 'key' });
    }
    const { capacity = Number.POSITIVE_INFINITY, pool } = services[name]!;
    return {
      name,
      capacity,
      pool: pool === undefined ? null : { size: pool.size, timeoutNs: pool.checkout_timeout, heldFor: pool.held },
    };
  });
}
