// The first process of the emulated computer: runs the commands of /plan, one a line, says how each ended, and turns the power
// off. A line is a name and a program with its arguments, parted by blanks.
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kArgumentsMax = 15 };

static int run(char* const arguments[]) {
    const pid_t child = fork();
    if (child == 0) {
        execv(arguments[0], arguments);
        perror(arguments[0]);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void run_line(char* line) {
    char* words[kArgumentsMax + 1] = {0};
    int count = 0;
    for (char* word = strtok(line, " \n"); word != NULL && count < kArgumentsMax; word = strtok(NULL, " \n")) words[count++] = word;
    if (count < 2) return;
    printf("begin %s\n", words[0]);
    printf("end %s %d\n", words[0], run(words + 1));
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    mount("proc", "/proc", "proc", 0, NULL);
    mount("sysfs", "/sys", "sysfs", 0, NULL);
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
    FILE* const plan = fopen("/plan", "r");
    char line[512];
    while (plan != NULL && fgets(line, sizeof line, plan) != NULL) run_line(line);
    sync();
    reboot(RB_POWER_OFF);
    return 1;
}
