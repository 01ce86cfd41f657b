import assert from 'node:assert/strict'
import { isJsonArray, isJsonObject, type JsonValue } from '../../../src/protocol/json.ts'
import { pathOf, type HttpEvent } from '../../rig/golden.ts'

/** Lists of many prompts also hold those of other recordings: only their own form is compared. */
export function compareByPath(event: HttpEvent, here: JsonValue, wanted: JsonValue): void {
  const path = pathOf(event.path)
  if (path === '/system_stats' || path === '/api/system_stats') {
    assert.deepEqual(keysOf(here, 'devices'), keysOf(wanted, 'devices'))
    const system = isJsonObject(here) && isJsonObject(here.system) ? here.system : {}
    assert.equal(system.comfyui_version, '0.33.0')
    for (const name of ['os', 'ram_total', 'ram_free', 'argv']) assert.ok(name in system, name)
    return
  }
  if (path === '/models') {
    assert.ok(isJsonArray(here) && isJsonArray(wanted))
    assert.deepEqual(
      here.filter((name) => !wanted.includes(name)),
      [],
    )
    return
  }
  if (path === '/models/loras') {
    assert.ok(isJsonArray(here))
    return
  }
  if (path === '/history' || path === '/api/jobs') {
    const [a, b] = [itemsOf(here), itemsOf(wanted)]
    assert.equal(a.length, b.length, 'how many')
    return
  }
  assert.deepEqual(here, wanted)
}

function itemsOf(list: JsonValue): readonly unknown[] {
  if (!isJsonObject(list)) return []
  return isJsonArray(list.jobs) ? list.jobs : Object.keys(list)
}

function keysOf(value: JsonValue, key: string): string[] {
  const list = isJsonObject(value) ? value[key] : undefined
  return isJsonArray(list) && isJsonObject(list[0]) ? Object.keys(list[0]) : []
}
