import type { Stream, Streams } from '../../random/streams.js';
import type { RequestId } from '../entities/ids.js';
import type { RequestTable } from '../entities/requests.js';
import { PhaseKind } from '../phases.js';
import type { AppSpec, RecordedDemands, RequestClassSpec } from '../spec.js';

/** Says what each arriving request will need. */
export interface Demands {
  /** Phases that the longest request can have. */
  readonly maxPhases: number;
  /** Fills in class and phases of a new request; false if there are no more requests. */
  draw(request: RequestId, requests: RequestTable): boolean;
}

export function createDemands(app: AppSpec, streams: Streams): Demands {
  return app.recorded === null ? new DrawnDemands(app.classes, streams) : new RecordedRows(app, app.recorded, streams);
}

/**
 * Demands drawn at arrival, a fixed number of draws for each class from streams that depend on nothing but the class:
 * every configuration sees the same requests.
 */
class DrawnDemands implements Demands {
  readonly maxPhases: number;
  private readonly choice: Stream;
  private readonly streams: readonly Stream[];
  private readonly upTo: Float64Array;

  constructor(
    private readonly classes: readonly RequestClassSpec[],
    streams: Streams,
  ) {
    this.maxPhases = Math.max(1, ...classes.map(({ phases }) => phases.length));
    this.choice = streams.open('app/class');
    this.streams = classes.map(({ name }) => streams.open(`app/demand/${name}`));
    const total = classes.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    this.upTo = Float64Array.from(classes, ({ weight }) => (sum += weight) / total);
  }

  draw(request: RequestId, requests: RequestTable): boolean {
    const index = this.classes.length === 1 ? 0 : this.drawClass();
    const { phases, allocatedObjects, mallocBytes } = this.classes[index]!;
    const stream = this.streams[index]!;
    const { phaseDemand } = requests;
    const first = request * requests.maxPhases;
    let cpuNs = 0;
    let group = -1;
    let total = 0;
    for (let k = 0; k < phases.length; k++) {
      const { kind, demand, share } = phases[k]!;
      if (share === null) total = demand.sample(stream);
      else if (share.group !== group) {
        group = share.group;
        total = demand.sample(stream);
      }
      const amount = Math.floor((share === null ? total : total / share.parts) + 0.5);
      phaseDemand[first + k] = amount;
      if (kind === PhaseKind.Cpu) cpuNs += amount;
    }
    if (requests.row[request] !== -1 - index) this.enterClass(request, index, requests);
    requests.objectsPerNs[request] = cpuNs === 0 ? 0 : allocatedObjects / cpuNs;
    requests.mallocBytesPerNs[request] = cpuNs === 0 ? 0 : mallocBytes / cpuNs;
    return true;
  }

  /**
   * What all requests of a class have in common. A slot keeps it until a request of another class takes it; its row,
   * which drawn requests do not have, says whose it is: -1 - class.
   */
  private enterClass(request: RequestId, index: number, requests: RequestTable): void {
    const { phases } = this.classes[index]!;
    const first = request * requests.maxPhases;
    phases.forEach(({ kind, keptObjects }, k) => {
      requests.phaseKind[first + k] = kind;
      requests.phaseKept[first + k] = keptObjects;
    });
    requests.classOf[request] = index;
    requests.phaseCount[request] = phases.length;
    requests.row[request] = -1 - index;
  }

  private drawClass(): number {
    const u = this.choice.uniform();
    let index = 0;
    while (index < this.upTo.length - 1 && u >= this.upTo[index]!) index++;
    return index;
  }
}

/** Demands of recorded requests, in their order or drawn from them with replacement. */
class RecordedRows implements Demands {
  readonly maxPhases: number;
  private readonly stream: Stream;
  private next: number;

  constructor(
    private readonly app: AppSpec,
    private readonly rows: RecordedDemands,
    streams: Streams,
  ) {
    let most = 1;
    for (let r = 0; r < rows.count; r++) most = Math.max(most, rows.phaseStart[r + 1]! - rows.phaseStart[r]!);
    this.maxPhases = most;
    this.stream = streams.open('app/rows');
    this.next = 0;
  }

  draw(request: RequestId, requests: RequestTable): boolean {
    const { rows } = this;
    if (this.next === rows.count) {
      if (!rows.repeat) return false;
      this.next = 0;
    }
    const next = this.next++;
    this.fill(request, rows.order === 'random' ? Math.floor(this.stream.uniform() * rows.count) : next, requests);
    return true;
  }

  private fill(request: RequestId, row: number, requests: RequestTable): void {
    const { rows } = this;
    const first = request * requests.maxPhases;
    const start = rows.phaseStart[row]!;
    const count = rows.phaseStart[row + 1]! - start;
    let cpuNs = 0;
    for (let k = 0; k < count; k++) {
      requests.phaseKind[first + k] = rows.phaseKind[start + k]!;
      requests.phaseDemand[first + k] = rows.phaseDemand[start + k]!;
      requests.phaseKept[first + k] = rows.phaseKept[start + k]!;
      if (rows.phaseKind[start + k] === PhaseKind.Cpu) cpuNs += rows.phaseDemand[start + k]!;
    }
    const classIndex = rows.classOf[row]!;
    const { allocatedObjects, mallocBytes } = this.app.classes[classIndex]!;
    requests.row[request] = row;
    requests.classOf[request] = classIndex;
    requests.phaseCount[request] = count;
    requests.uploadNs[request] = rows.uploadNs[row]!;
    requests.objectsPerNs[request] = cpuNs === 0 ? 0 : allocatedObjects / cpuNs;
    requests.mallocBytesPerNs[request] = cpuNs === 0 ? 0 : mallocBytes / cpuNs;
  }
}
