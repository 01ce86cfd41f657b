import { ComfyRunError, type Where } from '../errors.ts'

/** For a file whose top is neither a list nor `{defaults, jobs}`. */
export function notJobs(where: Where): ComfyRunError {
  return new ComfyRunError(
    'bad-row',
    'jobs must be a list, or an object with "jobs" (a list) and "defaults"',
    {
      hint: 'for example: [{"prompt": "a lighthouse", "seed": 7}]',
      where,
    },
  )
}

/** For a key beside `defaults` and `jobs`. */
export function strayKey(key: string, where: Where): ComfyRunError {
  return new ComfyRunError('bad-row', `"${key}" can not stand beside "jobs"`, {
    hint: 'values for all jobs belong under "defaults"',
    where,
  })
}

/** For a job that is neither an object nor a prompt. */
export function notAJob(where: Where): ComfyRunError {
  return new ComfyRunError('bad-row', 'a job must be an object, or a text (its prompt)', { where })
}

/** For a key that an object has twice. */
export function repeatedKey(key: string, where: Where): ComfyRunError {
  return new ComfyRunError('bad-row', `the key "${key}" stands twice in one object`, { where })
}
