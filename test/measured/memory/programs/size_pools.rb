# frozen_string_literal: true
# Allocations spread over size pools: usage  ruby pools.rb NAME RESIDENT "r0,r1,.." OBJECTS "a0,a1,.." HELD REQUESTS
# RESIDENT strings in all, spread over the slot sizes by r; each request makes OBJECTS strings by a and holds HELD of them to its end.
name, resident, rs, objects, as, held, requests = ARGV
resident, objects, held, requests = [resident, objects, held, requests].map(&:to_i)
LEN = [10, 40, 100, 200, 500].freeze
def spread(weights, n) # a list of lengths, in an even mixture
  w = weights.split(',').map(&:to_f); sum = w.sum; due = [0.0] * 5
  Array.new(n) { 5.times { |k| due[k] += w[k] / sum }; k = due.each_with_index.max[1]; due[k] -= 1; LEN[k] }
end
X = 'x'
pattern = spread(as, 1000)
kept = spread(rs, resident).map { |n| X * n }
3.times { GC.start }
request = lambda do
  ring = Array.new([held, 1].max)
  i = 0
  while i < objects
    s = X * pattern[i % 1000]
    ring[i % held] = s if held > 0
    i += 1
  end
  nil
end
stat = -> { (0..4).map { |k| GC.stat_heap(k) } }
col = ->(s, key) { s.map { |h| h[key] }.join('/') }
# marked objects by pool right after a full collection
live = stat.call.map { |h| h[:total_allocated_objects] - h[:total_freed_objects] }.join('/')
s0 = stat.call; g0 = GC.stat
requests.times { request.call }
s1 = stat.call; g1 = GC.stat
alloc = s1.zip(s0).map { |a, b| a[:total_allocated_objects] - b[:total_allocated_objects] }
puts [name, RUBY_VERSION, live, col.(s0, :heap_eden_slots), col.(s0, :heap_allocatable_pages), col.(s0, :heap_eden_pages), requests, held, alloc.join('/'),
      g1[:minor_gc_count] - g0[:minor_gc_count], g1[:major_gc_count] - g0[:major_gc_count], col.(s1, :heap_eden_pages), col.(s1, :heap_allocatable_pages),
      s1.zip(s0).map { |a, b| a[:force_major_gc_count] - b[:force_major_gc_count] }.join('/'), g1[:old_objects], kept.size].join(',')
