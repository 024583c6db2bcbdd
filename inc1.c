#define N 1
#include "inc.h"
