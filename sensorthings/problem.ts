/** A query that cannot be answered, in the standard's terms: an HTTP status, and a sentence that says what to do. */

/** OGC 18-088, section 8.3.1.2 (status codes); 501 for what the standard has and this service does not. */
export type StaStatus = 400 | 404 | 405 | 501 | 503

export class StaProblem extends Error {
  readonly code = 'sensorThings'
  readonly status: StaStatus
  constructor(status: StaStatus, message: string) {
    super(message)
    this.status = status
  }
}

export function bad(message: string): StaProblem {
  return new StaProblem(400, message)
}
