import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphSettings } from '../../src/cli/options/graph-options.ts'
import { port, positiveInteger, seconds } from '../../src/cli/options/numbers.ts'
import { serverAccesses, serverAddresses } from '../../src/cli/options/server-options.ts'

/** Address and value of each setting. */
function settings(options: Parameters<typeof graphSettings>[0]): (readonly [string, unknown])[] {
  return graphSettings(options).map(({ address, value }) => [address, value])
}

test('options become settings of roles, with the value as it was written', () => {
  assert.deepEqual(settings({ steps: '8', batchSize: '2', negative: '1984' }), [
    ['negative', '1984'],
    ['steps', '8'],
    ['batch', '2'],
  ])
})

test('LoRAs are one setting; frames and fps are roles', () => {
  assert.deepEqual(settings({ fps: '24', frames: '81', lora: ['a.safetensors:0.5', 'b.safetensors'] }), [
    ['frames', '81'],
    ['fps', '24'],
    ['lora', 'a.safetensors:0.5;b.safetensors'],
  ])
})

test('--size is width and height', () => {
  for (const size of ['1024x768', '1024X768', '1024 x 768', '1024×768']) {
    assert.deepEqual(settings({ size }), [
      ['width', '1024'],
      ['height', '768'],
    ])
  }
  assert.throws(() => settings({ size: '1024' }), { code: 'bad-option' })
})

test('--set splits at the first =, and its value may hold more', () => {
  assert.deepEqual(settings({ set: ['6.text=a=b', '@My node.text=', '57:8.seed=1'] }), [
    ['6.text', 'a=b'],
    ['@My node.text', ''],
    ['57:8.seed', '1'],
  ])
  assert.throws(() => settings({ set: ['6.text'] }), { code: 'bad-option' })
  assert.throws(() => settings({ set: ['=5'] }), { code: 'bad-option' })
})

test('a setting says which option it came from', () => {
  const [batch, set] = graphSettings({ batchSize: '2', set: ['6.text=fox'] })
  assert.equal(batch?.where?.label, '--batch-size')
  assert.equal(set?.where?.label, '--set 6.text')
})

test('times are in seconds, or with a unit', () => {
  assert.deepEqual(['90', '1.5s', '5m', '2h'].map(seconds), [90, 1.5, 300, 7200])
  for (const text of ['0', '-1', 'soon', '5 m', '']) assert.throws(() => seconds(text))
})

test('numbers out of range are refused', () => {
  assert.equal(positiveInteger('12'), 12)
  for (const text of ['0', '-1', '1.5', '1e3', '']) assert.throws(() => positiveInteger(text))
  assert.equal(port('0'), 0)
  for (const text of ['65536', '-1', 'http']) assert.throws(() => port(text))
})

test('headers are read, and a wrong one is not shown', async () => {
  const [access] = await serverAccesses({ server: ['x'], header: ['X-Key: a:b', 'X-Other:c'] })
  assert.deepEqual(access?.headers, { 'X-Key': 'a:b', 'X-Other': 'c' })
  await assert.rejects(
    serverAccesses({ server: ['x'], header: ['my secret'] }),
    (error: Error) => !error.message.includes('secret'),
  )
})

test('servers may be given one by one or together, each counts once', () => {
  assert.deepEqual(serverAddresses({ server: ['a, b', 'c', 'a'] }), ['a', 'b', 'c'])
  assert.deepEqual(serverAddresses({}), ['http://127.0.0.1:8188'])
})
