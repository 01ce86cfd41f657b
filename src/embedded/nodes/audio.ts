import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeError, type EmbeddedNode, type NodeContext } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { flac } from './flac.ts'
import { checkMemory } from './frames.ts'
import { fileFingerprint, inputFile, inputFiles } from './input-files.ts'
import { metadataOf } from './metadata.ts'
import { numberedName, outputPlace } from './output-place.ts'
import { tempPrefix } from './temp-prefix.ts'
import { linked, numberOf, textOf, type AudioValue } from './values.ts'
import { readWav } from './wav.ts'
import type { SavedFile } from './save-image.ts'

async function saveFlac(
  audio: AudioValue,
  prefix: string,
  type: 'output' | 'temp',
  context: NodeContext,
): Promise<SavedFile> {
  const size = { width: 0, height: 0 }
  const { folder, subfolder, name, counter } = await outputPlace(prefix, context.folders[type], size)
  const filename = numberedName(name, counter, '.flac')
  await writeFile(join(folder, filename), flac(audio, metadataOf(context, {})))
  return { filename, subfolder, type }
}

const validate: EmbeddedNode['validate'] = {
  checks: ['audio'],
  run: ({ audio }, folders) =>
    inputFile(textOf(audio), folders) === undefined ? `Invalid audio file: ${textOf(audio)}` : undefined,
}

/** Nodes for sound: silence and WAV files in, FLAC files out. */
export const audios: readonly TableEntry[] = [
  defineNode({
    name: 'EmptyAudio',
    title: 'Empty Audio',
    category: 'audio',
    module: 'comfy_extras.nodes_audio',
    v3: true,
    required: {
      duration: ['FLOAT', { default: 60, min: 0, max: 18446744073709551615n, step: 0.01 }],
      sample_rate: ['INT', { advanced: true, default: 44100, min: 1, max: 192000 }],
      channels: ['INT', { advanced: true, default: 2, min: 1, max: 2 }],
    },
    output: ['AUDIO'],
    run: (inputs) => {
      const [sampleRate, channels] = [numberOf(inputs.sample_rate), numberOf(inputs.channels)]
      const length = Math.round(numberOf(inputs.duration) * sampleRate)
      checkMemory(length, channels, 1)
      const samples = new Int16Array(length * channels)
      return { outputs: [{ kind: 'audio', sampleRate, channels, samples }] }
    },
  }),
  defineNode({
    name: 'LoadAudio',
    title: 'Load Audio',
    category: 'audio',
    module: 'comfy_extras.nodes_audio',
    v3: true,
    required: (folders) => ({
      audio: ['COMBO', { multiselect: false, options: inputFiles(folders, 'audio'), audio_upload: true }],
    }),
    output: ['AUDIO'],
    essentials: 'Audio',
    validate,
    fingerprint: ({ audio }, folders) => fileFingerprint(textOf(audio), folders),
    run: async ({ audio }, { folders }) => {
      const path = inputFile(textOf(audio), folders)
      const read = path === undefined ? undefined : readWav(await readFile(path))
      if (read) return { outputs: [read] }
      const message = `the embedded server cannot read ${textOf(audio)}: only WAV files with 16-bit samples`
      throw new NodeError('RuntimeError', message)
    },
  }),
  defineNode({
    name: 'SaveAudio',
    title: 'Save Audio (FLAC) (DEPRECATED)',
    category: 'audio',
    module: 'comfy_extras.nodes_audio',
    v3: true,
    required: {
      audio: ['AUDIO', {}],
      filename_prefix: ['STRING', { default: 'audio/ComfyUI', multiline: false }],
    },
    takesMetadata: true,
    output: ['AUDIO'],
    outputNames: ['audio'],
    outputNode: true,
    deprecated: true,
    essentials: 'Audio',
    run: async (inputs, context) => {
      const audio = linked('audio', inputs.audio)
      const saved = await saveFlac(audio, textOf(inputs.filename_prefix), 'output', context)
      return { outputs: [audio], ui: { audio: [saved] } }
    },
  }),
  defineNode({
    name: 'PreviewAudio',
    title: 'Preview Audio',
    category: 'audio',
    module: 'comfy_extras.nodes_audio',
    v3: true,
    required: { audio: ['AUDIO', {}] },
    takesMetadata: true,
    output: ['AUDIO'],
    outputNames: ['audio'],
    outputNode: true,
    run: async (inputs, context) => {
      const audio = linked('audio', inputs.audio)
      return { outputs: [audio], ui: { audio: [await saveFlac(audio, tempPrefix(), 'temp', context)] } }
    },
  }),
]
