#include "DashboardAssets.h"

static const unsigned char style[] = {
#embed "style.css"
};

static const unsigned char script[] = {
#embed "app.js"
};

static const unsigned char playground[] = {
#embed "playground.js"
};

static const unsigned char icon[] = {
#embed "icon.svg"
};

static const unsigned char strings[] = {
#embed "strings.txt"
};

static const DashboardAsset assets[] = {
    {"style.css", "text/css; charset=utf-8", style, sizeof style},
    {"app.js", "text/javascript; charset=utf-8", script, sizeof script},
    {"playground.js", "text/javascript; charset=utf-8", playground, sizeof playground},
    {"icon.svg", "image/svg+xml", icon, sizeof icon},
    {"strings.txt", "text/plain; charset=utf-8", strings, sizeof strings},
};

size_t dashboard_assets_count(void) { return sizeof assets / sizeof assets[0]; }

DashboardAsset dashboard_asset(size_t index) { return assets[index]; }
