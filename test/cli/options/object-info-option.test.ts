import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { addObjectInfoOption, type ObjectInfoFlags } from '../../../src/cli/options/object-info-option.ts'

test('--object-info takes a file, and is left out by default', () => {
  const parse = (...argv: string[]): ObjectInfoFlags =>
    addObjectInfoOption(new Command('check')).parse(argv, { from: 'user' }).opts<ObjectInfoFlags>()
  assert.deepEqual(parse(), {})
  assert.deepEqual(parse('--object-info', 'a.json'), { objectInfo: 'a.json' })
})
