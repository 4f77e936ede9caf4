import { clientsParams } from '../../model/clients/patience/params.js';
import { controlParams } from '../../model/control/params.js';
import { balancerParams } from '../../model/edge/load-balancer/params.js';
import { proxyParams } from '../../model/edge/proxy/params.js';
import { operationsParams } from '../../model/operations/params.js';
import { serverTypes } from '../../model/servers/registry.js';
import { field, list, named, oneOf, optional, preset, record, text, type ValueOf } from '../../schema/index.js';
import { appSchema } from './app/index.js';
import { claimSchema } from './claim.js';
import { gridSchema } from './grid.js';
import { hostSchema } from './host.js';
import { loadSchema } from './load.js';
import { runSchema } from './run.js';
import { pythonSchema, rubySchema } from './runtime.js';
import { searchSchema } from './search.js';
import { sensitivitySchema } from './sensitivity.js';
import { serverSchema } from './server.js';

const version = field<1>(
  { doc: 'Version of the scenario language.', expected: 'the number 1', unit: '', json: { const: 1 } },
  (input) =>
    input === 1 ? { value: 1 } : { fault: { code: 'SCN_VERSION', hint: 'this version of gvlsim reads version: 1' } },
);

/** Names that become names of folders and files. */
export const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const FILE_NAME_IN_WORDS = 'a name of letters, digits, dots, dashes and underscores';

/** Any value: variants are validated on top of the rest of the file. */
const override = field<unknown>(
  { doc: 'Overrides of this variant.', expected: 'a map', unit: '', json: {} },
  (value) => ({ value }),
);

function createSchema() {
  return record(
    'A scenario: what runs, on what, under which load, and how it is measured.',
    {
      version,
      name: optional(
        text({
          doc: 'Name of the scenario; default: name of the file.',
          pattern: FILE_NAME,
          expected: FILE_NAME_IN_WORDS,
        }),
      ),
      description: preset(text({ doc: 'What the scenario shows.', mayBeEmpty: true }), ''),
      extends: optional(text({ doc: 'Another scenario file that this one changes, relative to this one.' })),
      host: hostSchema,
      ruby: optional(rubySchema),
      python: optional(pythonSchema),
      server: serverSchema(),
      load_balancer: optional(balancerParams),
      proxy: optional(proxyParams),
      app: appSchema,
      load: loadSchema,
      clients: optional(clientsParams),
      control: optional(controlParams),
      operations: optional(operationsParams),
      overheads: preset(
        oneOf(
          ['measured', 'none'],
          'none: every hand-off, wake-up and server cost is zero, for comparison with theory.',
        ),
        'measured',
      ),
      run: preset(runSchema, {}),
      variants: optional(named(override, 'Named overrides of the rest of the file, to be compared.')),
      baseline: optional(text({ doc: 'Variant that the others are compared with; default: the first.' })),
      slo: optional(list(text({ doc: 'An objective such as `latency_ms p99 < 300ms`.' }), 'Objectives.')),
      claim: optional(claimSchema),
      sweep: optional(gridSchema),
      search: optional(searchSchema),
      sensitivity: optional(sensitivitySchema),
    },
    { exclusive: [['ruby', 'python']] },
  );
}

export type ScenarioSchema = ReturnType<typeof createSchema>;

let schema: ScenarioSchema | null = null;
let serversInSchema = 0;

/** A scenario file, once `extends` is resolved; made anew when a server has been registered since. */
export function scenarioSchema(): ScenarioSchema {
  const servers = serverTypes().length;
  if (schema === null || servers !== serversInSchema) schema = createSchema();
  serversInSchema = servers;
  return schema;
}

export type ScenarioText = ValueOf<ScenarioSchema>;

/** What a variant may override. */
export const VARIANT_KEYS = [
  'host',
  'ruby',
  'python',
  'server',
  'app',
  'load_balancer',
  'load',
  'clients',
  'control',
  'operations',
  'overheads',
  'proxy',
] as const;

/** What belongs to the file as a whole; a variant cannot override it. */
export const FILE_LEVEL_KEYS: readonly string[] = [
  'version',
  'name',
  'description',
  'extends',
  'run',
  'variants',
  'baseline',
  'slo',
  'claim',
  'sweep',
  'search',
  'sensitivity',
];
