"""The M/M/1 model in Ciw: `python3 ciw_peer.py w1 REQUESTS SEED`; prints a line of JSON, times in ms."""

import json
import sys
import time

import ciw

if sys.argv[1] != "w1":
    sys.exit("a lock that customers of one node share is not part of Ciw")
count, seed = int(sys.argv[2]), int(sys.argv[3])
started = time.perf_counter()
ciw.seed(seed)
network = ciw.create_network(
    arrival_distributions=[ciw.dists.Exponential(rate=0.09)],
    service_distributions=[ciw.dists.Exponential(rate=0.1)],
    number_of_servers=[1],
)
simulation = ciw.Simulation(network)
simulation.simulate_until_max_customers(count, method="Finish")
times = [record.exit_date - record.arrival_date for record in simulation.get_all_records()]
print(json.dumps({"wallMs": 1000 * (time.perf_counter() - started), "mean": sum(times) / len(times)}))
