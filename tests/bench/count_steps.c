/* How many instructions a function takes: JSON on standard output.
 *
 *   count_steps SYMBOL SKIP COUNT PROGRAM [ARGUMENT..]
 *
 * Runs the program and the first process that it forks (bench_dedup measures in one), lets SKIP calls of the function whose
 * symbol begins so pass, and goes through the next COUNT calls one instruction at a time. Neither a virtual machine without
 * counters nor a busy neighbour changes the figure, and what valgrind does not know (AVX-512) counts like the rest. About
 * 100 microseconds an instruction on a busy virtual machine. Linux on x86-64. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BREAKPOINT = 0xCC, BYTE = 0xFF };

struct stepped {
    pid_t child;
    uint64_t begin; /* of the function */
    uint64_t word;  /* what stands there */
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "count_steps: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long trace(enum __ptrace_request request, pid_t child, uint64_t at, void *data)
{
    errno = 0;
    long value = ptrace(request, child, (void *)(uintptr_t)at, data);
    if (value == -1 && errno != 0)
        fail("ptrace");
    return value;
}

/* True: it stopped; false: it is gone. */
static bool wait_for(pid_t child, int *status)
{
    return waitpid(child, status, __WALL) == child && WIFSTOPPED(*status);
}

/* Where the function is in the file. */
static uint64_t find_symbol(const char *program, const char *symbol)
{
    char command[1024];
    uint64_t at = 0;
    (void)snprintf(command, sizeof(command), "nm '%s' | grep -i ' t %s' | head -1", program,
                   symbol);
    FILE *lines = popen(command, "r");
    if (!lines || fscanf(lines, "%" SCNx64, &at) != 1) {
        (void)fprintf(stderr, "count_steps: no symbol '%s' in %s\n", symbol, program);
        exit(1);
    }
    (void)pclose(lines);
    return at;
}

/* Where the program begins in memory. */
static uint64_t find_base(pid_t child)
{
    char path[64];
    uint64_t base = 0;
    (void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)child);
    FILE *maps = fopen(path, "re");
    if (!maps || fscanf(maps, "%" SCNx64, &base) != 1)
        fail(path);
    (void)fclose(maps);
    return base;
}

static pid_t start(char **command)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout))
            _exit(127);
        (void)personality(ADDR_NO_RANDOMIZE);
        (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        (void)execv(command[0], command);
        _exit(127);
    }
    if (child < 0 || !wait_for(child, &status))
        fail(command[0]);
    return child;
}

/* The process that the program forks, stopped. */
static pid_t wait_for_fork(pid_t program)
{
    int status = 0;
    unsigned long child = 0;
    (void)trace(PTRACE_SETOPTIONS, program, 0, (void *)(uintptr_t)PTRACE_O_TRACEFORK);
    do {
        (void)trace(PTRACE_CONT, program, 0, NULL);
        if (!wait_for(program, &status))
            fail("it forks no process");
    } while (status >> 16 != PTRACE_EVENT_FORK);
    (void)trace(PTRACE_GETEVENTMSG, program, 0, &child);
    (void)trace(PTRACE_CONT, program, 0, NULL);
    if (!wait_for((pid_t)child, &status))
        fail("the forked process is gone");
    return (pid_t)child;
}

static void put(const struct stepped *stepped, uint64_t word)
{
    (void)trace(PTRACE_POKETEXT, stepped->child, stepped->begin, (void *)(uintptr_t)word);
}

/* Runs to the next call, and stands at its first instruction. */
static struct user_regs_struct go_to_call(const struct stepped *stepped)
{
    int status = 0;
    struct user_regs_struct registers;
    put(stepped, (stepped->word & ~(uint64_t)BYTE) | BREAKPOINT);
    do {
        (void)trace(PTRACE_CONT, stepped->child, 0, NULL);
        if (!wait_for(stepped->child, &status))
            fail("it ended before so many calls");
        (void)trace(PTRACE_GETREGS, stepped->child, 0, &registers);
    } while (registers.rip - 1 != stepped->begin);
    put(stepped, stepped->word);
    registers.rip = stepped->begin;
    (void)trace(PTRACE_SETREGS, stepped->child, 0, &registers);
    return registers;
}

static uint64_t step(const struct stepped *stepped)
{
    int status = 0;
    struct user_regs_struct registers;
    (void)trace(PTRACE_SINGLESTEP, stepped->child, 0, NULL);
    if (!wait_for(stepped->child, &status))
        fail("it ended within a call");
    (void)trace(PTRACE_GETREGS, stepped->child, 0, &registers);
    return registers.rip;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        (void)fprintf(stderr, "usage: count_steps SYMBOL SKIP COUNT PROGRAM [ARGUMENT..]\n");
        return 64;
    }
    unsigned long skip = strtoul(argv[2], NULL, 10);
    unsigned long count = strtoul(argv[3], NULL, 10);
    pid_t program = start(argv + 4);
    struct stepped stepped = {.begin = find_base(program) + find_symbol(argv[4], argv[1])};
    stepped.child = wait_for_fork(program);
    stepped.word = (uint64_t)trace(PTRACE_PEEKTEXT, stepped.child, stepped.begin, NULL);
    for (unsigned long i = 0; i < skip; i++) {
        (void)go_to_call(&stepped);
        (void)step(&stepped);
    }
    (void)printf("{\"calls\": %lu, \"instructions\": [", count);
    uint64_t sum = 0;
    for (unsigned long i = 0; i < count; i++) {
        struct user_regs_struct begin = go_to_call(&stepped);
        uint64_t back = (uint64_t)trace(PTRACE_PEEKTEXT, stepped.child, begin.rsp, NULL);
        uint64_t steps = 1;
        while (step(&stepped) != back)
            steps++;
        (void)printf("%s%" PRIu64, i > 0 ? ", " : "", steps);
        sum += steps;
    }
    (void)printf("], \"mean\": %.0f}\n", count > 0 ? (double)sum / (double)count : 0.0);
    (void)kill(stepped.child, SIGKILL);
    (void)kill(program, SIGKILL);
    return 0;
}
