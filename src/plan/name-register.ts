import { ComfyRunError, type Where } from '../errors.ts'
import { sameFileKey } from './file-names.ts'
import { bits53, Hash128 } from './hash128.ts'
import { HashSet } from './hash-set.ts'
import { numberedName } from './names.ts'
import { NumberTable } from './number-table.ts'

/** What the walks over one plan know of its names. */
export interface NameKnowledge {
  /**
   * Whether no job wants a name that another one has: then names need not be compared, nor kept. The first walk that comes
   * to its end tells the others.
   */
  areDistinct: boolean
  /** False from the job on after which nobody asks for a name. */
  areWanted?: boolean
}

/** Gives each job of a plan a name of its own. Of each name it keeps a hash: a plan of a million rows fits in memory. */
export class NameRegister {
  readonly #taken: HashSet | undefined
  #isAnyTaken = false
  /** The last number that was given out, by wanted name. */
  readonly #numbers = new NumberTable()

  /** `areDistinct` says of the names to come that no two are equal: then each is taken as it is. Default false. */
  constructor({ areDistinct }: Pick<NameKnowledge, 'areDistinct'> = { areDistinct: false }) {
    this.#taken = areDistinct ? undefined : new HashSet()
  }

  /** Whether no name so far was taken already. */
  get areDistinct(): boolean {
    return !this.#isAnyTaken
  }

  /** A name that no job has yet: the wanted one, or the wanted one with the first free number from 2 on. */
  settle(wanted: string): string {
    if (!this.#taken) return wanted
    const hash = hashOf(wanted)
    if (this.#taken.add(hash)) return wanted
    this.#isAnyTaken = true
    const wantedBits = bits53(hash)
    let number = this.#numbers.get(wantedBits) ?? 1
    let name: string
    do name = numberedName(wanted, ++number)
    while (!this.#taken.add(hashOf(name)))
    this.#numbers.set(wantedBits, number)
    return name
  }

  /** Takes a name that the user chose. Throws `NameClash` if a job before has it. */
  claim(name: string): void {
    if (this.#taken?.add(hashOf(name)) === false) throw new NameClash(name)
  }
}

/** A ComfyRunError `name-clash`: two jobs of a plan have one name. */
export class NameClash extends ComfyRunError {
  readonly jobName: string

  /** `other` says which job has the name already, as in "that of shots.csv:5". */
  constructor(jobName: string, where?: Where, other = 'one before it') {
    super('name-clash', `two jobs are called "${jobName}": this one and ${other}`, {
      hint: 'a name that holds {index}, {seed} or {copy} differs from job to job',
      where,
    })
    this.jobName = jobName
  }

  override at(where: Where): NameClash {
    return this.where === undefined ? new NameClash(this.jobName, where) : this
  }
}

const scratch = new Hash128()

/** Good until the next one is made. */
function hashOf(name: string): Hash128 {
  return scratch.restart().add(sameFileKey(name)).finish()
}
