import { ComfyRunError, messageOf } from '../errors.ts'

/** What can be done about a file system's refusal, by its code. */
const hints: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission to write there; choose another folder with --out',
  EPERM: 'you have no permission to write there; choose another folder with --out',
  EROFS: 'that disk can only be read; choose another folder with --out',
  ENOSPC: 'the disk is full; free some space, or choose a folder on another disk with --out',
  EDQUOT: 'your disk quota is used up; free some space, or choose another folder with --out',
  ENAMETOOLONG: 'the name is too long for that disk; make it shorter with --name',
  ENOTDIR: 'a part of that path is a file, not a folder; choose another folder with --out',
  EEXIST: 'a part of that path is a file, not a folder; choose another folder with --out',
  EMFILE: 'too many files are open; raise the limit with ulimit -n',
}

/** What was thrown while `path` was written: as `disk-failed` if the file system refused, else as it is. */
export function asDiskError(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || !('syscall' in thrown) || !('code' in thrown)) return thrown
  const hint = hints[String(thrown.code)]
  return new ComfyRunError('disk-failed', `can't write ${path}: ${reasonOf(thrown)}`, { hint, cause: thrown })
}

/** Node puts the call and the path behind the reason (`..., open '/x/.y.part'`): the path is an inner matter. */
function reasonOf(thrown: Error): string {
  return messageOf(thrown).replace(/, [a-z]+(?: '.*)?$/s, '')
}
