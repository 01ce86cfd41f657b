import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { movePaths } from '../../../src/run/failed-rows/moved-paths.ts'
import { folderOf } from '../../rig/folder.ts'

test('nothing moves within a folder', () => {
  const move = movePaths('jobs', './jobs/../jobs')
  assert.equal(move('image', 'a.png'), undefined)
})

test('columns of files', () => {
  const move = movePaths('jobs', 'mended/today')
  assert.equal(move('image', 'in/a.png'), '../../jobs/in/a.png')
  assert.equal(move('image', '@a.png'), '@../../jobs/a.png')
  assert.equal(move('mask', '../m.png'), '../../m.png')
  assert.equal(move('image2', 'b.png'), '../../jobs/b.png')
  assert.equal(move('audio', 'b.mp3'), '../../jobs/b.mp3')
  assert.equal(move('workflow', 'flux.json'), '../../jobs/flux.json')
  assert.equal(move('image', '/in/a.png'), undefined)
  assert.equal(move('image', ''), undefined)
  assert.equal(move('prompt', 'a.png'), undefined)
  assert.equal(move('steps', 8), undefined)
})

test('in other columns, an @ and a file that is there', (t) => {
  const folder = folderOf(t)
  mkdirSync(join(folder, 'jobs'))
  writeFileSync(join(folder, 'jobs', 'depth.png'), '')
  const move = movePaths(join(folder, 'jobs'), folder)
  assert.equal(move('7.image', '@depth.png'), '@jobs/depth.png')
  assert.equal(move('7.image', '@gone.png'), undefined)
  assert.equal(move('7.image', '@@depth.png'), undefined)
  assert.equal(move('7.image', 'depth.png'), undefined)
  assert.equal(move('prompt', '@depth.png'), undefined)
})
