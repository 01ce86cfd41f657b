import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const module = new URL('../../dist/cli/optimize-late.js', import.meta.url).href

/** How often a function is called until V8 optimises it, and what the process wrote to stderr. */
function callsUntilOptimized(start: string): { readonly calls: number; readonly stderr: string } {
  const script = `
    import { optimizeLate } from '${module}'
    ${start}
    const add = (text) => {
      let sum = 0
      for (let at = 0; at < 100; at += 1) sum += text.charCodeAt(at % text.length)
      return sum
    }
    const isOptimized = () => (%GetOptimizationStatus(add) & (1 << 4)) !== 0
    let calls = 0
    while (!isOptimized() && calls < 1e6) {
      add('comfy' + calls)
      calls += 1
    }
    console.log(calls)`
  const flags = ['--allow-natives-syntax', '--no-concurrent-recompilation', '--no-use-osr']
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  return { calls: Number(stdout), stderr }
}

const isNode20 = process.versions.node.startsWith('20.')

test('functions are optimised later, and this V8 knows the flag', { skip: !isNode20 }, () => {
  const usual = callsUntilOptimized('')
  const late = callsUntilOptimized('optimizeLate()')
  assert.equal(late.stderr, '')
  assert.ok(usual.calls > 0 && late.calls > usual.calls * 3, `${late.calls}, usually ${usual.calls}`)
})

test('another V8 is left as it is', () => {
  const { stderr } = callsUntilOptimized(
    "Object.defineProperty(process, 'versions', { value: { node: '99.0.0' } }); optimizeLate()",
  )
  assert.equal(stderr, '')
})
