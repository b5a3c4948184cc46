// What browsers get of the dashboard, in the binary: style, script, icon; and the table of what it says.
#pragma once

#include <stddef.h>

typedef struct {
    // The file's name: "style.css".
    const char *_Nonnull name;
    // Its media type.
    const char *_Nonnull type;
    const unsigned char *_Nonnull bytes;
    size_t length;
} DashboardAsset;

// How many files there are.
size_t dashboard_assets_count(void);

// The file at `index`, which must be below `dashboard_assets_count()`. What it points to lives as long as the process.
DashboardAsset dashboard_asset(size_t index);
