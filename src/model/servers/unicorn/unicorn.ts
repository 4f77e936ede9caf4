import { FORKING_COSTS } from '../common/forking/costs.js';
import { ForkingServer } from '../common/forking/forking-server.js';
import { unicornWork } from '../common/forking/work.js';
import { lateRackTimeout } from '../common/late-rack-timeout.js';
import { notWholeSeconds } from '../common/whole-seconds.js';
import type { Server, ServerType, Site } from '../server.js';
import { unicornFile } from './config-file.js';
import { Master } from './master.js';
import { type UnicornParams, unicornParams } from './params.js';

function wakesOne(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 1);
}

function assemble(params: UnicornParams, site: Site): Server {
  const { kernel, overheads, streams } = site;
  const { workerProcesses: workers, timeoutNs } = params;
  const loadNs = params.preloadApp ? 0 : params.bootTimeNs;
  const times = { workers, timeoutNs, reapNs: overheads ? FORKING_COSTS.reapNs : 0 };
  return new ForkingServer(
    {
      name: 'unicorn',
      workers,
      threadNames: ['main'],
      wakesOne: wakesOne(params.version),
      preloads: params.preloadApp,
      checksClients: params.checkClientConnection,
      backlog: params.backlog,
      ...unicornWork(site),
      boot: {
        forkNs: overheads ? FORKING_COSTS.respawnNs : 0,
        loadNs,
        masterLoadNs: params.preloadApp ? params.bootTimeNs : 0,
      },
      supervise: (house) => new Master(kernel, times, streams.open('unicorn/master'), (worker) => house.kill(worker)),
    },
    site,
  );
}

export const unicorn: ServerType<UnicornParams> = {
  name: 'unicorn',
  languages: ['ruby'],
  runsRack: true,
  canRestart: true,
  params: unicornParams,
  isSingleThreaded: true,
  configFile: (params) => ({ name: 'unicorn.rb', text: unicornFile(params) }),
  slots: ({ workerProcesses }) => ({ processes: workerProcesses, threads: 1 }),
  check: ({ timeoutNs: timeout }) => notWholeSeconds('Unicorn', { timeout }),
  withoutEffect: ({ timeoutNs }, { app }) => lateRackTimeout(app, 'timeout', timeoutNs),
  assemble,
};
