/**
 * comfy-run as a library: load a workflow, plan jobs, run them on a ComfyUI server, and get an event for
 * everything that happens.
 */
export { ComfyRunError, type ErrorCode, type Where } from './errors.ts'
export type * from './events.ts'
export { connectServer, type ComfyServer, type ServerOptions } from './comfy/server.ts'
export type { Outcome } from './comfy/outcome.ts'
export type { Job } from './plan/job.ts'
export { checkPlan, type PlanCheck } from './plan/check.ts'
export { planJobs, type PlanOptions } from './plan/jobs.ts'
export type { Cell, Row, Setting } from './plan/row.ts'
export { readRows } from './plan/rows.ts'
export type { RunOptions } from './run/options.ts'
export { runJobs } from './run/run.ts'
export { Stop } from './run/stop.ts'
export { resolveAddress } from './workflow/address.ts'
export { inspectWorkflow, type Inspection } from './workflow/inspect.ts'
export { loadWorkflow } from './workflow/load.ts'
export { parseWorkflow } from './workflow/parse.ts'
export { patchWorkflow, type Change, type Patch } from './workflow/patch.ts'
export { findRoles, type Role, type RoleFinding } from './workflow/roles.ts'
export { toGraph, type InputRef, type Workflow } from './workflow/workflow.ts'
export { startEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions } from './embedded/server.ts'
