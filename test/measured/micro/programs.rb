# The micro-tests of series 3 and the repeats of T5 and T6 (figures.ts, repeats.ts), one a run: ruby programs.rb solo 6 3 6
# Prints the number of values and p10, p25, p50, p75, p90, p95, p99 and maximum in ms, or what the method says.
require 'io/wait'

def now_ms = Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond)
def cpu_ms = Process.clock_gettime(Process::CLOCK_THREAD_CPUTIME_ID, :float_millisecond)

def burn(ms)
  stop = cpu_ms + ms
  nil while cpu_ms < stop
end

def quantiles(values)
  sorted = values.sort
  levels = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]
  [sorted.size, *levels.map { |level| sorted[((sorted.size - 1) * level).round].round(3) }].join(' ')
end

def hogs(count) = count.to_i.times { Thread.new { x = 0; loop { x += 1 } } }

# One thread alone: lengths of bursts and of sleeps (noise.ts).
def solo(burst_ms, sleep_ms, seconds)
  bursts, sleeps = [], []
  stop = now_ms + seconds * 1000
  Thread.new do
    while (start = now_ms) < stop
      burn(burst_ms)
      bursts << (between = now_ms) - start
      sleep(sleep_ms / 1000)
      sleeps << now_ms - between
    end
  end.join
  "bursts #{quantiles(bursts)} sleeps #{quantiles(sleeps)}"
end

# T7, T7h: lengths of the iterations of so many threads, beside hogs.
def iterations(threads, burst_ms, sleep_ms, seconds, hog_count)
  stop = now_ms + seconds * 1000
  hogs(hog_count)
  lengths = Array.new(threads.to_i) do
    Thread.new do
      own = []
      while (start = now_ms) < stop
        burn(burst_ms)
        sleep(sleep_ms / 1000)
        own << now_ms - start
      end
      own.drop(3)
    end
  end
  quantiles(lengths.flat_map(&:value))
end

# T1: how late a sleep next to hogs ends.
def wait(sleep_ms, hog_count, seconds)
  stop = now_ms + seconds * 1000
  hogs(hog_count)
  waits = Thread.new do
    own = []
    while (start = now_ms) < stop
      sleep(sleep_ms / 1000)
      own << now_ms - start - sleep_ms
    end
    own.drop(3)
  end
  quantiles(waits.value)
end

# T6, T6b: time per {count to so many; wait_readable(0) on a ready pipe} of so many threads together [us].
# 12 us of work were ITERATIONS_PER_US=70 on 3.1 and 60 on 3.3: trips 12 2 0.5
def trips(work_us, threads, seconds)
  work = (work_us * ENV.fetch('ITERATIONS_PER_US', 20).to_f).to_i
  pipes = Array.new(threads.to_i) { IO.pipe.tap { |_, writer| writer.write 'x' } }
  start = now_ms
  stop = start + seconds * 1000
  counts = pipes.map { |reader, _| Thread.new { count_trips(reader, work, stop) } }.map(&:value)
  ((now_ms - start) * 1000 / counts.sum).round(3)
end

# While loops, without a block: the clock is read once in 64 calls.
def count_trips(reader, work, stop)
  count = 0
  while now_ms < stop
    count += 64
    k = 0
    while k < 64
      j = 0
      j += 1 while j < work
      reader.wait_readable(0)
      k += 1
    end
  end
  count
end

# Time per Thread.pass of so many threads together [us]: with RUBY_MN_THREADS=1 each is a switch of coroutines, if there are two.
def pass(threads, seconds)
  start = now_ms
  stop = start + seconds * 1000
  counts = Array.new(threads.to_i) { Thread.new { count_passes(stop) } }.map(&:value)
  ((now_ms - start) * 1000 / counts.sum).round(3)
end

def count_passes(stop)
  count = 0
  while now_ms < stop
    count += 64
    k = 0
    while k < 64
      Thread.pass
      k += 1
    end
  end
  count
end

# T5: one way of a round trip through two queues [us].
def pingpong(seconds)
  there, back, rounds = Queue.new, Queue.new, 0
  start = now_ms
  stop = start + seconds * 1000
  Thread.new { back << 1 while there.pop != :end }
  Thread.new do
    while now_ms < stop
      50.times do
        there << 1
        back.pop
        rounds += 1
      end
    end
    there << :end
  end.join
  ((now_ms - start) * 1000 / (2 * rounds)).round(3)
end

puts send(ARGV[0], *ARGV.drop(1).map(&:to_f))
