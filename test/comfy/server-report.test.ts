import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportOf } from '../../src/comfy/server-report.ts'

test('what ComfyUI 0.33 says', () => {
  const system = {
    os: 'linux',
    ram_total: 64e9,
    ram_free: 32e9,
    comfyui_version: '0.33.0',
    python_version: '3.12.3 (main, Feb  4 2025, 14:48:35) [GCC 13.3.0]',
    pytorch_version: '2.9.0+cu128',
  }
  const devices = [{ name: 'cuda:0 RTX 4090', type: 'cuda', index: 0, vram_total: 24e9, vram_free: 20e9 }]
  const report = reportOf({ system, devices }, undefined, { exec_info: { queue_remaining: 3 } })
  assert.equal(report.capabilities.version, '0.33.0')
  assert.equal(report.python, '3.12.3')
  assert.equal(report.pytorch, '2.9.0+cu128')
  assert.equal(report.queue, 3)
  assert.deepEqual(report.devices, [{ name: 'cuda:0 RTX 4090', vramTotal: 24e9, vramFree: 20e9 }])
})

test('what an old server or a fork leaves out is undefined', () => {
  const { os, queue, devices, capabilities } = reportOf(
    { devices: [{ type: 'mps' }, 7] },
    undefined,
    undefined,
  )
  assert.deepEqual([os, queue, capabilities.version], [undefined, undefined, undefined])
  assert.deepEqual(
    devices.map(({ name }) => name),
    ['mps'],
  )
})
