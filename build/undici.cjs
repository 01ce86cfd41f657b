// @ts-nocheck: undici declares no types for its parts.
// Stands for undici's index in the bundle, with what the program uses of it. The index itself loads all the rest as well:
// fetch, caches, mocks. That would take longer than all else that a short command loads. Whatever is missing here is missing
// when a test runs the program.
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js')
Dispatcher.prototype.request = require('undici/lib/api/api-request.js')

exports.Agent = require('undici/lib/dispatcher/agent.js')

/** As undici's own, for a URL that is parsed already. */
exports.request = ({ origin, pathname, search }, { dispatcher, ...options }) =>
  dispatcher.request({ method: 'GET', ...options, origin, path: `${pathname}${search}` })

// Loaded when they are used: few are behind a proxy, or upload files.
Object.defineProperties(exports, {
  ProxyAgent: { get: () => require('undici/lib/dispatcher/proxy-agent.js') },
  FormData: { get: () => require('undici/lib/web/fetch/formdata.js').FormData },
})
