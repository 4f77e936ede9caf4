# frozen_string_literal: false

# Peak resident size of one process whose threads serve requests: each waits 3 ms and makes 300 strings of 24 B to 64 KiB
# (log-uniform), six of which go into a ring of 6 000; 3 % make 3 000 strings and hold them all until they end.
#
#   RUBY_GC_HEAP_INIT_SLOTS=40800 RUBY_GC_HEAP_GROWTH_MAX_SLOTS=1 MALLOC_ARENA_MAX=2 \
#     ruby arena_requests.rb THREADS REQUESTS first|last SEED
#
# first: the wait comes before the strings; last: after them, while a request still holds them.
threads, requests, wait, seed = ARGV[0].to_i, ARGV[1].to_i, ARGV[2], ARGV[3].to_i

LOW, HIGH = Math.log(24), Math.log(65_536)
RING = Array.new(6_000)
$stored = 0

def request(random, wait)
  sleep 0.003 if wait == 'first'
  strings = random.rand < 0.03 ? 3_000 : 300
  held = strings == 3_000 ? [] : nil
  strings.times do |k|
    string = 'x' * Math.exp(LOW + (HIGH - LOW) * random.rand).to_i
    held << string if held
    next unless k % (strings / 6) == 0

    RING[$stored % 6_000] = string
    $stored += 1
  end
  sleep 0.003 if wait == 'last'
  held
end

begun = 0
lock = Mutex.new
workers = Array.new(threads) do |thread|
  Thread.new do
    random = Random.new(1_000 * seed + thread)
    request(random, wait) while lock.synchronize { begun += 1 } <= requests
  end
end
workers.each(&:join)

peak_kib = File.read('/proc/self/status')[/VmHWM:\s+(\d+)/, 1]
gc = GC.stat
puts [threads, ENV['MALLOC_ARENA_MAX'] || 'default', wait, seed, requests, peak_kib, gc[:minor_gc_count], gc[:major_gc_count], gc[:heap_allocated_pages]].join(',')
