/** English: signing in, invitations and one's own account. */
export const account = {
  signIn: {
    heading: 'Sign in',
    userName: 'User name',
    password: 'Password',
    button: 'Sign in',
    running: 'Signing in…',
    passkey: 'Sign in with a passkey',
    forgot:
      'Forgot your password? Ask the person who looks after this hub (its steward) for a new link. Nobody can read the old one.',
    noAccount: 'No account yet? The steward invites those who host a sensor. With a code on a card:',
    code: 'Code on your card',
    codeHint: 'Twelve letters and digits, for example K7Q2-M4XA-9TRE.',
    openCode: 'Open the invitation',
    out: 'Sign out',
    signedInAs: (userName: string) => `You are signed in as ${userName}.`
  },
  passkeys: {
    heading: 'Sign in without a password',
    intro:
      'With a passkey, this phone or computer signs you in by its own lock: a fingerprint, a face or a PIN. None of these leaves the device. Your password keeps working.',
    notHere:
      'Browsers make passkeys only for pages that come over https, at a name and not at a number. This page does not, so sign in with your password here. The steward can change that.',
    none: 'You have no passkey here yet.',
    name: 'A name for the new passkey',
    nameHint: 'So that you know later which device it is on.',
    make: 'Create a passkey on this device',
    running: 'Waiting for this device…',
    made: 'It is created. Next time, choose “Sign in with a passkey”.',
    facts: (created: string, used: string | null) =>
      used === null ? `Created on ${created}, not used yet.` : `Created on ${created}, last used ${used}.`,
    remove: 'Remove',
    removeWhat: (name: string) => `Remove the passkey: ${name}`,
    removed:
      'It is removed: nobody signs in with it any more. The device may still show it; delete it there too.',
    known: 'This device has a passkey for you here already.',
    cancelled:
      'Nothing happened: it was cancelled, took too long, or this device has no passkey for this page.'
  },
  ask: {
    heading: 'Ask to host a sensor',
    lead: 'A sensor on your street, or in your home, measured by you. Write to the people who look after this hub; they answer, and nobody else reads it. It is removed once answered, and after 90 days in any case.',
    name: 'Your name',
    contact: 'How to write to you',
    contactHint: 'An e-mail address or a telephone number.',
    street: 'Your street',
    message: 'Anything else (optional)',
    mayWrite: 'You may write to me about it.',
    send: 'Send',
    sent: 'Thank you: it has arrived. The stewards will write to you.'
  },
  invitation: {
    heading: (hub: string) => `Welcome to ${hub}`,
    host: 'You were invited to see your own sensors and your own home here. Nobody else sees what is measured in your home.',
    steward: 'You were invited to look after this hub: its streets, sensors and people.',
    researcher: 'You were invited to download research data of homes that agreed to it.',
    recover: 'Choose a new password. You are then signed out everywhere else, and your passkeys are removed.',
    name: 'Your name',
    nameHint: 'Only the steward sees it.',
    userName: 'User name',
    userNameHint: 'You sign in with it. Any name will do; nobody else sees it.',
    password: 'Password',
    passwordHint:
      'At least ten characters. Three or four words that do not belong together are easy to remember and hard to guess.',
    show: 'Show the password',
    join: 'Create my account',
    accept: 'Accept',
    newPassword: 'Use this password',
    signInFirst: 'You have an account here already. Sign in, and you come back to this invitation.',
    until: (when: string) => `The invitation works once, until ${when}.`,
    gone: 'This invitation cannot be used',
    goneNext:
      'It was used already, has run out, or was taken back. If you have an account, sign in. Otherwise ask the steward for a new one.'
  }
}
