/*
 * Sets the wall clock of one process wrong while it runs: loaded before libc (LD_PRELOAD), it adds to each time the seconds that stand
 * in the eight bytes of the file that CLOCK_STEP_FILE names. The monotonic clock, and the times of files, stay as they are.
 * (libfaketime does the same, but lets waits of a Java virtual machine end at once.)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *step;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void start(void) {
  const char *file = getenv("CLOCK_STEP_FILE");
  int fd = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
  real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  if (fd >= 0) {
    void *seconds = mmap(NULL, sizeof *step, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    step = seconds == MAP_FAILED ? NULL : seconds;
  }
}

int clock_gettime(clockid_t id, struct timespec *t) {
  if (!real_clock_gettime) {
    start();
  }
  int result = real_clock_gettime(id, t);
  if (result == 0 && step && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
    t->tv_sec += *step;
  }
  return result;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
  struct timespec now;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  t->tv_sec = now.tv_sec;
  t->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) {
    *out = now.tv_sec;
  }
  return now.tv_sec;
}
