import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hideSecretArguments } from '../../src/cli/process-title.ts'

test('the title is changed only if there is a secret among the arguments', () => {
  const before = process.title
  const cases = [
    [['doctor', '--server', 'http://gpu-box:8188/a@b'], before],
    [['txt2img', 'tokens --token'], before],
    [['doctor', '--token=abcd'], 'comfy-run'],
    [['doctor', '--header', 'X-Key: abcd'], 'comfy-run'],
    [['doctor', '--server', 'http://user:abcd@gpu-box:8188'], 'comfy-run'],
  ] as const
  for (const [argv, title] of cases) {
    process.title = before
    hideSecretArguments(argv)
    assert.equal(process.title, title, argv.join(' '))
  }
})
