// Stands in the bundle for node:assert, where libraries call it to say what holds: Node's own is loaded if it does not.
module.exports = (/** @type {unknown} */ value, /** @type {string | Error | undefined} */ message) => {
  if (value) return
  const assert = require('node:assert')
  assert.fail(message ?? 'what has to hold does not')
}
