import type { Distribution } from '../../random/distribution.js';
import type { Stream, Streams, VariateStream } from '../../random/streams.js';
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
 * Demands drawn at arrival, from streams that depend on nothing but the class and the place of the phase in it: every
 * configuration sees the same requests, and a phase that is added at the end leaves the others as they were.
 */
class DrawnDemands implements Demands {
  readonly maxPhases: number;
  private readonly choice: Stream;
  private readonly drawn: readonly DrawnClass[];
  private readonly upTo: Float64Array;

  constructor(classes: readonly RequestClassSpec[], streams: Streams) {
    this.maxPhases = Math.max(1, ...classes.map(({ phases }) => phases.length));
    this.choice = streams.open('app/class');
    this.drawn = classes.map((spec, index) => new DrawnClass(spec, index, streams));
    const total = classes.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    this.upTo = Float64Array.from(classes, ({ weight }) => (sum += weight) / total);
  }

  draw(request: RequestId, requests: RequestTable): boolean {
    this.drawn[this.drawn.length === 1 ? 0 : this.drawClass()]!.draw(request, requests);
    return true;
  }

  private drawClass(): number {
    const u = this.choice.uniform();
    let index = 0;
    while (index < this.upTo.length - 1 && u >= this.upTo[index]!) index++;
    return index;
  }
}

/** Requests whose demands are drawn at a time: one tight loop for each phase, and what is ahead is invisible. */
const BLOCK = 64;

/** A quantity that is drawn for every request of a class. */
interface Draw {
  readonly demand: Distribution;
  readonly stream: VariateStream;
  /** Variates of the next requests: part of the block of the class, that of the first phase that takes it. */
  readonly variates: Float64Array;
  /** So many phases take it in equal parts. */
  readonly parts: number;
  /** Where in the block the other phases have theirs. */
  readonly copiesAt: number[];
}

/** The requests of one class. */
class DrawnClass {
  private readonly draws: readonly Draw[];
  /** Demands of the next requests [ns, not rounded yet; number of objects for Allocate]: of phase k, [k * BLOCK, (k + 1) * BLOCK). */
  private readonly block: Float64Array;
  private next: number;
  private readonly isAllocating: boolean;

  constructor(
    private readonly spec: RequestClassSpec,
    private readonly index: number,
    streams: Streams,
  ) {
    const { phases } = spec;
    this.block = new Float64Array(BLOCK * phases.length);
    const byPhase = new Map<number, Draw>();
    phases.forEach(({ demand, share }, k) => {
      const first = share === null ? k : phases.findIndex((other) => other.share?.group === share.group);
      if (first < k) {
        byPhase.get(first)!.copiesAt.push(k * BLOCK);
        return;
      }
      const stream = streams.open(`app/demand/${spec.name}/${k}`);
      const variates = this.block.subarray(k * BLOCK, (k + 1) * BLOCK);
      byPhase.set(k, { demand, stream, variates, parts: share?.parts ?? 1, copiesAt: [] });
    });
    this.draws = [...byPhase.values()];
    this.next = BLOCK;
    this.isAllocating = spec.allocatedObjects > 0 || spec.mallocBytes > 0;
  }

  draw(request: RequestId, requests: RequestTable): void {
    if (this.next === BLOCK) this.refill();
    if (requests.row[request] !== -1 - this.index) this.enter(request, requests);
    const { block } = this;
    const { phaseDemand, maxPhases } = requests;
    const end = block.length;
    let to = request * maxPhases;
    for (let from = this.next++; from < end; from += BLOCK) phaseDemand[to++] = Math.floor(block[from]! + 0.5);
    if (this.isAllocating) this.allocate(request, requests);
  }

  private refill(): void {
    for (const { stream, demand, variates, parts, copiesAt } of this.draws) {
      stream.fill(demand, variates);
      if (parts > 1) divide(variates, parts);
      for (const at of copiesAt) this.block.set(variates, at);
    }
    this.next = 0;
  }

  private allocate(request: RequestId, requests: RequestTable): void {
    const { phases, allocatedObjects, mallocBytes } = this.spec;
    let cpuNs = 0;
    phases.forEach(({ kind }, k) => {
      if (kind === PhaseKind.Cpu) cpuNs += requests.phaseDemand[request * requests.maxPhases + k]!;
    });
    requests.objectsPerNs[request] = cpuNs === 0 ? 0 : allocatedObjects / cpuNs;
    requests.mallocBytesPerNs[request] = cpuNs === 0 ? 0 : mallocBytes / cpuNs;
  }

  /**
   * What all requests of a class have in common. A slot keeps it until a request of another class takes it; its row,
   * which drawn requests do not have, says whose it is: -1 - class.
   */
  private enter(request: RequestId, requests: RequestTable): void {
    const first = request * requests.maxPhases;
    this.spec.phases.forEach(({ kind, keptObjects }, k) => {
      requests.phaseKind[first + k] = kind;
      requests.phaseKept[first + k] = keptObjects;
    });
    requests.classOf[request] = this.index;
    requests.phaseCount[request] = this.spec.phases.length;
    requests.row[request] = -1 - this.index;
    requests.uploadNs[request] = this.spec.uploadNs ?? 0;
    requests.objectsPerNs[request] = 0;
    requests.mallocBytesPerNs[request] = 0;
  }
}

function divide(variates: Float64Array, parts: number): void {
  const share = 1 / parts;
  for (let k = 0; k < variates.length; k++) variates[k]! *= share;
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
