import { basename } from 'node:path/posix'
import { nearMatches } from '../../near-matches.ts'
import type { JsonValue } from '../../protocol/json.ts'
import { allowedText } from './allowed-text.ts'
import type { Complaint } from './finding.ts'
import type { InputForm } from './input-forms.ts'

/** How files end that ComfyUI and the usual custom nodes load models from. */
const modelFile = /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|pkl|gguf|onnx|engine|patch|task|h5|msgpack)$/i
/** How files end that lie in the input folder. */
const inputFile =
  /\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif|heic|exr|mp4|webm|mov|mkv|avi|m4v|wav|mp3|flac|ogg|opus|m4a|aac|latent|txt|pdf|json|csv|glb|gltf|obj|fbx|stl|usdz|ply|splat|spz|ksplat)$/i

/** What an input chooses among: models, files of the input folder, or plain values. */
export type ChoiceKind = 'model' | 'input-file' | 'value'

/** What a combo chooses among, told by its options and by the value where the list is empty. */
export function choiceKind({ choices = [], options }: InputForm, value: string): ChoiceKind {
  if (Object.keys(options).some((key) => /_upload$|^image_folder$/.test(key) && options[key]))
    return 'input-file'
  if (modelFile.test(value)) return 'model'
  if (choices.length === 0) return inputFile.test(value) ? 'input-file' : 'value'
  // Such a list may hold a word or two besides: None, pixel_space.
  return choices.some((choice) => typeof choice === 'string' && modelFile.test(choice)) ? 'model' : 'value'
}

/** Inputs that `--model` sets in most workflows. */
const modelInputs = /^(?:ckpt|unet|model)_name\d*$/

/** The complaint about a model that the server does not have. `download` says where to get it, if that is known. */
export function missingModel(
  { name: input, choices = [] }: InputForm,
  name: string,
  download: string | undefined,
): Complaint {
  const same = sameFile(name, choices)
  const near = same.length > 0 ? same : nearMatches(name, choices.map(String))
  const [first] = near
  const flag =
    modelInputs.test(input) && choices.length > 0 ? 'choose one that it has with --model' : undefined
  const where = download ?? (flag ? undefined : 'put the file into the folder that its kind belongs to')
  const hints = [first === undefined ? where : pathHint(name, first, near), flag]
  return {
    code: 'missing-model',
    text: `there is no model "${name}"; ${allowedText(choices)}`,
    hint: hints.filter(Boolean).join('; or ').replaceAll('?; or ', '? Or '),
  }
}

/** Files with the same name in another folder. */
function sameFile(name: string, choices: readonly JsonValue[]): string[] {
  const wanted = fileName(name)
  return choices.map(String).filter((choice) => fileName(choice) === wanted)
}

function fileName(path: string): string {
  return basename(path.replaceAll('\\', '/')).toLowerCase()
}

function pathHint(name: string, first: string, near: readonly string[]): string {
  const isOtherSeparator = first !== name && first.replaceAll('\\', '/') === name.replaceAll('\\', '/')
  if (isOtherSeparator) {
    const system = first.includes('\\')
      ? 'Windows, where folders end with \\'
      : 'a system where folders end with /'
    return `it has "${first}": the server runs on ${system}`
  }
  const quoted = near.slice(0, 3).map((choice) => `"${choice}"`)
  return `did you mean ${quoted.join(' or ')}?`
}

/** The complaint about an input file that the server does not have; undefined if that can't be told from its list. */
export function missingInputFile(
  name: string,
  choices: readonly JsonValue[],
  { isLive, address = 'ADDRESS' }: { readonly isLive: boolean; readonly address?: string },
): Complaint | undefined {
  // Only the files at the top are listed, and those of other folders, `x.png [output]`, never.
  if (/[\\/]/.test(name) || /\[(?:input|output|temp)\]$/.test(name)) return undefined
  // What lay there when the list was saved says little about a run; nothing at all, if nothing did.
  if (!isLive && choices.length === 0) return undefined
  const [near] = nearMatches(name, choices.map(String))
  const upload = `--set ${address}=@FILE uploads a file of yours`
  return {
    code: 'missing-input-file',
    text: `the server has no input file "${name}"`,
    hint: near === undefined ? upload : `did you mean "${near}"? ${upload}`,
  }
}
