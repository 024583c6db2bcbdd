/*
 * The guest's own commands, one program under several names. busybox's insmod loads a module a second time when its
 * init returns an error, its taskset prefers busybox's own commands; and user processes of the virtual machine have
 * commands that busybox lacks.
 *
 *   insmod FILE [NAME=VALUE ...]
 *   rmmod NAME
 *   taskset -c CPU COMMAND
 *   raise LINE [CPU]                   a device raises this interrupt line
 *   ioctl PATH COMMAND [ARGUMENT]      numbers as strtoul takes them; prints the result
 *   poll [-w] [-t SECONDS] PATH        prints what the file is ready for, or timeout
 *   seek FD OFFSET [WHENCE]            prints the new position of an open file
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int insmod(int argc, char **argv)
{
	char parameters[4096] = "";
	int fd, i;

	if (argc < 2)
		return 2;
	for (i = 2; i < argc; i++) {
		if (strlen(parameters) + strlen(argv[i]) + 2 > sizeof(parameters))
			return 2;
		if (i > 2)
			strcat(parameters, " ");
		strcat(parameters, argv[i]);
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && syscall(SYS_finit_module, fd, parameters, 0) == 0)
		return 0;
	fprintf(stderr, "insmod: ERROR: could not insert module %s: %s\n", argv[1], strerror(errno));
	return 1;
}

static int rmmod(int argc, char **argv)
{
	char name[64];
	size_t length;

	if (argc < 2)
		return 2;
	snprintf(name, sizeof(name), "%s", argv[1]);
	length = strlen(name);
	if (length > 3 && strcmp(name + length - 3, ".ko") == 0)
		name[length - 3] = '\0';
	if (syscall(SYS_delete_module, name, O_NONBLOCK) == 0)
		return 0;
	if (errno == ENOENT)
		fprintf(stderr, "rmmod: ERROR: Module %s is not currently loaded\n", name);
	else if (errno == EWOULDBLOCK)
		fprintf(stderr, "rmmod: ERROR: Module %s is in use\n", name);
	else
		fprintf(stderr, "rmmod: ERROR: could not remove module %s: %s\n", name, strerror(errno));
	return 1;
}

/* "0-2,4" */
static int parse_cpus(const char *text, cpu_set_t *cpus)
{
	char *end;
	long first, last;

	CPU_ZERO(cpus);
	while (*text) {
		first = last = strtol(text, &end, 10);
		if (end == text)
			return -1;
		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		for (; first <= last && first < CPU_SETSIZE; first++)
			CPU_SET(first, cpus);
		text = *end == ',' ? end + 1 : end;
		if (text == end && *end)
			return -1;
	}
	return 0;
}

static int taskset(int argc, char **argv)
{
	cpu_set_t cpus;

	if (argc < 4 || strcmp(argv[1], "-c") != 0 || parse_cpus(argv[2], &cpus)) {
		fprintf(stderr, "usage: taskset -c CPUS COMMAND\n");
		return 2;
	}
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		fprintf(stderr, "taskset: failed to set affinity: %s\n", strerror(errno));
		return 1;
	}
	execvp(argv[3], argv + 3);
	fprintf(stderr, "taskset: %s: %s\n", argv[3], strerror(errno));
	return 127;
}

/* lines.ko does it: the line goes to the CPU first when one is named. */
static int raise_line(int argc, char **argv)
{
	char path[64], text[32];
	int fd, length;

	if (argc < 2)
		return 2;
	if (argc > 2) {
		snprintf(path, sizeof(path), "/proc/irq/%s/smp_affinity_list", argv[1]);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, argv[2], strlen(argv[2])) < 0) {
			fprintf(stderr, "raise: %s: %s\n", argv[1], strerror(errno));
			return 1;
		}
		close(fd);
	}
	fd = open("/proc/raise_line", O_WRONLY | O_CLOEXEC);
	length = snprintf(text, sizeof(text), "%s\n", argv[1]);
	if (fd < 0 || write(fd, text, length) < 0) {
		fprintf(stderr, "raise: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	usleep(10000); /* until it has been handled, wherever */
	return 0;
}

static int control(int argc, char **argv)
{
	unsigned long argument;
	int fd, result;

	if (argc < 3)
		return 2;
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "ioctl: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	argument = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;
	result = ioctl(fd, strtoul(argv[2], NULL, 0), argument);
	if (result < 0) {
		fprintf(stderr, "ioctl: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	printf("%d\n", result);
	return 0;
}

static int poll_file(int argc, char **argv)
{
	int is_for_writing = 0, timeout_ms = -1, result, option;
	struct pollfd wanted;

	while ((option = getopt(argc, argv, "wt:")) != -1) {
		if (option == 'w')
			is_for_writing = 1;
		else if (option == 't')
			timeout_ms = atof(optarg) * 1000;
	}
	if (optind >= argc)
		return 2;
	wanted.fd = open(argv[optind], (is_for_writing ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	wanted.events = is_for_writing ? POLLOUT | POLLWRNORM : POLLIN | POLLRDNORM | POLLPRI;
	result = wanted.fd < 0 ? -1 : poll(&wanted, 1, timeout_ms);
	if (result < 0) {
		fprintf(stderr, "poll: %s: %s\n", argv[optind], strerror(errno));
		return 1;
	}
	printf("%s%s%s%s%s\n", wanted.revents & POLLIN ? "POLLIN " : "", wanted.revents & POLLOUT ? "POLLOUT " : "",
	       wanted.revents & POLLPRI ? "POLLPRI " : "", wanted.revents & POLLERR ? "POLLERR " : "", result ? "" : "timeout");
	return result == 0;
}

static int seek(int argc, char **argv)
{
	off_t position;

	if (argc < 3)
		return 2;
	position = lseek(atoi(argv[1]), atoll(argv[2]), argc > 3 ? atoi(argv[3]) : SEEK_SET);
	if (position < 0) {
		fprintf(stderr, "seek: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	printf("%lld\n", (long long)position);
	return 0;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	if (strcmp(name, "insmod") == 0)
		return insmod(argc, argv);
	if (strcmp(name, "rmmod") == 0)
		return rmmod(argc, argv);
	if (strcmp(name, "taskset") == 0)
		return taskset(argc, argv);
	if (strcmp(name, "raise") == 0)
		return raise_line(argc, argv);
	if (strcmp(name, "ioctl") == 0)
		return control(argc, argv);
	if (strcmp(name, "poll") == 0)
		return poll_file(argc, argv);
	if (strcmp(name, "seek") == 0)
		return seek(argc, argv);
	fprintf(stderr, "%s: no such command\n", name);
	return 2;
}
