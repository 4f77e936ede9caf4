# frozen_string_literal: false

# Peak resident size of one process whose threads build up MIB of strings in eight steps, sleep 1 ms after each, and hold them
# until the request ends. Sizes of the strings are log-uniform from LOW to HIGH bytes.
#
#   RUBY_GC_HEAP_INIT_SLOTS=308040 RUBY_GC_HEAP_GROWTH_MAX_SLOTS=1 MALLOC_ARENA_MAX=2 \
#     ruby held_requests.rb THREADS MIB REQUESTS LOW HIGH SEED
threads, mib, requests, low, high, seed = ARGV.map(&:to_f)

LOW, HIGH = Math.log(low), Math.log(high)
STEP = (mib * 1_048_576 / 8).to_i

def rss_kib = File.read('/proc/self/statm').split[1].to_i * 4

def request(random)
  held = []
  8.times do
    bytes = 0
    while bytes < STEP
      size = Math.exp(LOW + (HIGH - LOW) * random.rand).to_i
      held << 'x' * size
      bytes += size
    end
    sleep 0.001
  end
end

base_kib = rss_kib
begun = 0
lock = Mutex.new
workers = Array.new(threads.to_i) do |thread|
  Thread.new do
    random = Random.new(1_000 * seed.to_i + thread)
    request(random) while lock.synchronize { begun += 1 } <= requests
  end
end
workers.each(&:join)

peak_kib = File.read('/proc/self/status')[/VmHWM:\s+(\d+)/, 1]
gc = GC.stat
puts [threads.to_i, ENV['MALLOC_ARENA_MAX'] || 'default', mib.to_i, low.to_i, high.to_i, seed.to_i, requests.to_i, base_kib, peak_kib, gc[:minor_gc_count], gc[:major_gc_count], gc[:heap_allocated_pages]].join(',')
