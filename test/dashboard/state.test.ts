/** State that pages share: only the newest answer is kept, a failure keeps what was there, a form is sent once. */
import { describe, expect, it } from 'vitest'
import { HubProblem } from '../../dashboard/src/fetch/http.ts'
import { Action } from '../../dashboard/src/state/action.svelte.ts'
import { Resource } from '../../dashboard/src/state/resource.svelte.ts'

describe('a resource', () => {
  it('keeps the answer of the newest request, in whatever order answers come', async () => {
    const answers: PromiseWithResolvers<string>[] = []
    const resource = new Resource(() => {
      const answer = Promise.withResolvers<string>()
      answers.push(answer)
      return answer.promise
    })
    const loads = [resource.load(), resource.load()]
    expect(resource.isLoading).toBe(true)
    answers[1]!.resolve('new')
    answers[0]!.resolve('old')
    await Promise.all(loads)
    expect([resource.value, resource.isLoading]).toEqual(['new', false])
  })

  it('keeps what it had when the hub fails, and says why; a mistake of ours is thrown', async () => {
    const answers = [
      () => Promise.resolve('value'),
      () => Promise.reject(new HubProblem('The hub did not answer.', { status: 0 })),
      () => Promise.reject(new TypeError('ours'))
    ]
    const resource = new Resource(() => answers.shift()!())
    await resource.load()
    await resource.load()
    expect([resource.value, resource.problem?.message]).toEqual(['value', 'The hub did not answer.'])
    await expect(resource.load()).rejects.toThrow('ours')
  })

  it('is not written once it was stopped', async () => {
    const answer = Promise.withResolvers<string>()
    const resource = new Resource(() => answer.promise)
    const load = resource.load()
    resource.stop()
    answer.resolve('late')
    await load
    expect(resource.value).toBeUndefined()
  })
})

describe('an action', () => {
  it('runs once however often it is asked to, and can be tried again after it failed', async () => {
    let calls = 0
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
    const action = new Action((text: string) => answers[calls++]!.promise.then((answer) => answer + text))
    const first = action.run('!')
    expect(await action.run('?')).toBe(false)
    answers[0]!.reject(new HubProblem('Not now.', { status: 503, code: 'storeUnavailable' }))
    expect(await first).toBe(false)
    expect([calls, action.problem?.code, action.isRunning]).toEqual([1, 'storeUnavailable', false])
    const second = action.run('!')
    expect(action.problem).toBeUndefined()
    answers[1]!.resolve('done')
    expect(await second).toBe(true)
    expect(action.done).toBe('done!')
  })
})
