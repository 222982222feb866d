/** How a push service reaches whoever runs this hub, when its messages trouble it (RFC 8292, 2.1): from the settings. */

export interface KnownContacts {
  securityContact: string | null
  operatorContact: string | null
  publicUrl: string | null
  alerts: { mail: { from: string } | null }
}

/** mailto: or https; '' where nobody said. Some push services refuse messages without one. */
export function contactFor({ securityContact, operatorContact, publicUrl, alerts }: KnownContacts): string {
  if (securityContact !== null) return securityContact
  const mail = addressIn(operatorContact) ?? addressIn(alerts.mail?.from)
  if (mail !== undefined) return `mailto:${mail}`
  return publicUrl?.startsWith('https:') ? publicUrl : ''
}

function addressIn(text: string | null | undefined): string | undefined {
  return /[^\s@<>,;:"()]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/.exec(text ?? '')?.[0]
}
