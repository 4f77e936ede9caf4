/*
 * What the system call costs that wakes who waits for a lock when nobody sleeps, and a lock that nobody else wants.
 *
 *   gcc -O2 -o futex_wake futex_wake.c -lpthread && ./futex_wake
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 1000000 };

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void *idle(void *nothing) { pause(); return nothing; }

int main(void) {
  static int word = 1;
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_t other;
  pthread_create(&other, 0, idle, 0);
  double start = cpu_seconds();
  for (long i = 0; i < ROUNDS; i++) syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
  double woken = cpu_seconds();
  for (long i = 0; i < ROUNDS; i++) { pthread_mutex_lock(&lock); pthread_mutex_unlock(&lock); }
  printf("wake %.0f ns, lock and unlock %.1f ns\n", 1e9 * (woken - start) / ROUNDS,
         1e9 * (cpu_seconds() - woken) / ROUNDS);
}
