import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { agree, leaveSwitchedOff } from '../../../src/workflow/roles/agreement.ts'
import { roleInputs } from '../../../src/workflow/roles/role-inputs.ts'
import type { Role } from '../../../src/workflow/roles/role-names.ts'
import { addresses, graph } from '../helpers.ts'

function sampler(text: string, latent: string, settings: JsonObject = {}): readonly [string, JsonObject] {
  const inputs = {
    seed: 1,
    steps: 20,
    cfg: 4,
    denoise: 1,
    positive: [text, 0],
    latent_image: [latent, 0],
    ...settings,
  }
  return ['KSampler', inputs]
}

/** Two samplers with texts of their own: the second goes on with the latent, with the image, or stands beside. */
function two(how: 'latent' | 'image' | 'beside', settings: JsonObject) {
  return graph({
    1: sampler('3', '5'),
    2: sampler('4', { latent: '1', image: '6', beside: '5' }[how], settings),
    3: ['CLIPTextEncode', { text: 'a fox' }],
    4: ['CLIPTextEncode', { text: 'a wolf' }],
    5: ['EmptyLatentImage', { width: 64, height: 64, batch_size: 1 }],
    6: ['VAEEncode', { pixels: ['7', 0] }],
    7: ['VAEDecode', { samples: ['1', 0] }],
    9: ['SaveImage', { images: ['1', 0], filename_prefix: 'a' }],
    10: ['SaveImage', { images: ['2', 0], filename_prefix: 'b' }],
  })
}

function agrees(role: Role, how: 'latent' | 'image' | 'beside', settings: JsonObject = {}): boolean {
  const workflow = two(how, settings)
  const inputs = roleInputs(workflow)
  return agree(workflow, role, inputs.roles.get(role) ?? [], inputs)
}

test('samplers beside each other are set alike, whatever they hold', () => {
  assert.ok(agrees('steps', 'beside', { steps: 4 }))
  assert.ok(agrees('prompt', 'beside'))
})

test('of samplers one after the other each may be meant, if they differ', () => {
  assert.ok(agrees('steps', 'latent'))
  assert.ok(!agrees('steps', 'latent', { steps: 4 }))
  assert.ok(!agrees('steps', 'image', { steps: 4 }))
})

test('what goes on with a latent has the same prompt in other words; what starts from the picture has one of its own', () => {
  assert.ok(agrees('prompt', 'latent'))
  assert.ok(!agrees('prompt', 'image'))
})

test('seeds may always differ', () => {
  assert.ok(agrees('seed', 'latent', { seed: 2 }))
})

test('a setting that is switched off in one sampler is left so, and it is said', () => {
  const parts = (settings: JsonObject, role: Role) => {
    const workflow = two('latent', settings)
    return leaveSwitchedOff(workflow, role, roleInputs(workflow).roles.get(role) ?? [])
  }
  const named = (settings: JsonObject, role: Role): string =>
    addresses(parts(settings, role).flatMap(({ found }) => found.inputs))
  assert.equal(named({ cfg: 1 }, 'cfg'), '1.cfg')
  assert.deepEqual(parts({ cfg: 1 }, 'cfg')[0]?.found.notes, ['2.cfg is left at 1, which switches it off'])
  assert.equal(named({ cfg: 3 }, 'cfg'), '1.cfg 2.cfg')
  assert.equal(named({ denoise: 0.5 }, 'denoise'), '2.denoise')
  assert.equal(named({}, 'denoise'), '1.denoise 2.denoise')
  assert.equal(named({ steps: 1 }, 'steps'), '1.steps 2.steps')
})
