import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawLandscape } from '../../../src/embedded/nodes/landscape.ts'

test('a landscape follows from its key alone, and looks the same at another size', () => {
  const [large, again, small, other] = [
    drawLandscape('a', 64, 64),
    drawLandscape('a', 64, 64),
    drawLandscape('a', 32, 32),
    drawLandscape('b', 64, 64),
  ]
  assert.ok(large.data.equals(again.data))
  assert.ok(!large.data.equals(other.data))
  const difference = (x: number, y: number): number =>
    Math.abs((large.data[(y * 2 * 64 + x * 2) * 3] ?? 0) - (small.data[(y * 32 + x) * 3] ?? 0))
  const places = Array.from({ length: 32 }, (_, at) => difference(at, (at * 7) % 32)).sort((a, b) => a - b)
  assert.ok((places[16] ?? 255) < 12)
})
