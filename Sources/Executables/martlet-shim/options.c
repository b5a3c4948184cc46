// martlet-shim --control FD [--keep DIR [--log FILE] [--output FD] [--error FD] [--input FD]]
//              [--directory DIR] [--limit NAME=SOFT[:HARD]]
//              [--confine [--bind SOURCE:TARGET[:ro]]... [--root [--tmp DIR] [--shm BYTES] [--device PATH]...] | --enter SHIM]
//              [--harden] [--user UID:GID[:GROUP]...] [--cgroup DIR]... [--cgroup-set FILE=VALUE]... [--cgroup-oom FILE]
//              [--terminal] -- COMMAND [ARGUMENT...]
// The command gets the shim's own environment, standard streams and nothing else.
#define _GNU_SOURCE
#include "shim.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int resource;
} limit_names[] = {
    {"as", RLIMIT_AS},         {"core", RLIMIT_CORE},       {"cpu", RLIMIT_CPU},     {"fsize", RLIMIT_FSIZE},
    {"memlock", RLIMIT_MEMLOCK}, {"nofile", RLIMIT_NOFILE}, {"nproc", RLIMIT_NPROC}, {"stack", RLIMIT_STACK},
};

[[noreturn]] static void usage(const char *problem, const char *value) {
    fprintf(stderr, "martlet-shim: %s%s\n", problem, value ? value : "");
    exit(EXIT_USAGE);
}

static int number(const char *text, const char *problem) {
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end || value < 0 || value > 1 << 30) usage(problem, text);
    return (int)value;
}

static int descriptor(const char *text) {
    int value = number(text, "not a file descriptor: ");
    if (value < 3 || value > MAX_DESCRIPTOR) usage("not a file descriptor from 3 to 15: ", text);
    return value;
}

static void add_bind(struct options *options, char *text) {
    if (options->bind_count == MAX_BINDS) usage("too many --bind", NULL);
    struct bind *bind = &options->binds[options->bind_count++];
    size_t length = strlen(text);
    bind->read_only = length > 3 && strcmp(text + length - 3, ":ro") == 0;
    if (bind->read_only) text[length - 3] = 0;
    // The target is absolute and has no colon, so the last ":/" parts the two.
    char *colon = NULL;
    for (char *at = text; (at = strstr(at, ":/")); at++) colon = at;
    if (text[0] != '/' || !colon) usage("--bind wants /SOURCE:/TARGET[:ro], not ", text);
    *colon = 0;
    bind->source = text;
    bind->target = colon + 1;
}

static rlim_t amount(const char *text, char **end) {
    if (strncmp(text, "max", 3) != 0) return strtoull(text, end, 10);
    *end = (char *)text + 3;
    return RLIM_INFINITY;
}

static void add_limit(struct options *options, const char *text) {
    if (options->limit_count == MAX_LIMITS) usage("too many --limit", NULL);
    struct limit *limit = &options->limits[options->limit_count++];
    const char *equals = strchr(text, '=');
    limit->resource = -1;
    for (size_t i = 0; equals && i < sizeof limit_names / sizeof *limit_names; i++)
        if (strlen(limit_names[i].name) == (size_t)(equals - text) &&
            strncmp(limit_names[i].name, text, (size_t)(equals - text)) == 0)
            limit->resource = limit_names[i].resource;
    if (limit->resource < 0) usage("--limit wants NAME=SOFT[:HARD], not ", text);
    char *end;
    limit->value.rlim_cur = limit->value.rlim_max = amount(equals + 1, &end);
    if (*end == ':') limit->value.rlim_max = amount(end + 1, &end);
    if (*end || end == equals + 1) usage("--limit wants NAME=SOFT[:HARD], not ", text);
}

static void add(const char **list, size_t *count, size_t most, const char *text) {
    if (*count == most) usage("too many of a kind: ", text);
    list[(*count)++] = text;
}

static void set_user(struct options *options, char *text) {
    char *rest = NULL, *word = strtok_r(text, ":", &rest);
    unsigned ids[MAX_GROUPS + 2];
    size_t count = 0;
    for (; word && count < MAX_GROUPS + 2; word = strtok_r(NULL, ":", &rest)) {
        char *end;
        unsigned long id = strtoul(word, &end, 10);
        if (*end || end == word || id > 4294967293UL) usage("not a user or group: ", word);
        ids[count++] = (unsigned)id;
    }
    if (word || count < 2) usage("--user wants UID:GID[:GROUP]...", NULL);
    options->has_user = true;
    options->user = ids[0];
    options->group = ids[1];
    for (size_t i = 2; i < count; i++) options->groups[options->group_count++] = ids[i];
}

void parse_options(struct options *options, int argc, char **argv) {
    static const struct option known[] = {
        {"control", required_argument, NULL, 'C'},   {"keep", required_argument, NULL, 'k'},
        {"log", required_argument, NULL, 'g'},       {"output", required_argument, NULL, 'o'},
        {"error", required_argument, NULL, 'E'},     {"input", required_argument, NULL, 'i'},
        {"directory", required_argument, NULL, 'd'}, {"limit", required_argument, NULL, 'r'},
        {"bind", required_argument, NULL, 'b'},      {"confine", no_argument, NULL, 'c'},
        {"root", no_argument, NULL, 'R'},            {"harden", no_argument, NULL, 'h'},
        {"tmp", required_argument, NULL, 'T'},       {"shm", required_argument, NULL, 'm'},
        {"device", required_argument, NULL, 'D'},    {"user", required_argument, NULL, 'u'},
        {"cgroup", required_argument, NULL, 'G'},    {"cgroup-set", required_argument, NULL, 'S'},
        {"cgroup-oom", required_argument, NULL, 'O'},
        {"enter", required_argument, NULL, 'e'},     {"terminal", no_argument, NULL, 't'},
        {NULL, 0, NULL, 0},
    };
    *options = (struct options){.control = -1, .output = -1, .error = -1, .input = -1};
    for (int option; (option = getopt_long(argc, argv, "+", known, NULL)) != -1;) switch (option) {
        case 'C': options->control = descriptor(optarg); break;
        case 'k': options->keep = optarg; break;
        case 'g': options->log = optarg; break;
        case 'o': options->output = descriptor(optarg); break;
        case 'E': options->error = descriptor(optarg); break;
        case 'i': options->input = descriptor(optarg); break;
        case 'd': options->directory = optarg; break;
        case 'r': add_limit(options, optarg); break;
        case 'b': add_bind(options, optarg); break;
        case 'c': options->confine = true; break;
        case 'R': options->has_root = true; break;
        case 'h': options->harden = true; break;
        case 'T': options->temporary = optarg; break;
        case 'm': options->shared_memory = strtoull(optarg, NULL, 10); break;
        case 'D': add(options->devices, &options->device_count, MAX_DEVICES, optarg); break;
        case 'u': set_user(options, optarg); break;
        case 'G': add(options->cgroups, &options->cgroup_count, MAX_CGROUPS, optarg); break;
        case 'S': add(options->settings, &options->setting_count, MAX_SETTINGS, optarg); break;
        case 'O': options->cgroup_oom = optarg; break;
        case 'e': options->enter = number(optarg, "not a process: "); break;
        case 't': options->terminal = true; break;
        default: exit(EXIT_USAGE);
        }
    if (options->control < 0) usage("--control is needed", NULL);
    if (options->bind_count && !options->confine) usage("--bind needs --confine", NULL);
    if (options->enter && options->confine) usage("--enter and --confine are one too many", NULL);
    if (optind == argc) usage("no command", NULL);
    options->command = argv + optind;
}
