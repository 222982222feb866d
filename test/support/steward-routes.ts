/** The stewards' part of the table of routes: what a steward gets, and nobody else. */
const steward = { audience: 'steward' } as const
const where = { street: 'Ashley Road', placement: 'outdoor', name: 'By the stop' } as const

export const stewardRoutes = {
  'GET /api/v1/steward/overview': steward,
  'GET /api/v1/steward/hub': steward,
  'DELETE /api/v1/steward/upgrade': steward,
  'POST /api/v1/steward/doctor': steward,
  'POST /api/v1/steward/backups': { ...steward, status: 409 },
  'GET /api/v1/steward/boxes': steward,
  'POST /api/v1/steward/boxes': { ...steward, body: { ...where, dialect: 'airrohr' } },
  'POST /api/v1/steward/boxes/:id/rotate': { ...steward, body: { now: true }, status: 404 },
  'POST /api/v1/steward/boxes/:id/move': { ...steward, body: { street: 'High Street' }, status: 404 },
  'POST /api/v1/steward/boxes/:id/hand-over': { ...steward, body: { to: 'p-nobody' }, status: 404 },
  'DELETE /api/v1/steward/boxes/:id': { ...steward, status: 404 },
  'POST /api/v1/steward/things/:id/claim': { ...steward, body: where, status: 409 },
  'GET /api/v1/steward/people': steward,
  'POST /api/v1/steward/people': { ...steward, body: { name: 'Somebody' } },
  'PUT /api/v1/steward/people/:id/name': { ...steward, body: { name: 'Somebody' }, status: 404 },
  'POST /api/v1/steward/people/:id/invitations': {
    ...steward,
    body: { role: 'host', purpose: 'join' },
    status: 404
  },
  'PUT /api/v1/steward/people/:id/roles': {
    ...steward,
    body: { steward: true, researcher: false },
    status: 404
  },
  'DELETE /api/v1/steward/people/:id/account': { ...steward, status: 404 },
  'DELETE /api/v1/steward/invitations/:id': { ...steward, status: 404 },
  'POST /api/v1/steward/hand-over': {
    ...steward,
    body: { personId: 'p-nobody', confirm: 'HAND OVER' },
    status: 404
  },
  'GET /api/v1/steward/streets': steward,
  'POST /api/v1/steward/streets': { ...steward, body: { name: 'Ashley Road' }, status: 409 },
  'POST /api/v1/steward/streets/map': { ...steward, body: { geojson: 'no map' }, status: 409 },
  'PUT /api/v1/steward/streets/:id/name': { ...steward, body: { name: 'A', was: 'B' }, status: 404 },
  'PUT /api/v1/steward/streets/:id/line': {
    ...steward,
    body: {
      was: null,
      line: [
        [-2.59, 51.46],
        [-2.58, 51.46]
      ]
    },
    status: 404
  },
  'POST /api/v1/steward/streets/:id/merge': { ...steward, body: { into: 'high-street' }, status: 404 },
  'POST /api/v1/steward/streets/:id/split': {
    ...steward,
    body: { name: 'New Road', siteIds: ['s-none'] },
    status: 404
  },
  'GET /api/v1/steward/calibrations': steward,
  'GET /api/v1/steward/calibrations/choices': steward,
  'POST /api/v1/steward/calibrations': {
    ...steward,
    body: { referenceSiteId: 's-none', deviceIds: ['d-none'], quantity: 'pm2_5' },
    status: 404
  },
  'GET /api/v1/steward/calibrations/:id': { ...steward, status: 404 },
  'POST /api/v1/steward/calibrations/:id/finish': { ...steward, status: 404 },
  'POST /api/v1/steward/calibrations/:id/cancel': { ...steward, status: 404 },
  'POST /api/v1/steward/calibrations/:id/sign-off': {
    ...steward,
    body: { deviceIds: ['d-none'], expiresAt: '2027-01-01' },
    status: 404
  },
  'POST /api/v1/requests': {
    audience: 'everybody',
    body: { name: 'Eve', contact: 'eve@example.org', street: 'Ashley Road', mayWrite: false },
    status: 400
  },
  'GET /api/v1/steward/requests': steward,
  'DELETE /api/v1/steward/requests/:id': { ...steward, status: 404 },
  'GET /api/v1/steward/annotations': steward,
  'POST /api/v1/steward/annotations': {
    ...steward,
    body: { street: 'nowhere', from: '2026-11-20', text: 'Roadworks' },
    status: 404
  },
  'DELETE /api/v1/steward/annotations/:id': { ...steward, status: 404 },
  'GET /api/v1/steward/corrections': steward,
  'POST /api/v1/steward/corrections/:id/end': { ...steward, status: 404 }
} as const
