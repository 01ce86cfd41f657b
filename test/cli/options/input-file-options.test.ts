import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { Command } from 'commander'
import { addInputFileOptions, inputFileSettings } from '../../../src/cli/options/input-file-options.ts'

test('each file is a setting of its role, from the current folder', () => {
  const command = addInputFileOptions(new Command('run'))
  command.parse(['--image3', 'c.png', '--image2', 'b.png', '--mask', 'm.png', '--video', 'v.mp4'], {
    from: 'user',
  })
  assert.deepEqual(
    inputFileSettings(command.opts()).map(({ address, value }) => [address, value]),
    [
      ['image2', resolve('b.png')],
      ['image3', resolve('c.png')],
      ['mask', resolve('m.png')],
      ['video', resolve('v.mp4')],
    ],
  )
  assert.deepEqual(inputFileSettings({}), [])
})

test('the help names the second image only', () => {
  const help = addInputFileOptions(new Command('run')).helpInformation()
  assert.match(help, /--image2/)
  assert.doesNotMatch(help, /--image4/)
})
