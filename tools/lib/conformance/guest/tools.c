/*
 * The guest's own commands, one program under several names. busybox's insmod loads a module a second time when its
 * init returns an error; and user processes of the virtual machine have commands that busybox lacks.
 *
 *   insmod FILE [NAME=VALUE ...]
 *   rmmod NAME
 *   ioctl PATH COMMAND [ARGUMENT]      numbers as strtoul takes them; prints the result
 */
#include <errno.h>
#include <fcntl.h>
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

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	if (strcmp(name, "insmod") == 0)
		return insmod(argc, argv);
	if (strcmp(name, "rmmod") == 0)
		return rmmod(argc, argv);
	if (strcmp(name, "ioctl") == 0)
		return control(argc, argv);
	fprintf(stderr, "%s: no such command\n", name);
	return 2;
}
