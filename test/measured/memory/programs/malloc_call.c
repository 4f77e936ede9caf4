/*
 * What a call of malloc or free costs a thread whose process has another (idle) one, so that locks are taken.
 *
 *   gcc -O2 -o malloc_call malloc_call.c -lm -lpthread
 *   ./malloc_call MAX_BYTES MODE        MODE 0: replaces one of 1 000 blocks of log-uniform size, 24 to MAX_BYTES
 *                                            1: the loop alone   2: counts what a thread's cache could not serve
 *   GLIBC_TUNABLES=glibc.malloc.tcache_count=0 ./malloc_call MAX_BYTES 0        without that cache
 */
#define _GNU_SOURCE
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BLOCKS = 1000, SIZES = 4096, ROUNDS = 3000000 };

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void *idle(void *nothing) { pause(); return nothing; }

/* Size of the chunk of a block, which has a header of 8 bytes. */
static int chunk(int bytes) { return bytes + 8 < 32 ? 32 : (bytes + 8 + 15) & ~15; }

static uint64_t x = 88172645463325252ull;
static uint64_t draw(void) { x ^= x << 13; x ^= x >> 7; x ^= x << 17; return x; }

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  static int sizes[SIZES], cached[64];
  static void *blocks[BLOCKS];
  int of[BLOCKS], mode = atoi(argv[2]);
  double lo = log(24), hi = log(atoi(argv[1]));
  pthread_t other;
  pthread_create(&other, 0, idle, 0);
  for (int i = 0; i < SIZES; i++) sizes[i] = exp(lo + (hi - lo) * (i + .5) / SIZES);
  for (int i = 0; i < BLOCKS; i++) blocks[i] = malloc(of[i] = sizes[draw() & (SIZES - 1)]);
  long locked_malloc = 0, locked_free = 0;
  double start = cpu_seconds();
  for (long k = 0; k < ROUNDS; k++) {
    draw();
    int i = (x >> 20) % BLOCKS, size = sizes[x & (SIZES - 1)];
    if (mode == 0) {
      free(blocks[i]);
      blocks[i] = malloc(size);
      *(char *)blocks[i] = 1;
    } else if (mode == 2) {
      int c = chunk(of[i]);
      if (c <= 1040 && cached[(c - 32) / 16] < 7) cached[(c - 32) / 16]++; else locked_free++;
      c = chunk(size);
      if (c <= 1040 && cached[(c - 32) / 16] > 0) cached[(c - 32) / 16]--; else locked_malloc++;
    }
    of[i] = size;
  }
  printf("max %s mode %d: %.1f ns a pair; locked: malloc %.3f, free %.3f\n", argv[1], mode,
         1e9 * (cpu_seconds() - start) / ROUNDS, (double)locked_malloc / ROUNDS, (double)locked_free / ROUNDS);
}
