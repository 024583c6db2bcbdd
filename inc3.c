#define N 3
#include "inc.h"
