#!/usr/bin/env node
import module from 'node:module'

// From Node 22.1 on: what was compiled once need not be compiled again. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
module.enableCompileCache?.()
await import('../dist/bin/main.js')
