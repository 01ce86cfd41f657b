import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError, type ErrorCode } from '../../src/errors.ts'
import { ErrorList, mostErrors, placedIdentity } from '../../src/plan/error-list.ts'

const at = (line: number, code: ErrorCode = 'bad-value', message = 'wrong'): ComfyRunError =>
  new ComfyRunError(code, message, { where: { file: 'a.csv', line, column: 1 } })

test('an error in another place is another one, but for one in a name', () => {
  const errors = new ErrorList(placedIdentity)
  const first = at(2)
  const unknown = at(2, 'unknown-address')
  for (const error of [first, at(2), at(3), unknown, at(3, 'unknown-address')]) errors.add(error)
  assert.deepEqual(
    errors.list.map(({ code, where }) => `${code} ${where?.line}`),
    ['bad-value 2', 'bad-value 3', 'unknown-address 2'],
  )
  assert.equal(errors.list[0], first)
})

test('what tells errors apart is up to who makes the list', () => {
  const errors = new ErrorList(({ message }) => message)
  for (const error of [at(2), at(3), at(4, 'bad-value', 'other')]) errors.add(error)
  assert.deepEqual(
    errors.list.map(({ where }) => where?.line),
    [2, 4],
  )
})

test('a list that is full takes no more', () => {
  const errors = new ErrorList(placedIdentity)
  for (let line = 1; line < mostErrors; line += 1) errors.add(at(line))
  assert.equal(errors.isFull, false)
  for (const line of [mostErrors, mostErrors + 1]) errors.add(at(line))
  assert.deepEqual([errors.isFull, errors.list.length], [true, mostErrors])
})
