// The preinstalled manifests, in the binary: HostImages and ClusterServingRuntimes as YAML, byte for byte as in
// Runtimes/.
#pragma once

#include <stddef.h>

typedef struct {
    // The file's name: "llamacpp-runtime.yaml".
    const char *_Nonnull name;
    const unsigned char *_Nonnull bytes;
    size_t length;
} RuntimeManifest;

// How many manifests there are.
size_t runtimes_count(void);

// The manifest at `index`, which must be below `runtimes_count()`. What it points to lives as long as the process.
RuntimeManifest runtimes_manifest(size_t index);
