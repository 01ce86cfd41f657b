import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkFile } from '../../src/output/check-file.ts'
import { folderOf } from '../rig/folder.ts'

const cases: readonly (readonly [extension: string, content: string, message?: RegExp])[] = [
  ['txt', '<html>this is what I wanted</html>'],
  ['txt', '', /^a\.txt is empty$/],
  ['json', '{}'],
  ['json', '\n<!DOCTYPE html><title>Sign in</title>', /^a\.json is an HTML page, not a JSON file$/],
  ['png', '<html><body>502 Bad Gateway</body></html>', /^a\.png is an HTML page, not a PNG file$/],
  ['latent', 'anything'],
  ['flac', 'fLaC...'],
  ['flac', 'MThd', /^a\.flac is no FLAC file$/],
  ['mp4', '\0\0\0\x20ftypisom'],
  ['mp4', '{"error": "not found"}', /^a\.mp4 is no MP4 file$/],
  ['webm', '\x1A\x45\xDF\xA3'],
  ['mp3', 'ID3'],
  ['mp3', '\xFF\xFB'],
  ['wav', 'RIFF\n\n\n\nWAVEfmt'],
  ['wav', 'RIFFxxxxWEBP', /^a\.wav is no WAV file$/],
]

for (const [extension, content, message] of cases) {
  test(`${JSON.stringify(content)} as .${extension} is ${message ? 'damaged' : 'fine'}`, async (t) => {
    const path = join(folderOf(t), 'file')
    writeFileSync(path, content, 'latin1')
    const checking = checkFile(path, extension, `a.${extension}`)
    await (message ? assert.rejects(checking, { code: 'damaged-file', message }) : checking)
  })
}
