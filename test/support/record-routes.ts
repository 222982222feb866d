/** The part of the table of routes that is about damp records, letters and alerts: a person's own, and nobody else's. */
const person = { audience: 'person' } as const

const record = (end: string) => ({
  ...person,
  url: ({ siteId }: { siteId: string }) => `/api/v1/me/record${end}?room=${siteId}`,
  status: 404
})

const noAlerts = {
  mail: '',
  ntfyTopic: '',
  causes: [],
  quietFromMin: 0,
  quietUntilMin: 0,
  withReadings: false
}

export const recordRoutes = {
  'GET /api/v1/me/record/rooms': person,
  'GET /api/v1/me/record': record(''),
  'GET /api/v1/me/record.pdf': record('.pdf'),
  'GET /api/v1/me/record.zip': record('.zip'),
  'POST /api/v1/me/homes/:id/letters': {
    ...person,
    url: ({ homeId }: { homeId: string }) => `/api/v1/me/homes/${homeId}/letters`,
    body: { to: 'Riverside Homes' },
    status: 404
  },
  'GET /api/v1/me/alerts': person,
  'PUT /api/v1/me/alerts': { ...person, body: noAlerts },
  'POST /api/v1/me/alerts/browsers': {
    ...person,
    body: { endpoint: 'http://192.168.1.1/', keys: { p256dh: '', auth: '' } },
    status: 400
  },
  // One that is not there is no error.
  'DELETE /api/v1/me/alerts/browsers/:id': person,
  // Nobody here has an address.
  'POST /api/v1/me/alerts/test': { ...person, status: 409 },
  // Whoever has the link of a message; here nobody has.
  'POST /api/v1/alerts/stop/:token': { audience: 'everybody', status: 404 } as const
}
