// The keeper's loop: Martlet's words, the runner's reports, signals, and while there is no Martlet the output.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// While there is no Martlet, so often it is looked whether there is still a directory to come back to.
enum { LOOK_AROUND_MILLISECONDS = 5000 };

struct keeper {
    const struct options *options;
    struct runner *runner;
    int control;              // -1: there is no Martlet
    int listener;             // -1: there will be none
    int state;
    int output, error, input; // -1 at their ends
    struct capture capture;
};

static void end_input(struct keeper *keeper) {
    if (keeper->input >= 0) close(keeper->input);
    keeper->input = -1;
}

// Martlet's words: `signal NUMBER`, `kill`, `end-input`.
static void obey(struct keeper *keeper, char *words) {
    char *rest = NULL;
    for (char *line = strtok_r(words, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "signal ", 7) == 0) kill(keeper->runner->process, atoi(line + 7));
        else if (strcmp(line, "kill") == 0) end_runner(keeper->runner);
        else if (strcmp(line, "end-input") == 0) end_input(keeper);
    }
}

// Martlet is gone. What was kept for its successor is kept; everything else ends with it.
static void be_alone(struct keeper *keeper) {
    close(keeper->control);
    keeper->control = -1;
    if (keeper->listener < 0) return end_runner(keeper->runner);
    begin_capture(&keeper->capture, keeper->options->log);
}

static void hear(struct keeper *keeper) {
    char words[256];
    ssize_t length = read(keeper->control, words, sizeof words - 1);
    if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (length <= 0) return be_alone(keeper);
    words[length] = 0;
    obey(keeper, words);
}

static void meet(struct keeper *keeper) {
    struct options theirs = *keeper->options;
    theirs.output = keeper->output, theirs.error = keeper->error, theirs.input = keeper->input;
    int connection = welcome(keeper->listener, &theirs);
    if (connection < 0) return;
    if (keeper->control >= 0) {
        close(connection);
        return;
    }
    end_capture(&keeper->capture);
    keeper->control = connection;
}

static void tell(struct keeper *keeper, const char *lines, size_t length) {
    add_to_state(keeper->state, lines, length);
    if (keeper->control >= 0) send(keeper->control, lines, length, MSG_NOSIGNAL);
}

// Passes on what the runner said; false at its end.
static bool relay(struct keeper *keeper) {
    char lines[256];
    ssize_t length = read(keeper->runner->reports, lines, sizeof lines);
    if (length <= 0) return length < 0 && errno == EINTR;
    tell(keeper, lines, (size_t)length);
    return true;
}

static void take(struct keeper *keeper, int *stream, const char *name) {
    // Its end stays seen: the descriptor is Martlet's to have, should it come back.
    if (*stream >= 0 && !take_output(&keeper->capture, *stream, name)) close(*stream), *stream = -1;
}

static void pass_on(struct keeper *keeper, int signals) {
    struct signalfd_siginfo signal;
    while (read(signals, &signal, sizeof signal) == sizeof signal)
        if (is_passed_on(signal.ssi_signo)) kill(keeper->runner->process, (int)signal.ssi_signo);
}

static void wait_for_news(struct keeper *keeper, int signals) {
    bool is_alone = keeper->control < 0 && keeper->listener >= 0;
    struct pollfd watched[] = {
        {.fd = signals, .events = POLLIN},
        {.fd = keeper->runner->reports, .events = POLLIN},
        {.fd = keeper->control, .events = POLLIN},
        {.fd = keeper->listener, .events = POLLIN},
        {.fd = is_alone ? keeper->output : -1, .events = POLLIN},
        {.fd = is_alone ? keeper->error : -1, .events = POLLIN},
    };
    int count = poll(watched, sizeof watched / sizeof *watched, is_alone ? LOOK_AROUND_MILLISECONDS : -1);
    if (count == 0 && !has_socket(keeper->options->keep)) end_runner(keeper->runner);
    if (watched[0].revents) pass_on(keeper, signals);
    if (watched[1].revents) relay(keeper);
    if (watched[2].revents) hear(keeper);
    if (watched[4].revents) take(keeper, &keeper->output, "stdout");
    if (watched[5].revents) take(keeper, &keeper->error, "stderr");
    if (watched[3].revents) meet(keeper);
}

// What came before it, and what nobody reads any more.
static void finish(struct keeper *keeper) {
    while (relay(keeper)) {}
    if (has_run_out_of_memory(keeper->options)) tell(keeper, "out-of-memory\n", 14);
    if (keeper->listener >= 0 && keeper->control < 0) {
        // As much as a pipe holds: a process that survived and goes on writing is not waited for.
        for (int i = 0; i < 64; i++) {
            take(keeper, &keeper->output, "stdout");
            take(keeper, &keeper->error, "stderr");
        }
        end_capture(&keeper->capture);
    }
}

void keep(const struct options *options, struct runner *runner, int signals) {
    struct keeper keeper = {
        .options = options, .runner = runner, .control = options->control, .listener = -1, .state = -1,
        .output = options->output, .error = options->error, .input = options->input, .capture = {.log = -1},
    };
    if (options->keep) {
        keeper.state = open_state(options->keep);
        keeper.listener = keeper.state < 0 ? -1 : open_socket(options->keep);
        // It runs all the same, and ends with Martlet.
        if (keeper.listener < 0) report_failed(options->control, "keep", errno);
    }
    int status;
    while (waitpid(runner->process, &status, WNOHANG) != runner->process) wait_for_news(&keeper, signals);
    finish(&keeper);
}
