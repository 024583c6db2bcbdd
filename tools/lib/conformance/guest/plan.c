/*
 * Waits for the plan, runs its modules, one after the other, and writes what came of each to standard output, for the
 * host to read. The plan is an archive among QEMU's firmware files, since those may change between the moment at which a
 * guest is saved, without a plan, and the moment at which it goes on. Its folders are in the order of the run; each has
 * the module, `script` and `seconds`, after which the script is ended. A program rather than a script, because under
 * emulation each command that a shell starts costs as much as loading a module.
 *
 *   @@begin FOLDER
 *   @@status N             exit status of the script, as a shell has it; 124 when it was ended
 *   @@output               lines of the script
 *   @@log                  lines of the kernel's log
 *   @@end FOLDER
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/klog.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PLAN "/plan"
#define PLAN_FILE "opt/kloom/plan"
#define POLL_US 10000
#define OUTPUT "/run/output"
#define LOG_BYTES (4 << 20)
#define STATUS_ENDED 124

enum { READ_ALL = 3, CLEAR = 5 }; /* klogctl */
enum { SELECTOR_PORT = 0x510, DATA_PORT = 0x511, DIRECTORY = 0x19 }; /* QEMU's docs/specs/fw_cfg.txt */

struct firmware_file { /* numbers in network order */
	uint32_t size;
	uint16_t key, reserved;
	char name[56];
};

static void write_all(const char *text, size_t size)
{
	while (size > 0) {
		ssize_t done = write(STDOUT_FILENO, text, size);

		if (done < 0)
			return;
		text += done;
		size -= done;
	}
}

static void say(const char *format, const char *word)
{
	char line[128];

	snprintf(line, sizeof(line), format, word);
	write_all(line, strlen(line));
}

/* The key and the size of the archive; 0 while there is none. */
static uint16_t find_plan(uint32_t *size)
{
	struct firmware_file file;
	uint32_t left;

	outw(DIRECTORY, SELECTOR_PORT);
	insb(DATA_PORT, &left, sizeof(left));
	for (left = ntohl(left); left > 0; left--) {
		insb(DATA_PORT, &file, sizeof(file));
		if (!strcmp(file.name, PLAN_FILE)) {
			*size = ntohl(file.size);
			return ntohs(file.key);
		}
	}
	return 0;
}

/* Waits as long as it takes: the host ends a guest that is silent for too long. */
static int unpack_plan(void)
{
	static char block[65536];
	uint32_t size;
	uint16_t key;
	FILE *archive;

	if (ioperm(SELECTOR_PORT, 2, 1) || chdir(PLAN))
		return -1;
	while (!(key = find_plan(&size)))
		usleep(POLL_US);
	archive = popen("cpio -i -d", "w");
	if (!archive)
		return -1;
	outw(key, SELECTOR_PORT);
	while (size > 0) {
		size_t part = size < sizeof(block) ? size : sizeof(block);

		insb(DATA_PORT, block, part);
		fwrite(block, 1, part, archive);
		size -= part;
	}
	return pclose(archive);
}

/* Ends the script with all that it has started. */
static int run_script(int seconds)
{
	struct timespec limit = { .tv_sec = seconds };
	sigset_t child;
	int status = 0;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	pid = fork();
	if (pid == 0) {
		int output = open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		sigprocmask(SIG_UNBLOCK, &child, NULL);
		setpgid(0, 0);
		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
		execl("/tools/sh", "sh", "./script", NULL);
		_exit(127);
	}
	if (sigtimedwait(&child, NULL, &limit) < 0) {
		kill(-pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return STATUS_ENDED;
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* All modules but the guest's own interrupt lines; those that others use come later in the list. */
static void unload_all(void)
{
	char name[64];
	FILE *modules = fopen("/proc/modules", "r");

	while (modules && fscanf(modules, "%63s%*[^\n]", name) == 1)
		if (strcmp(name, "lines"))
			syscall(SYS_delete_module, name, O_NONBLOCK);
	if (modules)
		fclose(modules);
}

static void write_output(void)
{
	char block[65536];
	ssize_t size;
	int output = open(OUTPUT, O_RDONLY);

	while ((size = read(output, block, sizeof(block))) > 0)
		write_all(block, size);
	close(output);
}

/* Each line of the log begins with its level, <6>, which dmesg does not show. */
static void write_log(void)
{
	static char log[LOG_BYTES], shown[LOG_BYTES];
	int size = klogctl(READ_ALL, log, sizeof(log));
	int from = 0, to = 0;

	while (from < size) {
		if (log[from] == '<' && (from == 0 || log[from - 1] == '\n'))
			while (from < size && log[from++] != '>')
				;
		else
			shown[to++] = log[from++];
	}
	write_all(shown, to);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status, (void)kind;
	if (walk->level > 0)
		remove(path);
	return 0;
}

static int is_folder(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(void)
{
	struct dirent **folders;
	int index, count;

	if (unpack_plan())
		return 1;
	count = scandir(PLAN, &folders, is_folder, alphasort);
	for (index = 0; index < count; index++) {
		const char *name = folders[index]->d_name;
		char path[300], number[16];
		int seconds = 0;
		FILE *file;

		snprintf(path, sizeof(path), PLAN "/%s", name);
		if (chdir(path))
			continue;
		file = fopen("seconds", "r");
		if (!file || fscanf(file, "%d", &seconds) != 1)
			continue;
		fclose(file);

		klogctl(CLEAR, NULL, 0);
		say("@@begin %s\n", name);
		snprintf(number, sizeof(number), "%d", run_script(seconds));
		say("@@status %s\n", number);
		unload_all();
		say("@@output\n", "");
		write_output();
		say("\n@@log\n", "");
		write_log();
		say("@@end %s\n", name);
		nftw("/tmp", remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	}
	say("@@done\n", "");
	return 0;
}
