#define N 2
#include "inc.h"
