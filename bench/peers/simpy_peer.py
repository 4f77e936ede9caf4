"""Both benchmark models in SimPy: `python3 simpy_peer.py w1|w2 REQUESTS SEED`; prints a line of JSON, times in ms."""

import json
import random
import sys
import time
from collections import deque

import simpy


def w1(env, requests, draw, latencies):
    """M/M/1: 90 requests a second, 10 ms each."""
    server = simpy.Resource(env)

    def request():
        arrived = env.now
        with server.request() as turn:
            yield turn
            yield env.timeout(draw(10))
        latencies.append(env.now - arrived)

    for _ in range(requests):
        yield env.timeout(draw(1000 / 90))
        env.process(request())


def w2(env, requests, draw, latencies, processes=2, threads=5):
    """One queue, two processes of five threads, a lock each; CPU, I/O, CPU, I/O, CPU. Slices of 100 ms are left out: 1 burst in 10^10 is that long."""
    locks = [simpy.Resource(env) for _ in range(processes)]
    busy = [0] * processes
    queue = deque()

    def thread(process, arrived):
        while arrived is not None:
            for phase in range(5):
                if phase % 2 == 1:
                    yield env.timeout(draw(10))
                    continue
                with locks[process].request() as turn:
                    yield turn
                    yield env.timeout(draw(4))
            latencies.append(env.now - arrived)
            arrived = queue.popleft() if queue else None
        busy[process] -= 1

    for _ in range(requests):
        yield env.timeout(draw(12 / 0.8 / processes))
        process = min(range(processes), key=busy.__getitem__)
        if busy[process] == threads:
            queue.append(env.now)
        else:
            busy[process] += 1
            env.process(thread(process, env.now))


model, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
generator = random.Random(seed)
times = []
started = time.perf_counter()
environment = simpy.Environment()
environment.process({"w1": w1, "w2": w2}[model](environment, count, lambda mean: generator.expovariate(1 / mean), times))
environment.run()
print(json.dumps({"wallMs": 1000 * (time.perf_counter() - started), "mean": sum(times) / len(times)}))
