#include "Runtimes.h"

static const unsigned char caikit_hostimage[] = {
#embed "caikit-hostimage.yaml"
};

static const unsigned char caikit_runtimes[] = {
#embed "caikit-runtimes.yaml"
};

static const unsigned char kserve_hostimage[] = {
#embed "kserve-hostimage.yaml"
};

static const unsigned char kserve_runtimes[] = {
#embed "kserve-runtimes.yaml"
};

static const unsigned char llamacpp_hostimage[] = {
#embed "llamacpp-hostimage.yaml"
};

static const unsigned char llamacpp_runtime[] = {
#embed "llamacpp-runtime.yaml"
};

static const unsigned char ovms_hostimage[] = {
#embed "ovms-hostimage.yaml"
};

static const unsigned char ovms_runtime[] = {
#embed "ovms-runtime.yaml"
};

static const unsigned char tgis_hostimage[] = {
#embed "tgis-hostimage.yaml"
};

static const unsigned char tgis_runtime[] = {
#embed "tgis-runtime.yaml"
};

static const unsigned char vllm_hostimage[] = {
#embed "vllm-hostimage.yaml"
};

static const unsigned char vllm_runtime[] = {
#embed "vllm-runtime.yaml"
};

static const RuntimeManifest manifests[] = {
    {"caikit-hostimage.yaml", caikit_hostimage, sizeof caikit_hostimage},
    {"caikit-runtimes.yaml", caikit_runtimes, sizeof caikit_runtimes},
    {"kserve-hostimage.yaml", kserve_hostimage, sizeof kserve_hostimage},
    {"kserve-runtimes.yaml", kserve_runtimes, sizeof kserve_runtimes},
    {"llamacpp-hostimage.yaml", llamacpp_hostimage, sizeof llamacpp_hostimage},
    {"llamacpp-runtime.yaml", llamacpp_runtime, sizeof llamacpp_runtime},
    {"ovms-hostimage.yaml", ovms_hostimage, sizeof ovms_hostimage},
    {"ovms-runtime.yaml", ovms_runtime, sizeof ovms_runtime},
    {"tgis-hostimage.yaml", tgis_hostimage, sizeof tgis_hostimage},
    {"tgis-runtime.yaml", tgis_runtime, sizeof tgis_runtime},
    {"vllm-hostimage.yaml", vllm_hostimage, sizeof vllm_hostimage},
    {"vllm-runtime.yaml", vllm_runtime, sizeof vllm_runtime},
};

size_t runtimes_count(void) { return sizeof manifests / sizeof manifests[0]; }

RuntimeManifest runtimes_manifest(size_t index) { return manifests[index]; }
