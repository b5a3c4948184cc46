#include "Runtimes.h"
