/*
 * The size of a cache line.
 */
#pragma once

#define L1_CACHE_SHIFT	      6
#define L1_CACHE_BYTES	      (1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES	      L1_CACHE_BYTES
#define INTERNODE_CACHE_SHIFT L1_CACHE_SHIFT
#define INTERNODE_CACHE_BYTES (1 << INTERNODE_CACHE_SHIFT)
