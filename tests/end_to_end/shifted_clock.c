/* Turns the wall clock of the processes that load it: SHIFTED_CLOCK names a file that holds the seconds, a double.
 * The clock that never jumps is left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static const volatile double *offset;

__attribute__((constructor)) static void look(void) {
    const char *name = getenv("SHIFTED_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        void *place = mmap(NULL, sizeof(double), PROT_READ, MAP_SHARED, file, 0);
        offset = place == MAP_FAILED ? NULL : place;
    }
}

int clock_gettime(clockid_t which, struct timespec *now) {
    static int (*true_clock)(clockid_t, struct timespec *);
    if (!true_clock) true_clock = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = true_clock(which, now);
    if (!failed && offset && which == CLOCK_REALTIME) now->tv_sec += (time_t)*offset;
    return failed;
}
