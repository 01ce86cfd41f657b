import { freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { isJsonArray, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { inputSpecs } from '../../protocol/object-info.ts'
import { version } from '../../version.ts'
import { empty, json, type Answer } from '../answer.ts'
import { comfyuiVersion, features } from '../features.ts'
import { nodeInfo } from '../node-info.ts'
import type { Writable } from '../python-json.ts'
import type { Route } from '../router.ts'
import type { ServerState } from '../state.ts'

/** Where the models of a folder are listed: a class and its input. */
const modelLists: Readonly<Record<string, readonly [classType: string, input: string]>> = {
  checkpoints: ['CheckpointLoaderSimple', 'ckpt_name'],
  loras: ['LoraLoader', 'lora_name'],
  vae: ['VAELoader', 'vae_name'],
  text_encoders: ['CLIPLoader', 'clip_name'],
  diffusion_models: ['UNETLoader', 'unet_name'],
  clip_vision: ['CLIPVisionLoader', 'clip_name'],
  style_models: ['StyleModelLoader', 'style_model_name'],
  controlnet: ['ControlNetLoader', 'control_net_name'],
  gligen: ['GLIGENLoader', 'gligen_name'],
  upscale_models: ['UpscaleModelLoader', 'model_name'],
  hypernetworks: ['HypernetworkLoader', 'hypernetwork_name'],
}
const foldersWithoutList = ['configs', 'embeddings', 'diffusers', 'vae_approx', 'photomaker']

const note =
  "This is comfy-run's own rehearsal server, not ComfyUI: it answers as ComfyUI " +
  `${comfyuiVersion} does, image nodes work, and model nodes only rehearse. No model is loaded or run.`

/** What the server is and has: `/object_info`, `/system_stats`, `/features`, `/models` and the like. */
export function infoRoutes(state: ServerState): Route[] {
  return [
    get('/object_info', () =>
      json(new Map([...state.nodes.keys()].map((name) => [name, infoOf(state, name)]))),
    ),
    get('/object_info/:class', ({ class: name = '' }) => {
      const info = infoOf(state, name)
      return json(info === undefined ? {} : { [name]: info })
    }),
    get('/system_stats', () => json(systemStats())),
    get('/features', () => json(features)),
    get('/embeddings', () => json([])),
    get('/models', () => json([...Object.keys(modelLists), ...foldersWithoutList])),
    get('/models/:folder', ({ folder = '' }) => {
      const names = modelsIn(state, folder)
      return names === undefined ? empty(404) : json(names)
    }),
    // ComfyUI looks for models where it saves them, too: that tells a client where its output folder is.
    get('/internal/folder_paths', () => json({ checkpoints: [join(state.folders.output, 'checkpoints')] })),
    get('/users', () => json({ storage: 'server', migrated: true })),
    get('/settings', () => json({})),
    get('/extensions', () => json([])),
    get('/api/assets', () => {
      const message = 'Assets system is disabled. Start the server with --enable-assets to use this feature.'
      return json({ error: { code: 'SERVICE_DISABLED', message, details: {} } }, 503)
    }),
    get('/', () => ({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `${note}\n`,
    })),
  ]
}

function get(path: string, handle: (parameters: Readonly<Record<string, string>>) => Answer): Route {
  return { method: 'GET', path, handle: ({ parameters }) => handle(parameters) }
}

function infoOf({ nodes, folders }: ServerState, name: string): Writable {
  const node = nodes.get(name)
  return node && (nodeInfo(node, folders) as unknown as JsonObject)
}

function modelsIn({ nodes, folders }: ServerState, folder: string): readonly JsonValue[] | undefined {
  const list = modelLists[folder]
  if (!list) return foldersWithoutList.includes(folder) ? [] : undefined
  const [classType, input] = list
  const node = nodes.get(classType)
  const spec = node && inputSpecs(nodeInfo(node, folders)).find(({ name }) => name === input)
  return isJsonArray(spec?.options) ? spec.options : []
}

/** As ComfyUI's, with one more key: a client tells by `comfy_run` that nothing here is real. */
function systemStats(): JsonObject {
  const memory = { ram_total: totalmem(), ram_free: freemem() }
  return {
    system: {
      os: process.platform,
      ...memory,
      comfyui_version: comfyuiVersion,
      comfy_run: { version, note },
      python_version: '',
      pytorch_version: '',
      embedded_python: false,
      argv: ['comfy-run', 'serve'],
    },
    devices: [
      {
        name: 'cpu',
        type: 'cpu',
        index: null,
        vram_total: memory.ram_total,
        vram_free: memory.ram_free,
        torch_vram_total: memory.ram_total,
        torch_vram_free: memory.ram_free,
      },
    ],
  }
}
