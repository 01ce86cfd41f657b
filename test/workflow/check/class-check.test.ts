import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unknownClass } from '../../../src/workflow/check/class-check.ts'
import { packOf } from '../../../src/workflow/check/node-packs.ts'
import { objectInfo } from './helpers.ts'

test('packs are known by how they mark their classes, and core classes belong to none', () => {
  const known: readonly (readonly [string, string])[] = [
    ['Power Lora Loader (rgthree)', 'rgthree-comfy'],
    ['VHS_LoadVideo', 'ComfyUI-VideoHelperSuite'],
    ['FaceDetailer', 'ComfyUI-Impact-Pack'],
    ['IPAdapterAdvanced', 'ComfyUI_IPAdapter_plus'],
    ['UnetLoaderGGUF', 'ComfyUI-GGUF'],
    ['CannyEdgePreprocessor', 'comfyui_controlnet_aux'],
    ['ImageResizeKJv2', 'ComfyUI-KJNodes'],
    ['easy cleanGpuUsed', 'ComfyUI-Easy-Use'],
    ['ImageResize+', 'ComfyUI_essentials'],
    ['RIFE VFI', 'ComfyUI-Frame-Interpolation'],
  ]
  for (const [classType, pack] of known) assert.equal(packOf(classType), pack, classType)
  for (const classType of Object.keys(objectInfo())) assert.equal(packOf(classType), undefined, classType)
})

test('a pack that is there, but too old, is to be updated', () => {
  const info = objectInfo({
    VHS_LoadVideo: { input: {}, output: [], python_module: 'custom_nodes.comfyui-videohelpersuite' },
  })
  assert.match(unknownClass('VHS_SelectFilename', info).hint ?? '', /is installed there, but in a version/)
  assert.match(
    unknownClass('VHS_SelectFilename', objectInfo()).hint ?? '',
    /^install ComfyUI-VideoHelperSuite/,
  )
})

test('a class that nobody knows may come with any custom node', () => {
  const { code, hint = '' } = unknownClass('Quux', objectInfo())
  assert.equal(code, 'missing-node')
  assert.match(hint, /ComfyUI-Manager/)
})
