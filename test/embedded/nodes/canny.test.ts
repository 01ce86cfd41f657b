import assert from 'node:assert/strict'
import { test } from 'node:test'
import { edgesOf } from '../../../src/embedded/nodes/canny.ts'
import type { Frame } from '../../../src/embedded/nodes/values.ts'

const size = 24

/** A picture whose light a function gives, from 0 to 255. */
function picture(light: (x: number, y: number) => number): Frame {
  const data = Buffer.alloc(size * size * 3)
  for (let at = 0; at < size * size; at += 1)
    data.fill(light(at % size, Math.floor(at / size)), at * 3, at * 3 + 3)
  return { width: size, height: size, channels: 3, data }
}

function whiteIn({ data }: Frame): [x: number, y: number][] {
  const found: [number, number][] = []
  for (let at = 0; at < size * size; at += 1) {
    if (data[at * 3] === 255) found.push([at % size, Math.floor(at / size)])
  }
  return found
}

test('where dark meets light there is a thin line, and nowhere else', () => {
  const white = whiteIn(
    edgesOf(
      picture((x) => (x < 12 ? 0 : 255)),
      0.4,
      0.8,
    ),
  )
  assert.ok(white.length >= size - 4, String(white.length))
  for (const [x] of white) assert.ok(x === 11 || x === 12, String(x))
  const rows = new Set(white.map(([, y]) => y))
  assert.equal(rows.size, white.length, 'the line is one pixel wide')
})

test('a plain picture has no edges, and a faint step too little', () => {
  assert.deepEqual(
    whiteIn(
      edgesOf(
        picture(() => 128),
        0.4,
        0.8,
      ),
    ),
    [],
  )
  assert.deepEqual(
    whiteIn(
      edgesOf(
        picture((x) => (x < 12 ? 100 : 120)),
        0.4,
        0.8,
      ),
    ),
    [],
  )
})

test('a weak edge counts where it goes on from a strong one', () => {
  // The step is strong above and weak below.
  const step = picture((x, y) => (x < 12 ? 100 : y < 12 ? 255 : 160))
  const below = (frame: Frame): number => whiteIn(frame).filter(([x, y]) => y > 15 && x > 9 && x < 14).length
  assert.ok(below(edgesOf(step, 0.4, 1.5)) > 4)
  assert.equal(
    below(
      edgesOf(
        picture((x) => (x < 12 ? 100 : 160)),
        0.4,
        1.5,
      ),
    ),
    0,
  )
})
