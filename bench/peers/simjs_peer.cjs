/** Both benchmark models in simjs: `node simjs_peer.cjs w1|w2 REQUESTS SEED`; prints a line of JSON, times in ms. */
globalThis.window = {}; // simjs is bundled for browsers and leaves itself there
require('simjs');
const { Entity, Facility, Random, Sim } = globalThis.window.Sim;

const [model, countText, seed] = process.argv.slice(2);
const count = Number(countText);
const random = new Random(Number(seed));
let latencies = 0;

/** M/M/1: 90 requests a second, 10 ms each. */
class W1 extends Entity {
  start() {
    this.server = new Facility('server');
    this.left = count;
    this.next();
  }
  next() {
    if (this.left-- === 0) return;
    this.setTimer(random.exponential(90 / 1000)).done(() => {
      const arrived = this.time();
      this.useFacility(this.server, random.exponential(1 / 10)).done(() => {
        latencies += this.time() - arrived;
      });
      this.next();
    });
  }
}

/** One queue, two processes of five threads, a lock each; CPU, I/O, CPU, I/O, CPU. Slices of 100 ms are left out: 1 burst in 10^10 is that long. */
class W2 extends Entity {
  start() {
    this.locks = [new Facility('gvl-0'), new Facility('gvl-1')];
    this.busy = [0, 0];
    this.queue = [];
    this.head = 0;
    this.left = count;
    this.next();
  }
  next() {
    if (this.left-- === 0) return;
    this.setTimer(random.exponential((0.8 * 2) / 12)).done(() => {
      const process = this.busy[0] <= this.busy[1] ? 0 : 1;
      if (this.busy[process] === 5) this.queue.push(this.time());
      else {
        this.busy[process]++;
        this.phase(process, 0, this.time());
      }
      this.next();
    });
  }
  phase(process, phase, arrived) {
    if (phase === 5) {
      latencies += this.time() - arrived;
      if (this.head < this.queue.length) this.phase(process, 0, this.queue[this.head++]);
      else this.busy[process]--;
      return;
    }
    const ends =
      phase % 2 === 1
        ? this.setTimer(random.exponential(1 / 10))
        : this.useFacility(this.locks[process], random.exponential(1 / 4));
    ends.done(() => this.phase(process, phase + 1, arrived));
  }
}

const startedMs = performance.now();
const simulation = new Sim();
simulation.addEntity({ w1: W1, w2: W2 }[model], 'load');
simulation.simulate(Number.MAX_VALUE);
console.log(JSON.stringify({ wallMs: performance.now() - startedMs, mean: latencies / count }));
