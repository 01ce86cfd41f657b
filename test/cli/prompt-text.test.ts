import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promptText } from '../../src/cli/prompt-text.ts'
import { folderOf } from '../rig/folder.ts'

test('a prompt is itself', async () => {
  assert.equal(await promptText('a fox, at dusk'), 'a fox, at dusk')
  assert.equal(await promptText('1984'), '1984')
})

test('@file reads a file, without its last newline and byte order mark', async (t) => {
  const file = join(folderOf(t), 'prompt.txt')
  await writeFile(file, '\uFEFFa fox\nat dusk\r\n')
  assert.equal(await promptText(`@${file}`), 'a fox\nat dusk')
})

test('@@ is a literal @', async () => {
  assert.equal(await promptText('@@home'), '@home')
})

test('a missing file and an empty prompt are errors', async () => {
  await assert.rejects(promptText('@no-such-file.txt'), { code: 'file-not-found' })
  await assert.rejects(promptText('  '), { code: 'bad-option' })
})
