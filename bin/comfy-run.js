#!/usr/bin/env node
// From Node 22.1 on: what was compiled once need not be compiled again. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
// For Node 20 the program does it: src/cli/compile-cache.ts.
require('node:module').enableCompileCache?.()
require('../dist/bin/main.cjs')
