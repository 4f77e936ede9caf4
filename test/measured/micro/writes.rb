# How often an answer loses the lock between its two writes: threads on one core, each in a loop of {sleep; so many ms of native sleep that keeps the
# lock; so many us of Ruby code; write; 30 us; write}. Prints the share of first writes that took more than 0.3 ms, by when the first waiter came.
#   taskset -c 1 ruby writes.rb 5 60 3 4
require 'fiddle'

USLEEP = Fiddle::Function.new(Fiddle.dlopen(nil)['usleep'], [Fiddle::TYPE_INT], Fiddle::TYPE_INT, need_gvl: true)

def now_us = Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_microsecond)
def cpu_us = Process.clock_gettime(Process::CLOCK_THREAD_CPUTIME_ID, :float_microsecond)

def burn(us)
  stop = cpu_us + us
  nil while cpu_us < stop
end

hold_ms, burn_us, threads, seconds = ARGV.map(&:to_i)
stop = now_us + seconds * 1e6
answers = Array.new(threads) do |number|
  Thread.new do
    own, out, random = [], File.open('/dev/null', 'w').tap { |file| file.sync = true }, Random.new(number)
    while (start = now_us) < stop
      sleep(pause = 0.003 + 0.006 * random.rand)
      has_lock = now_us
      hold_ms.times { USLEEP.call(1000) }
      burn(burn_us)
      before = now_us
      out.syswrite('x')
      after = now_us
      burn(30)
      out.syswrite('x')
      own << { asks: start + pause * 1e6 + 150, has_lock:, before:, after: }
    end
    own
  end
end.map(&:value)

counts = Hash.new { |hash, key| hash[key] = [0, 0] }
answers.each do |own|
  others = (answers - [own]).flatten.select { |other| other[:has_lock] - other[:asks] > 150 }
  own.each do |answer|
    waits = others.select { |other| other[:asks] < answer[:before] && answer[:before] < other[:has_lock] }
    first = waits.map { |other| other[:asks] }.min
    when_it_came = first.nil? ? 'nobody waits' : first + 50 < answer[:has_lock] ? 'before the turn' : 'during the turn'
    counts[when_it_came][0] += 1
    counts[when_it_came][1] += 1 if answer[:after] - answer[:before] > 300
  end
end
counts.sort.each { |key, (all, lost)| puts "#{key}: #{lost} of #{all}" }
