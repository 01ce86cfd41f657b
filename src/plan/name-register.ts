import { ComfyRunError, type Where } from '../errors.ts'
import { sameFileKey } from './file-names.ts'
import { hash53 } from './hash53.ts'
import { numberedName } from './names.ts'
import { NumberTable } from './number-table.ts'

/**
 * Gives each job of a plan a name of its own. Of each name it keeps 53 bits of its hash and the line it came
 * from, so that a plan of a million rows fits in memory.
 */
export class NameRegister {
  /** Lines by name; 0 for jobs that come from no line. */
  readonly #lines = new NumberTable()
  /** The last number that was given out, by wanted name. */
  readonly #numbers = new NumberTable()

  /** A name that no job has yet: the wanted one, or the wanted one with the first free number from 2 on. */
  settle(wanted: string, where?: Where): string {
    const wantedHash = hashOf(wanted)
    let name = wanted
    let hash = wantedHash
    if (this.#lines.get(hash) !== undefined) {
      let number = this.#numbers.get(wantedHash) ?? 1
      while (this.#lines.get(hash) !== undefined) {
        name = numberedName(wanted, ++number)
        hash = hashOf(name)
      }
      this.#numbers.set(wantedHash, number)
    }
    this.#lines.set(hash, where?.line ?? 0)
    return name
  }

  /** Takes a name that the user chose. Throws ComfyRunError `name-clash`, without a place, if a job before has it. */
  claim(name: string, where?: Where): void {
    const hash = hashOf(name)
    const line = this.#lines.get(hash)
    if (line !== undefined) throw clash(name, line, where)
    this.#lines.set(hash, where?.line ?? 0)
  }
}

function clash(name: string, line: number, where: Where | undefined): ComfyRunError {
  const first =
    line === where?.line
      ? 'another copy of this row'
      : line === 0 || where === undefined
        ? 'another copy'
        : `that of ${where.file}:${line}`
  return new ComfyRunError('name-clash', `two jobs are called "${name}": this one and ${first}`, {
    hint: 'a name that holds {index}, {seed} or {copy} differs from job to job',
  })
}

function hashOf(name: string): number {
  return hash53(sameFileKey(name))
}
