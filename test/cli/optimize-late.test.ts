import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const module = new URL('../../dist/cli/optimize-late.js', import.meta.url).href
const skip = !process.versions.node.startsWith('20.') && 'it is for Node 20 alone'

/** Whether V8 has optimized a function that is called very often: in the first turn of the event loop, and some turns later. */
function optimizedIn(start: string, ...flags: string[]): unknown {
  const script = `
    import { optimizeLate } from '${module}'
    // Bit 6 of V8's status: it is code of TurboFan, the compiler that takes its time.
    const isOptimized = () => (%GetOptimizationStatus(hot) & 64) !== 0
    function hot(number) { return (number * 31 + 7) % 1000003 }
    const heat = (rounds) => { let sum = 0; while (rounds-- > 0 && !isOptimized()) for (let i = 0; i < 2000; i++) sum += hot(i) }
    ${start}
    heat(1000)
    const atOnce = isOptimized()
    setTimeout(() => { heat(10000); console.log(JSON.stringify([atOnce, isOptimized()])) }, 5)`
  const args = [...flags, '--allow-natives-syntax', '--input-type=module', '-e', script]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

test('V8 optimizes nothing for a while, and then what is hot', { skip }, () => {
  assert.deepEqual(optimizedIn('optimizeLate(1)'), [false, true])
})

test('by itself it would optimize at once', { skip }, () => {
  assert.deepEqual(optimizedIn(''), [true, true])
})

test('a second call does not make the time longer', { skip }, () => {
  assert.deepEqual(optimizedIn('optimizeLate(1); optimizeLate(2 ** 30)'), [false, true])
})

test('whoever has forbidden it does not get it back', { skip }, () => {
  assert.deepEqual(optimizedIn('optimizeLate(1)', '--no-opt'), [false, false])
})

test('another Node than 20 is left as it is', { skip }, () => {
  const other = "Object.defineProperty(process, 'versions', { value: { node: '22.0.0' } }); optimizeLate(1)"
  assert.deepEqual(optimizedIn(other), [true, true])
})
