import type { Access } from '../../comfy/access.ts'
import { fetchNodeClass } from '../../comfy/node-classes.ts'
import { ComfyRunError } from '../../errors.ts'
import { stringifyJson } from '../../protocol/json.ts'
import { inputSpecs } from '../../protocol/object-info.ts'
import { cleanLine } from '../../reporters/clean-text.ts'
import { isRehearsal, type ServerOptions } from '../options/server-options.ts'
import { standardStream, writeJson } from '../standard-streams.ts'
import { withAccesses } from '../with-accesses.ts'

export interface DoctorFlags extends ServerOptions {
  readonly samplers?: boolean
  readonly schedulers?: boolean
  /** A folder of models, or true for all. */
  readonly models?: string | true
  readonly saveObjectInfo?: string
  readonly json?: boolean
}

/** `comfy-run doctor`: asks servers what they are, or what they have. Resolves to the exit code. */
export async function doctor(flags: DoctorFlags): Promise<number> {
  await withAccesses(flags, async (accesses) => {
    const { saveObjectInfo: file } = flags
    if (file !== undefined) await save(onlyOne(accesses, '--save-object-info'), file)
    if (flags.samplers) await list(onlyOne(accesses, '--samplers'), 'sampler_name')
    if (flags.schedulers) await list(onlyOne(accesses, '--schedulers'), 'scheduler')
    if (flags.models !== undefined) await listModels(onlyOne(accesses, '--models'), flags.models)
    const isAnswered = [file, flags.samplers, flags.schedulers, flags.models].some(
      (flag) => flag !== undefined,
    )
    if (!isAnswered) for (const access of accesses) await describe(access, flags)
  })
  return 0
}

function onlyOne(accesses: readonly Access[], option: string): Access {
  const [only, ...others] = accesses
  if (only && others.length === 0) return only
  throw new ComfyRunError('bad-option', `${option} asks one server, and here are ${accesses.length}`, {
    hint: 'name one with --server',
  })
}

async function describe(access: Access, flags: DoctorFlags): Promise<void> {
  const { fetchServerReport } = await import('../../comfy/server-report.ts')
  const { describeServer } = await import('../server-text.ts')
  const report = await fetchServerReport(access)
  const name = isRehearsal(flags) ? 'embedded' : access.address.name
  if (flags.json) writeJson(stringifyJson({ server: name, ...report }))
  else standardStream('stdout').write(`${describeServer(name, report)}\n`)
}

/** What the sampler node of the server lets one choose. */
async function list(access: Access, input: string): Promise<void> {
  const sampler = await fetchNodeClass(access, 'KSampler')
  const { options = [] } = (sampler && inputSpecs(sampler).find(({ name }) => name === input)) ?? {}
  writeLines(options.map(String))
}

/** A server's names, each on a line of its own. */
function writeLines(names: readonly string[], behind = ''): void {
  const stdout = standardStream('stdout')
  for (const name of names) stdout.write(`${cleanLine(name)}${behind}\n`)
}

/** With a folder the names alone, ready for `--model`; else each with its folder before it. */
async function listModels(access: Access, wanted: string | true): Promise<void> {
  const { fetchModelFolders, fetchModels } = await import('../../comfy/model-lists.ts')
  const folders = wanted === true ? await fetchModelFolders(access) : [wanted]
  for (const folder of folders) {
    const models = await fetchModels(access, folder)
    if (wanted !== true) writeLines(models)
    else for (const model of models) writeLines([folder], `\t${cleanLine(model)}`)
  }
}

async function save(access: Access, file: string): Promise<void> {
  const { saveObjectInfo } = await import('../save-object-info.ts')
  const { classes, bytes } = await saveObjectInfo(access, file)
  const megabytes = (bytes / 1e6).toFixed(1)
  process.stderr.write(
    `${classes} node classes of ${access.address.name} saved to ${file} (${megabytes} MB)\n`,
  )
}
