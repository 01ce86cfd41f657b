import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesIn, textsIn } from '../../src/protocol/outputs.ts'

const file = (filename: string, more: Record<string, string> = {}): Record<string, string> => ({
  filename,
  subfolder: '',
  type: 'output',
  ...more,
})

test('files are known by their shape, under whatever key', () => {
  const outputs = {
    '9': { images: [file('a.png')], animated: [true] },
    '10': { gifs: [{ ...file('b.mp4'), format: 'video/h264-mp4', frame_rate: 8 }] },
    '11': { audio: [file('c.flac')], '3d': [file('d.glb')], custom: { nested: [file('e.bin')] } },
    '12': { result: ['path/f.glb', null], text: ['words'] },
  }
  assert.deepEqual(
    filesIn(outputs).map(({ node, filename }) => `${node}:${filename}`), // pitfalls 29 and 30
    ['9:a.png', '10:b.mp4', '11:c.flac', '11:d.glb', '11:e.bin'],
  )
})

test('the three values go back as they came; what is missing has the defaults of /view', () => {
  const outputs = {
    '1': { images: [file('x.png', { subfolder: 'a\\b', type: 'temp' }), { filename: 'y.png' }] },
  }
  assert.deepEqual(filesIn(outputs), [
    { node: '1', filename: 'x.png', subfolder: 'a\\b', type: 'temp' },
    { node: '1', filename: 'y.png', subfolder: '', type: 'output' },
  ])
})

test('one file that is listed twice is one file', () => {
  const outputs = {
    '1': { images: [file('a.png')], files: [file('a.png')] },
    '2': { images: [file('a.png')] },
  }
  assert.equal(filesIn(outputs).length, 1)
})

test('the same name in another folder or of another type is another file', () => {
  const outputs = {
    '1': { images: [file('a.png'), file('a.png', { subfolder: 's' }), file('a.png', { type: 'temp' })] },
  }
  assert.equal(filesIn(outputs).length, 3)
})

test('outputs that are null, empty or of odd types hold no files', () => {
  assert.deepEqual(
    filesIn({ '1': null, '2': [], '3': 'text', '4': { images: [null, { filename: '' }, { filename: 3 }] } }),
    [],
  )
})

test('texts, whole or split into characters', () => {
  const outputs = {
    '1': { text: ['one', 'two'] },
    '2': { text: ['h', 'é', '😀'] }, // pitfall 29
    '3': { text: 'plain' },
    '4': { text: ['x'] },
    '5': { text: null },
    '6': null,
  }
  assert.deepEqual(textsIn(outputs), [
    { node: '1', text: 'one' },
    { node: '1', text: 'two' },
    { node: '2', text: 'hé😀' },
    { node: '3', text: 'plain' },
    { node: '4', text: 'x' },
  ])
})
