/* Runs one program and writes down what it used:
 *
 *     meter SECONDS RESULT PROGRAM [ARGUMENTS...]
 *
 * RESULT becomes one line of text: user, system and wall-clock seconds, peak resident kilobytes, and the exit status
 * (1000 + the signal number if a signal ended it). After SECONDS the program is killed with all its children.
 *
 * This is C and not part of the Python driver because of the peak memory: Linux counts what the parent occupied at the
 * fork as the child's own, so below a Python parent every small interpreter seems to need Python's ten megabytes. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void end_child(int signal_number) {
  (void)signal_number;
  kill(-child, SIGKILL);
}

static double seconds_since(const struct timespec* start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static double seconds(struct timeval span) { return (double)span.tv_sec + (double)span.tv_usec / 1e6; }

int main(int argc, char** argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: meter SECONDS RESULT PROGRAM [ARGUMENTS...]\n");
    return 2;
  }
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  child = fork();
  if (child < 0) {
    perror("fork");
    return 2;
  }
  if (child == 0) {
    setpgid(0, 0);
    execvp(argv[3], argv + 3);
    perror(argv[3]);
    _exit(127);
  }
  setpgid(child, child); /* here too: the alarm must find the group even if the child has not run yet */
  signal(SIGALRM, end_child);
  alarm((unsigned)atoi(argv[1]));

  int status = 0;
  struct rusage used;
  while (wait4(child, &status, 0, &used) < 0) {
  }
  const double wall = seconds_since(&start);

  FILE* result = fopen(argv[2], "w");
  if (!result) {
    perror(argv[2]);
    return 2;
  }
  fprintf(result, "%.6f %.6f %.6f %ld %d\n", seconds(used.ru_utime), seconds(used.ru_stime), wall, used.ru_maxrss,
          WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status));
  return fclose(result) == 0 ? 0 : 2;
}
